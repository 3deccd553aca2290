import ClassifierTraining
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// A sound package and its files, for mutations to start from. Tiny, so that they reach every part of it.
struct SoundPackage {
  let manifest: Manifest
  let files: [(member: PackageMember, bytes: [UInt8])]

  /// One of each cell, one of integers, one of halves, and one with a partner. Made once: an execution only reads them.
  static let all: [SoundPackage] = {
    do {
      let plain = try CellRegistry.standard.kinds.map { try plainPackage($0) }
      let others = try [plain[0].storing(as: .i8), plain[0].storing(as: .f16), withPartner(plain[0])]
      return try (plain + others).map { SoundPackage(manifest: $0.manifest, files: try $0.files()) }
    } catch { fatalError("the sound packages cannot be made: \(error)") }
  }()

  private static func plainPackage(_ kind: CellKind) throws -> ModelPackage {
    let vocabulary = try Vocabulary(tokens: ["not", "bad", "at", "all", "warm", "dull"])
    let network = try NetworkDescription(
      embeddingSize: 3, cell: kind, cellConfiguration: ["hidden": 2], layers: 1, direction: .both,
      initialState: .zero, readout: "concat"
    ).makeNetwork(
      vocabularySize: vocabulary.count, labelCount: 2, cells: .standard, readouts: .standard)
    let parameters = NetworkParameters(initialising: network, random: RandomStream(seed: 1))
    let tensors = TensorFile(
      tensors: parameters.namedValues(network).map { spec, values in
        Tensor(name: spec.name, shape: spec.shape, values: values)
      })
    let manifest = Manifest(
      name: "sound", version: "1.0.0",
      task: Manifest.Task(type: .classification, multiLabel: false, labels: ["negative", "positive"]),
      engine: Manifest.Engine(min: "1.0"),
      tokenizer: Manifest.Tokenizer(
        type: "word", normalization: "NFC", letterCase: "lower", specials: .init(), size: vocabulary.count),
      model: Manifest.Model(
        embedding: Manifest.Embedding(dim: 3, trainable: true),
        encoder: try network.manifestEncoder(),
        readout: Manifest.Readout(type: "concat"),
        output: Manifest.Output(
          activation: "softmax", calibration: Manifest.Calibration(method: "temperature", t: 1.4))))
    return try ModelPackage(
      manifest: manifest, card: "# Sound\n", vocabulary: vocabulary.fileBytes,
      goldenCases: [GoldenCase(text: "not bad", ids: [4, 5, 3], logits: [0, 0])], tensors: tensors)
  }

  /// The same with a partner that knows the n-grams of the texts that packages are asked about.
  private static func withPartner(_ package: ModelPackage) throws -> ModelPackage {
    let hashes = WordTokenizer().tokenHashes(of: PackageFuzzing.texts.joined(separator: " "))
    var keys: [UInt64] = []
    for key in NgramKeys.keys(of: hashes, orders: 2) where !keys.contains(key) { keys.append(key) }
    let weights = keys.indices.map { Float($0 % 7) / 3 - 1 }
    let tensors = NgramPartner.tensors(keys: keys, weights: [weights], bias: [0.1])
    guard let features = tensors.first(where: { $0.name == NgramPartner.TensorName.fingerprints })?.shape[0]
    else { throw FuzzSetupError.noPartner }
    var manifest = package.manifest
    manifest.model.partner = Manifest.Partner(
      orders: 2, features: features,
      stack: .init(
        network: 0.5, partner: 0.7, bias: [0.1, -0.1], networkByLength: 0.1, partnerByLength: -0.1,
        partnerMinLength: 3))
    manifest.engine.min = EngineVersion.oldestPartnerLengthReader
    return try ModelPackage(
      manifest: manifest, card: package.card, vocabulary: package.vocabulary,
      goldenCases: package.goldenCases, tensors: TensorFile(tensors: package.tensors.tensors + tensors))
  }
}

enum FuzzSetupError: Error { case noPartner }
