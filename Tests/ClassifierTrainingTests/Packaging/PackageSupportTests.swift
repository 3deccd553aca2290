import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing
import TextEncoding

/// Sound packages that say something which the engine would leave out of its answers, or which is not so.
@Suite struct PackageSupportTests {
  private let package: ModelPackage

  init() throws {
    let directory = TemporaryDirectory()
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.cell = "lstm"
    configuration.model.hidden = 5
    configuration.model.embedding = 6
    configuration.training.epochs = 1
    let run = try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best)
    var state = run.start
    _ = try run.train(&state)
    package = try #require(try run.makePackage(state, sources: [], created: nil)).package
    _ = try Classifier(package)
  }

  private func refusal(_ change: (inout Manifest) -> Void) throws -> ClassifierLoadError? {
    var manifest = package.manifest
    change(&manifest)
    let changed = try package.replacingManifest(manifest)
    return #expect(throws: ClassifierLoadError.self) { try Classifier(changed) }
  }

  @Test func tasksThatAreNotBuiltAreRefused() throws {
    #expect(
      try refusal { $0.task.type = .ordinal }
        == .unsupported(field: "task.type", value: "ordinal", known: ["classification"]))
    #expect(
      try refusal { $0.task.multiLabel = true }
        == .unsupported(field: "task.multiLabel", value: "true", known: ["false"]))
    #expect(try refusal { $0.task.multiLabel = true }?.needsAnotherEngine == true)
  }

  @Test func calibrationsThatAreNotBuiltAreRefused() throws {
    #expect(
      try refusal { $0.model.output.calibration = Manifest.Calibration(method: "vector") }
        == .unsupported(field: "model.output.calibration.method", value: "vector", known: ["temperature"]))
    #expect(
      try refusal { $0.model.output.calibration = Manifest.Calibration(method: "temperature", bias: [0, 1]) }
        == .unsupported(field: "model.output.calibration.bias", value: "numbers", known: ["none"]))
    #expect(
      try refusal { $0.model.output.thresholds = [0.5, 0.5] }
        == .unsupported(field: "model.output.thresholds", value: "numbers", known: ["none"]))
  }

  @Test func networksThatAreNotBuiltAreRefused() throws {
    func unsupported(_ field: String, _ value: String, _ known: String...) -> ClassifierLoadError {
      .unsupported(field: field, value: value, known: known)
    }
    #expect(
      try refusal { $0.model.encoder.merge = .sum } == unsupported("model.encoder.merge", "sum", "concat"))
    #expect(
      try refusal { $0.model.encoder.cellClip = 2 } == unsupported("model.encoder.cellClip", "2.0", "null"))
    #expect(
      try refusal { $0.model.readout.hidden = [4] } == unsupported("model.readout.hidden", "[4]", "[]"))
    #expect(
      try refusal { $0.model.output.activation = "sigmoid" }
        == unsupported("model.output.activation", "sigmoid", "softmax"))
    #expect(
      try refusal { $0.model.encoder.cell.version = 2 } == .cellVersion("lstm", version: 2, newest: 1))
    guard case .unknownCell("none", _)? = try refusal({ $0.model.encoder.cell.id = "none" }),
      case .unknownReadout("none", _)? = try refusal({ $0.model.readout.type = "none" })
    else {
      Issue.record("a part that nobody registered was not refused by its name")
      return
    }
  }

  @Test func tokenizersThatAreNotBuiltAreRefused() throws {
    #expect(
      try refusal { $0.tokenizer.type = "bytes" } == .unknownTokenizer("bytes", known: ["word"]))
    #expect(try refusal { $0.tokenizer.version = 2 } == .tokenizerVersion(2, newest: 1))
    #expect(
      try refusal { $0.tokenizer.normalization = "NFD" }
        == .unsupported(field: "tokenizer.normalization", value: "NFD", known: ["NFC", "none"]))
    #expect(
      try refusal { $0.tokenizer.letterCase = "upper" }
        == .unsupported(field: "tokenizer.case", value: "upper", known: ["lower", "keep"]))
  }

  /// Weights that are not those of the network, and a vocabulary that is none.
  @Test func partsThatDoNotFitAreRefused() throws {
    func refusal(
      vocabulary: [UInt8]? = nil, _ change: (inout TensorFile) -> Void
    ) throws -> ClassifierLoadError? {
      var tensors = package.tensors
      change(&tensors)
      var manifest = package.manifest
      manifest.model.parameters = nil
      let changed = try ModelPackage(
        manifest: manifest, vocabulary: vocabulary ?? package.vocabulary, tensors: tensors)
      return #expect(throws: ClassifierLoadError.self) { try Classifier(changed) }
    }
    let first = try #require(package.tensors.tensors.first)
    #expect(try refusal { $0.tensors.removeFirst() } == .missingParameter(first.name))
    #expect(
      try refusal { $0.tensors.append(Tensor(name: "extra", shape: [1], values: [0])) }
        == .unexpectedParameter("extra"))
    let flat = Tensor(name: first.name, shape: [first.count], values: first.values)
    #expect(
      try refusal { $0.tensors[0] = flat }
        == .shapeMismatch(parameter: first.name, expected: first.shape, found: [first.count]))
    let lines = String(decoding: package.vocabulary, as: UTF8.self).split(separator: "\n")
    let repeated = (lines.dropLast() + [lines[4]]).map { $0 + "\n" }.joined()
    #expect(
      try refusal(vocabulary: Array(repeated.utf8)) { _ in }
        == .vocabulary(.duplicateEntry(line: lines.count, firstLine: 5)))
  }

  @Test func descriptionsThatAreNotSoAreRefused() throws {
    #expect(
      try refusal { $0.model.encoder.cell.gates = ["input", "candidate", "forget", "output"] }
        == .disagreement(
          field: "model.encoder.cell.gates", stated: "input, candidate, forget, output",
          found: "input, forget, candidate, output"))
    #expect(
      try refusal { $0.model.encoder.cell.biases = "one" }
        == .disagreement(field: "model.encoder.cell.biases", stated: "one", found: "split"))
    let error = try refusal { $0.tokenizer.specials = .init(pad: 1, unknown: 0) }
    #expect(error == .disagreement(field: "tokenizer.specials", stated: "1, 0, 2, 3", found: "0, 1, 2, 3"))
    #expect(error?.needsAnotherEngine == false)
  }

  @Test func tablesOfATokenizerThatHasNoneAreRefused() throws {
    let changed = try ModelPackage(
      manifest: package.manifest, vocabulary: package.vocabulary, tokenizerTable: Array("{}".utf8),
      tensors: package.tensors)
    #expect(
      throws: ClassifierLoadError.unsupported(
        field: "files", value: "tokenizer.json", known: ["no tables for its tokenizers"])
    ) { try Classifier(changed) }
  }

  @Test func quantizedPackagesMustSayWhatTheyNeed() throws {
    let stored = try package.storing(as: .i8)
    var manifest = stored.manifest
    manifest.engine.min = "1.0"
    #expect(throws: ClassifierLoadError.engineUnderstated(stated: "1.0", needed: "1.1")) {
      try Classifier(stored.replacingManifest(manifest))
    }
  }
}
