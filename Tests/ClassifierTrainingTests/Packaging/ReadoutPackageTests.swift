import ClassifierTraining
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing

/// Networks beyond the plain ones: trained, packed, read, made smaller.
@Suite struct ReadoutPackageTests {
  private let directory = TemporaryDirectory()

  private func trained(
    readouts: ReadoutRegistry = .standard, _ change: (inout TrainingConfiguration) -> Void
  ) throws -> (package: ModelPackage, run: TrainingRun, state: TrainingState) {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.hidden = 7
    configuration.model.embedding = 9
    configuration.training.epochs = 4
    configuration.training.learningRate = 0.02
    change(&configuration)
    let run = try TrainingRun(
      configuration, readouts: readouts, pool: WorkerPool(threads: 2), kernels: .best)
    var state = run.start
    _ = try run.train(&state)
    return (try #require(try run.makePackage(state, sources: [], created: nil)).package, run, state)
  }

  @Test func attentionGoesThroughPackagesOfEveryType() throws {
    let (package, run, state) = try trained { $0.model.readout = "attention" }
    #expect(package.manifest.engine.min == EngineVersion.oldestAttentionReader)
    let path = directory.path + "/model.rnnpkg"
    try package.write(toFile: path)
    let loaded = try ModelPackage(contentsOfFile: path)
    #expect(try Classifier(loaded).mismatches(of: loaded.goldenCases).isEmpty)
    for (spec, values) in try #require(state.best).parameters.namedValues(run.network) {
      #expect(loaded.tensors[spec.name]?.values == values, "\(spec.name)")
      #expect(spec.name != "readout.attention.query" || Set(values).count > 1)
    }

    for type in [TensorType.f16, .i8] {
      let smaller = try loaded.storing(as: type)
      #expect(smaller.manifest.engine.min == EngineVersion.oldestAttentionReader)
      #expect(smaller.tensors["readout.attention.weight_reverse"]?.dtype == type)
      #expect(smaller.tensors["readout.attention.query"]?.dtype == (type == .i8 ? .f32 : type))
      #expect(try Classifier(smaller).mismatches(of: smaller.goldenCases).isEmpty)
      try smaller.write(toFile: path)
      #expect(try ModelPackage(contentsOfFile: path).tensors == smaller.tensors)
    }
  }

  @Test(arguments: ["chopped", "windowed"])
  func runningsGoThroughPackagesOfEveryType(_ kind: String) throws {
    let package = try trained {
      $0.model.running = kind
      $0.model.runningLength = 3
    }.package
    #expect(package.manifest.model.encoder.running == .init(kind: kind, length: 3))
    #expect(package.manifest.engine.min == EngineVersion.oldestRunningReader)
    #expect(try #require(package.card).contains("\(kind) at 3 tokens"))
    let path = directory.path + "/model.rnnpkg"
    for type in TensorType.ofWeights {
      let stored = type == .f32 ? package : try package.storing(as: type)
      try stored.write(toFile: path)
      let classifier = try Classifier(contentsOfFile: path)
      #expect(classifier.network.running != .continuous)
      #expect(classifier.mismatches(of: stored.goldenCases).isEmpty)
      let texts = SmallReviews.table.split(separator: "\n").map(String.init)
      let together = try classifier.classify(texts, pool: WorkerPool(threads: 2))
      for (text, prediction) in zip(texts, together) {
        #expect(try classifier.classify(text) == prediction)
      }
    }
  }

  /// Something of each token would be kept: no memory is taken for more than the network's limit.
  @Test func aTextBeyondTheTokenLimitIsRefused() throws {
    let package = try trained {
      $0.model.hidden = 64
      $0.model.readout = "attention"
      $0.model.running = "chopped"
      $0.model.runningLength = 1
      $0.training.epochs = 1
    }.package
    let classifier = try Classifier(package)
    let limit = classifier.network.tokenLimit
    #expect((100_000..<1_000_000).contains(limit))
    let text = String(repeating: "a ", count: limit + 1)
    let error = ClassificationError.tooManyTokens(limit + 1, limit: limit)
    #expect(throws: error) { try classifier.classify(text) }
    let told = "has \(limit + 1) tokens, and the package's network takes \(limit) at most"
    #expect(error.description.contains(told))
    let pool = WorkerPool(threads: 2)
    #expect(throws: error) { try classifier.classify(["a", text, "a"], pool: pool) }
    let alone = try classifier.classify("a")
    #expect(
      classifier.results(for: ["a", text, "a"], pool: pool) == [
        .success(alone), .failure(error), .success(alone),
      ])
    // A golden case may be as long.
    let golden = GoldenCase(text: text, ids: [], logits: [0, 0])
    #expect(classifier.mismatches(of: [golden]) == [.unanswered(text: text, error)])
    let short = GoldenCase(text: "a", ids: classifier.encoder.encode("a").ids.map(Int.init), logits: [0])
    #expect(
      classifier.mismatches(of: [short]) == [.logitCount(text: "a", expected: 1, found: alone.logits.count)])
    #expect(throws: error) { try classifier.networkLogits(of: [Int32](repeating: 5, count: limit + 1)) }
    // What limits the tokens that are read makes it a text like others.
    let limited = classifier.limiting(maxTokens: 50)
    #expect(try limited.classify(text).scores == limited.classify(String(repeating: "a ", count: 200)).scores)
  }

  /// An engine of before would not see how the texts are run, and answer.
  @Test func aPackageThatUnderstatesItsEngineIsRefused() throws {
    let package = try trained {
      $0.model.running = "chopped"
      $0.model.runningLength = 3
    }.package
    var manifest = package.manifest
    manifest.engine.min = "1.1"
    let error = #expect(throws: ClassifierLoadError.self) {
      try Classifier(package.replacingManifest(manifest))
    }
    #expect(error == .engineUnderstated(stated: "1.1", needed: EngineVersion.oldestRunningReader))
    #expect(error?.needsAnotherEngine == false)
  }

  @Test func plainPackagesAskForTheEngineThatTheyAlwaysAskedFor() throws {
    for readout in ["last", "concat"] {
      let package = try trained { $0.model.readout = readout }.package
      #expect(package.manifest.engine.min == "1.0")
    }
  }

  @Test func attentionWithoutItsTensorsIsRefused() throws {
    let package = try trained { $0.model.readout = "attention" }.package
    var tensors = package.tensors
    tensors.tensors.removeAll { $0.name == "readout.attention.bias_reverse" }
    var manifest = package.manifest
    manifest.model.parameters = nil
    let broken = try ModelPackage(
      manifest: manifest, vocabulary: package.vocabulary, tensors: tensors)
    #expect(throws: ClassifierLoadError.missingParameter("readout.attention.bias_reverse")) {
      try Classifier(broken)
    }
  }

  @Test func aReadoutFromOutsideWithParametersIsTrainedPackedAndRead() throws {
    var readouts = ReadoutRegistry.standard
    try readouts.register(ScaledSumReadout.self)
    let (package, run, state) = try trained(readouts: readouts) {
      $0.model.readout = "scaled-sum"
      $0.model.direction = .forward
    }
    let scale = try #require(state.best).parameters.namedValues(run.network)
      .first { $0.spec.name == "readout.scale" }
    #expect(try #require(scale).values.allSatisfy { $0 != 0 })
    let classifier = try Classifier(package, readouts: readouts)
    #expect(classifier.mismatches(of: package.goldenCases).isEmpty)
    let known = ["attention", "concat", "last"]
    #expect(throws: ClassifierLoadError.unknownReadout("scaled-sum", known: known)) {
      try Classifier(package)
    }
  }
}
