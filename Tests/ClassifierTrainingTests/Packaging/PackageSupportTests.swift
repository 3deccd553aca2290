import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import Testing

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
