import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing
import TextEncoding

/// Packages of mean weights.
@Suite struct AveragingTests {
  private let directory = TemporaryDirectory()
  private let pool = WorkerPool(threads: 2)
  private let texts = ["", "so warm and funny", "dull, dull", "a splendid unheard word"]

  private func trained(
    _ table: String = SmallReviews.table, from start: ModelPackage? = nil,
    _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> ModelPackage {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", table)]
    configuration.model.hidden = 5
    configuration.model.embedding = 6
    configuration.training.epochs = 2
    configuration.training.learningRate = 0.02
    configuration.package.checks = ["", "warm and dull"]
    if let start {
      let path = directory.path + "/start.rnnpkg"
      try start.write(toFile: path)
      configuration.model.initFrom = path
    }
    change(&configuration)
    let run = try TrainingRun(configuration, pool: pool, kernels: .best)
    var state = run.start
    _ = try run.train(&state)
    return try #require(try run.makePackage(state, sources: [], created: nil)).package
  }

  private func average(_ parts: ModelPackage.Part...) throws -> ModelPackage {
    try ModelPackage.average(of: parts, pool: pool).package
  }

  /// A table with a word that the other has not, often enough to be in the vocabulary.
  private var otherTable: String {
    SmallReviews.table + String(repeating: "positive\tA splendid one.\nnegative\tA dismal one.\n", count: 4)
  }

  /// Rounded weights are what is packed, and what golden cases and figures are of.
  @Test func aMeanOfHalvesIsMeasuredAsItIsPacked() throws {
    let package = try trained { $0.package.dtype = .f16 }
    let other = try trained(from: package) { $0.package.dtype = .f16 }
    let mean = try ModelPackage(bytes: try average(.init(package), .init(other)).archiveBytes())
    #expect(mean.manifest.model.dtype == .f16 && !mean.goldenCases.isEmpty)
    let classifier = try Classifier(mean)
    for golden in mean.goldenCases {
      #expect(try classifier.classify(golden.text).logits == golden.logits)
    }
  }

  /// A mean needs no newer engine than its own network, and has no results of suites.
  @Test func whatOnlyThePartsNeededIsGone() throws {
    let plain = try trained()
    var manifest = plain.manifest
    manifest.model.output.conformal = .init(alpha: 0.1, quantile: 0.8)
    manifest.behaviour = [
      .init(name: "negation", cases: 2, failures: 1, sha256: String(repeating: "0", count: 64))
    ]
    manifest.engine.min = EngineVersion.oldestBehaviourReader
    let package = try ModelPackage(
      manifest: manifest, vocabulary: plain.vocabulary, goldenCases: plain.goldenCases,
      suites: Array("{}".utf8), tensors: plain.tensors)
    let mean = try average(.init(package), .init(package))
    #expect(mean.manifest.engine.min == EngineVersion.oldestReader)
    #expect(mean.manifest.behaviour == nil && mean.manifest.model.output.conformal == nil)
    #expect(mean.suites == nil)
    let integers = try package.storing(as: .i8)
    let floats = try average(.init(integers), .init(integers))
    #expect(floats.manifest.model.dtype == .f32 && floats.manifest.engine.min == EngineVersion.oldestReader)
  }

  /// What training dropped and what somebody remarked changes no weight's meaning.
  @Test func informationKeepsNoTwoPackagesApart() throws {
    let package = try trained()
    let dropped = try trained(from: package) { $0.training.dropout.readout = 0.3 }
    var manifest = dropped.manifest
    #expect(manifest.model.readout.dropout != package.manifest.model.readout.dropout)
    if case .object(var config) = manifest.model.encoder.cell.config {
      config["x-note"] = "mine"
      manifest.model.encoder.cell.config = .object(config)
    }
    #expect(try !average(.init(package), .init(dropped.replacing(manifest))).goldenCases.isEmpty)
  }

  @Test(arguments: ["last", "concat", "attention"], ["lstm", "gru", "rnn"])
  func theMeanOfAPackageAndItselfIsThePackage(readout: String, cell: String) throws {
    let package = try trained {
      $0.model.readout = readout
      $0.model.cell = cell
    }
    let mean = try average(.init(package), .init(package, share: 2))
    #expect(mean.tensors == package.tensors && mean.vocabulary == package.vocabulary)
    #expect(mean.goldenCases == package.goldenCases)
    let (one, other) = (try Classifier(mean), try Classifier(package))
    for text in texts { #expect(try one.classify(text).logits == other.classify(text).logits) }
  }

  @Test func everyNumberIsTheWeightedMeanAndWordsKeepTheirNames() throws {
    let start = try trained()
    let tuned = try trained(otherTable, from: start)
    let mean = try average(.init(tuned, share: 3), .init(start, share: 1))
    #expect(mean.vocabulary == tuned.vocabulary && tuned.vocabulary != start.vocabulary)
    for tensor in mean.tensors.tensors where tensor.name != "embedding.weight" {
      let (one, other) = (try #require(tuned.tensors[tensor.name]), try #require(start.tensors[tensor.name]))
      for (value, (a, b)) in zip(tensor.values, zip(one.values, other.values)) {
        #expect((value - (0.75 * a + 0.25 * b)).magnitude < 1e-6, "\(tensor.name)")
      }
    }
    let words = try Vocabulary(parsing: tuned.vocabulary)
    let startWords = try Vocabulary(parsing: start.vocabulary)
    func row(_ package: ModelPackage, _ id: Int32) throws -> ArraySlice<Float> {
      try #require(package.tensors["embedding.weight"]).values[Int(id) * 6..<Int(id) * 6 + 6]
    }
    var shared = 0
    for id in 4..<Int32(words.count) {
      let word = try #require(words.token(id))
      let found = try row(mean, id)
      let own = try row(tuned, id)
      guard let other = startWords.id(of: word) else {
        #expect(found == own, "\(word)")
        continue
      }
      shared += 1
      for (value, (a, b)) in zip(found, zip(own, try row(start, other))) {
        #expect((value - (0.75 * a + 0.25 * b)).magnitude < 1e-6, "\(word)")
      }
    }
    #expect(shared == startWords.count - 4 && startWords.id(of: "splendid") == nil)
  }

  @Test func theManifestNamesThePartsAndLeavesTheirFiguresOut() throws {
    let start = try trained()
    let tuned = try trained(otherTable, from: start)
    let mean = try average(.init(tuned), .init(start, share: 3))
    #expect(tuned.manifest.evaluation?.isEmpty == false && mean.manifest.evaluation == nil)
    let parts = try #require(mean.manifest.provenance?.baseModel?["average"]?.arrayValue)
    #expect(parts.map { $0["id"] } == [.string(tuned.id), .string(start.id)])
    #expect(parts.map { $0["share"]?.doubleValue } == [0.25, 0.75])
    let temperatures = [tuned, start].compactMap { $0.manifest.model.output.calibration?.t }
    let expected = [0.25, 0.75].enumerated().reduce(1) { $0 * power(temperatures[$1.offset], $1.element) }
    let found = try #require(mean.manifest.model.output.calibration?.t)
    #expect((found - expected).magnitude < 1e-9)
    let card = try #require(mean.card)
    #expect(card.contains("## Mean weights\n") && card.contains(start.id) && card.contains("share 0.75"))
    // Rounding says what the mean was made of, too.
    let small = try #require(try mean.storing(as: .i8).card)
    #expect(small.contains(mean.id) && small.contains(start.id) && small.contains(tuned.id))
    // The same bytes again.
    #expect(try average(.init(tuned), .init(start, share: 3)).archiveBytes() == mean.archiveBytes())
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    exponent == 0.25 ? base.squareRoot().squareRoot() : base / base.squareRoot().squareRoot()
  }

  @Test func devTextsCalibrate() throws {
    let start = try trained()
    let tuned = try trained(otherTable, from: start)
    let dev = try LabelledTexts(
      file: directory.file("dev.tsv", SmallReviews.table), textField: "text", labelField: "label",
      labels: start.manifest.task.labels)
    let (mean, report) = try ModelPackage.average(
      of: [.init(tuned), .init(start)], dev: (dev, .init(name: "dev (dev.tsv)")), pool: pool)
    let measured = try PackageTest(Classifier(mean), dev, pool: pool).report
    #expect(try #require(report).accuracy == measured.accuracy)
    #expect((try #require(report).logLoss - measured.logLoss).magnitude < 1e-6)
    #expect(mean.manifest.evaluation?.first?.data.name == "dev (dev.tsv)")
    let raw = try average(.init(tuned), .init(start))
    #expect(raw.tensors == mean.tensors)
    #expect(raw.manifest.model.output.calibration != mean.manifest.model.output.calibration)
  }

  /// Integers and partners are no obstacle: what is averaged is the networks.
  @Test func integersBecomeFloatsAndPartnersStayBehind() throws {
    let start = try trained { $0.partner.enabled = true }
    #expect(start.manifest.model.partner != nil)
    let small = try start.storing(as: .i8)
    let mean = try average(.init(small), .init(start))
    #expect(mean.manifest.model.partner == nil && mean.manifest.model.quantization == nil)
    #expect(mean.tensors.tensors.allSatisfy { $0.dtype == .f32 && !$0.name.hasPrefix("partner.") })
    #expect(try Classifier(mean).mismatches(of: mean.goldenCases).isEmpty)
  }

  /// Beside a partner it was fitted to both together, and says nothing of the network.
  @Test func theTemperatureOfAPackageWithAPartnerCountsAsOne() throws {
    let (bare, stacked) = (try trained(), try trained { $0.partner.enabled = true })
    let temperature = try #require(bare.manifest.model.output.calibration?.t)
    #expect(temperature != 1 && stacked.manifest.model.output.calibration?.t != 1)
    func averaged(_ parts: ModelPackage.Part...) throws -> Double {
      let mean = try ModelPackage.average(of: parts, pool: pool).package
      return try #require(mean.manifest.model.output.calibration?.t)
    }
    #expect(try (averaged(.init(stacked), .init(stacked)) - 1).magnitude < 1e-9)
    let found = try averaged(.init(bare, share: 3), .init(stacked))
    #expect((found - power(temperature, 0.75)).magnitude < 1e-9)
  }

  /// A manifest may leave out what the format has a value for.
  @Test func whatAManifestLeavesOutIsWhatTheFormatSays() throws {
    let package = try trained()
    var manifest = package.manifest
    #expect(manifest.tokenizer.letterCase == "lower" && manifest.tokenizer.normalization == "NFC")
    manifest.tokenizer.letterCase = nil
    manifest.tokenizer.normalization = nil
    manifest.model.encoder.merge = nil
    #expect(try average(.init(package), .init(package.replacing(manifest))).tensors == package.tensors)
  }

  @Test func whatHasNoMeanIsRefused() throws {
    let package = try trained()
    #expect(throws: AveragingError.tooFew(1)) { try average(.init(package)) }
    for share in [0, -1, Double.nan, .infinity, 1e-7, 1e7] {
      let error = #expect(throws: AveragingError.self) {
        try average(.init(package), .init(package, share: share))
      }
      // `.nan` equals nothing, not even itself.
      guard case .uselessShare? = error else {
        Issue.record("share \(share): \(String(describing: error))")
        continue
      }
    }
    func refusal(_ change: (inout TrainingConfiguration) -> Void) throws -> String {
      let other = try trained(SmallReviews.table, from: nil, change)
      do {
        _ = try average(.init(package), .init(other))
        return "nothing"
      } catch let error as AveragingError { return "\(error)" }
    }
    let end = "; only packages of one shape, such as a fine-tuned one and its start, have a mean"
    #expect(
      try refusal { $0.model.embedding = 7 }
        == "package 2 has another embedding than the first: 7, where the first has 6" + end)
    #expect(
      try refusal { $0.model.cell = "gru" }
        == "package 2 has another cell than the first: gru, where the first has lstm" + end)
    #expect(
      try refusal { $0.model.hidden = 6 }
        == "package 2 has another encoder.cell.config.hidden than the first: 6, where the first has 5" + end)
    let labels = try trained(SmallReviews.table.replacing("positive", with: "good"))
    let error = #expect(throws: AveragingError.self) { try average(.init(package), .init(labels)) }
    guard case .different(2, "labels", _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    var manifest = package.manifest
    manifest.model.encoder.cell.id = "none"
    let unknown = try package.replacing(manifest)
    #expect(
      throws: AveragingError.unusable(number: 2, .unknownCell("none", known: ["gru", "lstm", "rnn"]))
    ) { try average(.init(package), .init(unknown)) }
  }
}
