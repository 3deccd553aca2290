import ClassifierTraining
import Cryptography
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// A package made of another system's state dict and a description of what the weights mean.
///
/// Tensors become F32, whatever the source has. The special tokens go where packages have them, with their rows. Golden
/// cases are the source's answers where a reference has them and they are near enough for `Classifier.mismatches(of:)`, otherwise
/// the converted network's own.
public struct PackageImport: Sendable {
  /// The package, neither written nor signed.
  public let package: ModelPackage
  /// `absentSpecials`, then `recordsWithoutText` and `ownGoldenCases` or, without a reference, `unproven`, as they apply.
  public let remarks: [ConversionRemark]
  /// How far the package is from the reference, where there is one. Whether that is near enough is for the caller to say.
  public let comparison: ReferenceComparison?

  /// - Parameters:
  ///   - weights: the bytes of the state dict, safetensors.
  ///   - vocabulary: the bytes of the vocabulary, a token a line.
  ///   - reference: answers of the source.
  ///   - created: an RFC 3339 date for the manifest, or nil.
  /// - Throws: `ImportError`, `ReferenceError`, and `PackageError` where a limit of packages is exceeded.
  public init(
    _ description: ImportDescription, weights: [UInt8], vocabulary bytes: [UInt8],
    reference: [ReferenceRecord]? = nil, created: String? = nil, cells: CellRegistry = .standard,
    readouts: ReadoutRegistry = .standard, kernels: KernelSet = .best
  ) throws {
    try description.checkLayout()
    try description.checkLicense()
    let vocabulary = try ImportedVocabulary(
      bytes, file: description.vocabulary, specials: description.specials)
    let network = try description.makeNetwork(
      vocabularySize: vocabulary.vocabulary.count, cells: cells, readouts: readouts)
    let stateDict = try StateDictWeights(weights, network, vocabulary, description)
    let tensors = stateDict.tensors
    let manifest = try description.manifest(
      network, weights: weights, temperature: stateDict.temperature, created: created)
    func package(_ cases: [GoldenCase]) throws -> ModelPackage {
      do throws(PackageError) {
        return try ModelPackage(
          manifest: manifest, card: ModelCard(manifest).text, vocabulary: vocabulary.vocabulary.fileBytes,
          goldenCases: cases, tensors: TensorFile(tensors: tensors))
      } catch .manifest(let error) {
        throw ImportError.manifest(error)
      }
    }
    let classifier = try Classifier(package([]), cells: cells, readouts: readouts, kernels: kernels)
    var remarks: [ConversionRemark] = []
    let absent = vocabulary.absentSpecials
    if !absent.isEmpty { remarks.append(.absentSpecials(absent)) }
    let replay = try reference.map { try ReferenceReplay($0, classifier, vocabulary) }
    comparison = replay?.comparison
    if let replay {
      let (records, cases) = (replay.comparison.records, replay.cases.count)
      if cases < records { remarks.append(.recordsWithoutText(records - cases, of: records)) }
    } else {
      remarks.append(.unproven)
    }
    var (cases, beyond) = (replay?.cases ?? [], 0)
    // A source that rounds otherwise is near enough for its caller, but not for those who verify the package.
    for (index, golden) in cases.enumerated() where !classifier.mismatches(of: [golden]).isEmpty {
      cases[index] = try classifier.goldenCases(for: [golden.text])[0]
      beyond += 1
    }
    if beyond > 0 { remarks.append(.ownGoldenCases(beyond, of: cases.count)) }
    if cases.isEmpty {
      cases = try classifier.goldenCases(for: TrainingConfiguration().package.checks)
    }
    self.package = try package(cases)
    self.remarks = remarks
  }
}

/// A source's answers beside those of the converted network.
private struct ReferenceReplay {
  private(set) var comparison = ReferenceComparison()
  /// The source's answers to texts that give the same ids here.
  private(set) var cases: [GoldenCase] = []

  init(
    _ records: [ReferenceRecord], _ classifier: Classifier, _ vocabulary: ImportedVocabulary
  ) throws(ReferenceError) {
    for record in records {
      guard record.logits.count == classifier.labels.count else {
        throw .logitCount(
          line: record.line, expected: classifier.labels.count, found: record.logits.count)
      }
      let encoded = record.text.map { classifier.encoder.encode($0).ids }
      var given: [Int32]?
      if let tokens = record.tokens {
        var ids: [Int32] = []
        for token in tokens {
          guard let id = vocabulary.target(token) else {
            throw .token(line: record.line, found: token, tokens: vocabulary.sourceCount)
          }
          ids.append(id)
        }
        given = ids
      }
      if let given, let encoded, given != encoded {
        comparison.tokenDifferences.append(
          .init(line: record.line, expected: given.map(Int.init), found: encoded.map(Int.init)))
      }
      guard let ids = given ?? encoded else { continue }
      do {
        comparison.add(try classifier.networkLogits(of: ids), record)
      } catch {
        throw .unanswered(line: record.line, error)
      }
      if let text = record.text ?? Self.text(of: ids, classifier.encoder) {
        cases.append(GoldenCase(text: text, ids: ids.map(Int.init), logits: record.logits))
      }
    }
  }

  /// The tokens joined by spaces, where that is cut into the same ids again.
  private static func text(of ids: [Int32], _ encoder: TextEncoder) -> String? {
    let text = ids.compactMap { encoder.vocabulary.token($0) }.joined(separator: " ")
    return encoder.encode(text).ids == ids ? text : nil
  }
}

extension ImportDescription {
  fileprivate func manifest(
    _ network: RecurrentNetwork, weights: [UInt8], temperature: Double?, created: String?
  ) throws -> Manifest {
    let calibration = temperature.map { Manifest.Calibration(method: "temperature", t: $0) }
    let file = weightsName
    return Manifest(
      name: package?.name ?? "imported", version: package?.version ?? "1.0.0", summary: package?.summary,
      task: .init(type: .classification, multiLabel: false, labels: labels), languages: package?.languages,
      tags: package?.tags, license: package?.license,
      engine: .init(min: network.oldestEngine, builtWith: EngineVersion.current),
      tokenizer: .init(
        type: "word", version: WordTokenizer.newestVersion,
        normalization: (tokenizer.normalization ?? .nfc).rawValue,
        letterCase: tokenizer.letterCase.rawValue, specials: .init(), size: network.vocabularySize,
        maxTokens: tokenizer.maxTokens, truncate: (tokenizer.truncate ?? .tail).rawValue),
      model: .init(
        embedding: .init(dim: network.embeddingSize),
        encoder: try network.manifestEncoder(),
        readout: .init(type: model.readout),
        output: .init(activation: "softmax", calibration: calibration),
        parameters: network.parameterSpecs.reduce(0) { $0 + $1.count }),
      provenance: .init(
        created: created,
        convertedFrom: [
          "format": "safetensors", "layout": .string(layout ?? ""), "weights": .string(file),
          "sha256": .string(SHA256.hexadecimal(of: weights)),
        ]))
  }

  /// Without the folders of one machine.
  private var weightsName: String {
    weights.split(separator: "/").last.map(String.init) ?? weights
  }
}
