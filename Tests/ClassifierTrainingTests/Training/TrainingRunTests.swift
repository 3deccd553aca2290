import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// What whole runs make of their data and settings.
@Suite struct TrainingRunTests {
  private let directory = TemporaryDirectory()

  private func configuration() throws -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.hidden = 5
    configuration.model.embedding = 6
    configuration.training.epochs = 2
    return configuration
  }

  private func run(_ configuration: TrainingConfiguration, note: (String) -> Void = { _ in }) throws
    -> TrainingRun
  {
    try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best, note: note)
  }

  private func notes(_ configuration: TrainingConfiguration) throws -> [String] {
    var notes: [String] = []
    _ = try run(configuration) { notes.append($0) }
    return notes
  }

  // MARK: Labels in two forms

  /// Those of data are composed, those of a package are as its maker wrote them.
  @Test func aPackageWithDecomposedLabelsStartsAndTeaches() throws {
    var configuration = try configuration()
    let table = SmallReviews.table.replacing("positive", with: "caf\u{e9}")
    configuration.data.train = [try directory.file("labels.tsv", table)]
    let first = try run(configuration)
    var state = first.start
    _ = try first.train(&state)
    let package = try #require(try first.makePackage(state, sources: [], created: nil)).package
    var manifest = package.manifest
    manifest.evaluation = nil
    manifest.task.labels = manifest.task.labels.map { $0 == "caf\u{e9}" ? "cafe\u{301}" : $0 }
    let path = directory.file("old.rnnpkg")
    try package.replacing(manifest).write(toFile: path)

    var starting = configuration
    starting.model.initFrom = path
    #expect(try !notes(starting).contains { $0.contains("readout is new") })
    var taught = configuration
    taught.data.teachers = [path]
    taught.data.unlabelled = [try directory.file("texts.txt", "A warm film.\n")]
    _ = try run(taught)
    let old = try Classifier(ModelPackage(contentsOfFile: path))
    let texts = try LabelledTexts(
      file: configuration.data.train[0], textField: "text", labelField: "label", labels: first.labels)
    let difference = try BehaviourDifference(old, Classifier(package), texts, pool: WorkerPool(threads: 1))
    #expect(difference.count == texts.count && difference.flips.isEmpty)
  }

  // MARK: What no package holds

  /// A hundred bytes for each label would fill the manifest.
  @Test func figuresOfManyLabelsStayOutOfTheManifest() {
    func report(_ count: Int) -> ClassificationReport {
      ClassificationReport(labels: (0..<count).map { "label \($0)" }, probabilities: [], truth: [])
    }
    let data = Manifest.DataSource(name: "dev")
    #expect(report(1_000).evaluation(of: data).perClass?.count == 1_000)
    #expect(report(1_001).evaluation(of: data).perClass == nil)
    #expect(report(32).evaluation(of: data).confusion?.count == 32)
    #expect(report(33).evaluation(of: data).confusion == nil)
    let whole = report(1_001).wholeEvaluation(of: data)
    #expect(whole.perClass?.count == 1_001 && whole.confusion == nil)
    #expect(report(1_000).wholeEvaluation(of: data).confusion?.count == 1_000)
  }

  /// The manifest names each file: told before training, not after it.
  @Test func moreFilesThanAManifestHoldsAreRefusedAtTheStart() throws {
    var configuration = try configuration()
    let name = String(repeating: "n", count: 250)
    let path = try directory.file(name, "label\ttext\npositive\tA warm film.\nnegative\tA dull film.\n")
    configuration.data.format = .tsv
    configuration.data.train = [String](repeating: path, count: 3_400)
    let error = #expect(throws: TrainingError.self) { try run(configuration) }
    guard case .unpackable(let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect("\(reason)".contains("manifest"), "\(reason)")
    configuration.data.train = [String](repeating: path, count: 300)
    _ = try run(configuration)
  }

  // MARK: Dev texts of one label

  private func oneLabelled() throws -> TrainingConfiguration {
    var configuration = try configuration()
    configuration.data.valid = try directory.file(
      "dev.tsv", "label\ttext\npositive\tA warm film.\npositive\tA lovely cast.\n")
    return configuration
  }

  @Test func devTextsOfOneLabelCalibrateNothing() throws {
    let configuration = try oneLabelled()
    let said =
      "all dev texts have the label \"positive\", which tells nothing of the others: scores will not be calibrated; give "
      + "texts of at least two"
    #expect(try notes(configuration).contains(said))
    let run = try run(configuration)
    var state = run.start
    _ = try run.train(&state)
    let made = try #require(try run.makePackage(state, sources: [], created: nil))
    #expect(made.package.manifest.model.output.calibration == nil)
    #expect(try Classifier(made.package).temperature == 1)
    let dev = try LabelledTexts(
      file: configuration.data.valid, textField: "text", labelField: "label", labels: run.labels)
    let measured = try PackageTest(Classifier(made.package), dev, pool: WorkerPool(threads: 1)).report
    #expect(measured.accuracy == made.report.accuracy)
    #expect((measured.logLoss - made.report.logLoss).magnitude < 1e-6)
    #expect(try !notes(self.configuration()).contains { $0.contains("calibrated") })
  }

  /// The factors of network and partner would be fitted to that label.
  @Test func devTextsOfOneLabelMakeNoPartner() throws {
    var configuration = try oneLabelled()
    configuration.partner.enabled = true
    #expect(throws: PartnerError.oneLabel("positive", texts: "dev texts")) { _ = try run(configuration) }
  }

  // MARK: Texts without labels

  /// Their labels are not read as words, whatever the file is called.
  @Test func theFormatIsThatOfUnlabelledTextsToo() throws {
    let rows = SmallReviews.table.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    let marked = rows.map { "__label__\($0[0]) \($0[1])\n" }.joined()
    func run(_ name: String, _ format: DataFormat) throws -> TrainingRun {
      var configuration = try configuration()
      let path = try directory.file(name, marked)
      configuration.data.train = [path]
      configuration.data.unlabelled = [path]
      configuration.data.format = format
      configuration.training.entropy.weight = 1
      return try self.run(configuration)
    }
    let named = try run("a.ft", .auto)
    // All but the dev texts.
    #expect(
      named.unlabelled.count == named.train.count && named.train.count + named.valid.count == rows.count)
    #expect(try run("a.txt", .fasttext).unlabelled == named.unlabelled)
    // What labelled files are written in says nothing of an ending that tells.
    let lines = rows.map { "\($0[1])\n" }.joined()
    var plain = try configuration()
    plain.data.format = .tsv
    plain.data.unlabelled = [try directory.file("plain.txt", lines)]
    plain.training.entropy.weight = 1
    #expect(try self.run(plain).unlabelled.count == named.train.count)
  }

  // MARK: Stops

  @Test func aStoppedRunPacksOnlyWhatItKnowsTheAnswersOf() throws {
    let run = try run(configuration())
    var state = run.start
    var isStopped = false
    let end = try run.train(
      &state, observer: { if case .epoch = $0 { isStopped = true } }, shouldStop: { isStopped })
    #expect(end == .interrupted)
    let made = try run.makePackage(state, sources: [], created: nil, shouldStop: { true })
    #expect(made?.package.manifest.training?.bestEpoch == 1)
    // A run that goes on from there has not read its dev data yet.
    let fresh = try self.run(configuration())
    let unread = try fresh.makePackage(state, sources: [], created: nil, shouldStop: { true })
    #expect(unread == nil)
  }

  // MARK: Gradual unfreezing

  @Test func partsThatNeverLearnAreTold() throws {
    var configuration = try configuration()
    for (unfreezing, frozen) in [(0, 0), (0.9, 0), (1, 1), (2, 2)] as [(Double, Int)] {
      configuration.training.fineTuning.unfreezing = unfreezing
      let found = try notes(configuration).filter { $0.contains("never learn") }
      let said =
        "\(frozen) of 2 parts below the readout (the lowest) never learn: each starts \(unfreezing) epochs after the one "
        + "above, of 2 in all; give a smaller --unfreezing or more --epochs"
      #expect(found == (frozen > 0 ? [said] : []), "\(unfreezing)")
    }
  }
}
