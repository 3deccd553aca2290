import ModelPackage
import RecurrentCells
import RecurrentNumerics
import TextEncoding

extension Classifier {
  /// Loads a package.
  ///
  /// The file is read once and checked against its digests; nothing in it is run and nothing is written. Golden cases,
  /// suites and card are not parsed: `ModelPackage` does that.
  /// - Parameters:
  ///   - cells: the cells that the package may name; register your own first.
  ///   - readouts: likewise.
  ///   - keys: whom you trust: a package that none of them signed is refused. `nil` for anybody, signed or not.
  /// - Throws: `PackageError` for a file that is no sound package, `ClassifierLoadError` for one that this program
  ///   cannot use, `KernelSelectionError` for a bad `RECURRENT_KERNELS`.
  public init(
    contentsOfFile path: String, cells: CellRegistry = .standard, readouts: ReadoutRegistry = .standard,
    signedBy keys: [VerifyingKey]? = nil
  ) throws {
    try self.init(
      ModelPackage(answeringFrom: path, signedBy: keys), cells: cells, readouts: readouts,
      kernels: .selected())
  }

  /// Builds the classifier of a package in memory.
  /// - Parameter kernels: the best of this machine, unless given; `KernelSet.selected()` is what `RECURRENT_KERNELS` says.
  public init(
    _ package: ModelPackage, cells: CellRegistry = .standard, readouts: ReadoutRegistry = .standard,
    kernels: KernelSet = .best
  ) throws(ClassifierLoadError) {
    let manifest = package.manifest
    try manifest.checkSupport()
    let encoder = try TextEncoder(manifest.tokenizer, vocabulary: package.vocabulary)
    let description = try NetworkDescription(manifest.model)
    let network = try description.makeNetwork(
      vocabularySize: encoder.vocabulary.count, labelCount: manifest.task.labels.count, cells: cells,
      readouts: readouts)
    try manifest.checkCell(of: network)
    try manifest.checkEngine(of: network)
    let weights = try PackageWeights(network, package)
    let partner = try BoundPartner(manifest, package.tensors)
    let isQuantized = manifest.model.quantization != nil
    if isQuantized { try weights.checkWidths(network) }
    self.init(
      labels: manifest.task.labels, manifest: manifest, encoder: encoder,
      temperature: manifest.model.output.calibration?.t ?? 1,
      bound: BoundNetwork(
        network, weights.parameters, embedding: weights.embedding,
        kernels: isQuantized ? kernels.multiplying(in: .int8) : kernels), partner: partner)
  }
}

extension BoundPartner {
  /// The partner of a package, where it has one.
  init?(_ manifest: Manifest, _ tensors: TensorFile) throws(ClassifierLoadError) {
    guard let description = manifest.model.partner else { return nil }
    do {
      model = try NgramPartner(description, labelCount: manifest.task.labels.count, tensors: tensors)
    } catch {
      throw .partner(error)
    }
    stack = LogitStack(description.stack)
  }
}

extension TextEncoder {
  /// The encoder that a manifest describes.
  init(_ manifest: Manifest.Tokenizer, vocabulary bytes: [UInt8]) throws(ClassifierLoadError) {
    guard manifest.type == "word" else { throw .unknownTokenizer(manifest.type, known: ["word"]) }
    guard manifest.version <= WordTokenizer.newestVersion else {
      throw .tokenizerVersion(manifest.version, newest: WordTokenizer.newestVersion)
    }
    var configuration = WordTokenizerConfiguration(version: manifest.version)
    if let value = manifest.normalization {
      configuration.normalization = try choice(value, field: "tokenizer.normalization")
    }
    if let value = manifest.letterCase {
      configuration.letterCase = try choice(value, field: "tokenizer.case")
    }
    var truncation = Truncation.tail
    if let value = manifest.truncate { truncation = try choice(value, field: "tokenizer.truncate") }
    let vocabulary: Vocabulary
    do {
      vocabulary = try Vocabulary(parsing: bytes)
    } catch {
      throw .vocabulary(error)
    }
    guard vocabulary.count == manifest.size else {
      throw .vocabularySize(manifest: manifest.size, file: vocabulary.count)
    }
    self.init(
      tokenizer: WordTokenizer(configuration: configuration), vocabulary: vocabulary,
      maxTokens: manifest.maxTokens,
      truncation: truncation)
  }
}

private func choice<Choice: RawRepresentable & CaseIterable>(
  _ value: String, field: String
) throws(ClassifierLoadError) -> Choice where Choice.RawValue == String {
  guard let choice = Choice(rawValue: value) else {
    throw .unsupported(field: field, value: value, known: Choice.allCases.map(\.rawValue))
  }
  return choice
}
