import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// One member of a sound package replaced by any bytes, its digest and size put right: what digests would refuse at the door
/// reaches the checks behind them.
enum MemberFuzzing {
  /// The first byte chooses the package and the member, the rest is its content.
  static func member(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let members: [PackageMember] = [
      .manifest, .vocabulary, .checks, .weights, .card, .suites, .tokenizer, .signature,
    ]
    member(members[Int(first) % members.count], Array(bytes.dropFirst()), base: Int(first) / members.count)
  }

  static func member(_ member: PackageMember, _ content: [UInt8], base: Int = 0) {
    let package = bases[base % bases.count]
    guard let files = try? package.files() else { fatalError("the base package has no files") }
    var contents = files.filter { $0.member != member }
    contents.append((member, content))
    contents.sort { $0.member < $1.member }
    if member != .manifest {
      guard let sealed = sealed(package.manifest, contents) else { return }
      contents[0].bytes = sealed
    }
    guard let archive = try? ModelPackage.archiveBytes(of: contents) else { return }
    guard let read = try? ModelPackage(bytes: archive) else { return }
    PackageFuzzing.use(read)
  }

  /// The manifest with the digests of these files.
  private static func sealed(
    _ manifest: Manifest, _ contents: [(member: PackageMember, bytes: [UInt8])]
  ) -> [UInt8]? {
    var manifest = manifest
    manifest.files = NamedValues()
    for (member, bytes) in contents where member.isListed {
      manifest.files[member.rawValue] = Manifest.FileRecord(of: bytes)
    }
    return try? manifest.canonicalBytes()
  }

  /// A package of each cell; small, so that mutations reach every part.
  private static let bases: [ModelPackage] = CellRegistry.standard.kinds.map { kind in
    do {
      return try base(kind)
    } catch { fatalError("the base package cannot be made: \(error)") }
  }

  private static func base(_ kind: CellKind) throws -> ModelPackage {
    let words = ["not", "bad", "at", "all", "warm", "dull"]
    let vocabulary = try Vocabulary(tokens: words)
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
    guard let cell = try network.manifestCell() else { throw FuzzSetupError.noCell }
    let manifest = Manifest(
      name: "base", version: "1.0.0",
      task: Manifest.Task(type: .classification, multiLabel: false, labels: ["negative", "positive"]),
      engine: Manifest.Engine(min: "1.0"),
      tokenizer: Manifest.Tokenizer(
        type: "word", normalization: "NFC", letterCase: "lower", specials: .init(), size: vocabulary.count),
      model: Manifest.Model(
        embedding: Manifest.Embedding(dim: 3, trainable: true),
        encoder: Manifest.Encoder(cell: cell, layers: 1, direction: .both, merge: .concat),
        readout: Manifest.Readout(type: "concat"),
        output: Manifest.Output(
          activation: "softmax", calibration: Manifest.Calibration(method: "temperature", t: 1.4))))
    return try ModelPackage(
      manifest: manifest, card: "# Base\n", vocabulary: vocabulary.fileBytes,
      goldenCases: [GoldenCase(text: "not bad", ids: [4, 5, 3], logits: [0, 0])], tensors: tensors)
  }
}

enum FuzzSetupError: Error { case noCell }
