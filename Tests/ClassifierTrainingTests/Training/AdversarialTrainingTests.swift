import ClassifierTraining
import FileAccess
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing

/// Whole runs with adversarial, virtual adversarial and entropy losses.
@Suite struct AdversarialTrainingTests {
  private let directory = TemporaryDirectory()

  /// A toy task with all losses and texts without labels.
  private func task(_ cell: String = "lstm") throws -> ToyTask {
    var task = try ToyTask(cell: .init(rawValue: cell), cells: registryWithExample())
    task.options.adversarial.weight = 1
    task.options.virtualAdversarial.weight = 1
    task.options.entropy.weight = 0.5
    task.options.ramp = 0.5
    task.options.unlabelledBatchSize = 5
    return task
  }

  @Test(arguments: ["rnn", "lstm", "gru", "mgu"])
  func threadsChangeNoBitOfATrainedNetwork(_ cell: String) throws {
    var task = try task(cell)
    let one = TrainedBits(try task.trained(threads: 1, unlabelled: ToyTask.unlabelled))
    #expect(TrainedBits(try task.trained(threads: 3, unlabelled: ToyTask.unlabelled)) == one)
    let others = TrainedBits(try task.trained(unlabelled: Array(ToyTask.unlabelled.dropLast())))
    #expect(others.parameters != one.parameters)
    task.options.virtualAdversarial.weight = 0
    #expect(
      TrainedBits(try task.trained(unlabelled: ToyTask.unlabelled)).parameters != one.parameters)
  }

  /// Stops within passes over the texts without labels, and between them.
  @Test(arguments: [1, 5, 9, 12, 14, 23])
  func aRunStoppedAndResumedEqualsAnUnbrokenOne(_ stopAfter: Int) throws {
    let task = try task()
    let run: JSONValue = ["data": "abc"]
    let path = directory.path + "/run.checkpoint"
    let whole = TrainedBits(try task.trained(unlabelled: ToyTask.unlabelled))
    var state = task.state
    var steps = 0
    let end = try task.trainer(threads: 1, unlabelled: ToyTask.unlabelled).run(
      &state, checkpointInterval: 1e9,
      checkpoint: { try Checkpoint.save($0, task.network, run: run, to: path) },
      observer: { if case .step = $0 { steps += 1 } }, shouldStop: { steps == stopAfter })
    #expect(end == .interrupted)
    var resumed = try Checkpoint.load(path, task.network, task.options, run: run)
    #expect(try task.trainer(unlabelled: ToyTask.unlabelled).run(&resumed) == .completed)
    #expect(TrainedBits(resumed) == whole)
  }

  @Test(arguments: [Precision.float32, .bfloat16])
  func aToyTaskIsLearned(_ precision: Precision) throws {
    var task = try ToyTask(hidden: 12, count: 400)
    task.options.precision = precision
    task.options.epochs = 12
    task.options.learningRate = 0.01
    task.options.dropout = DropoutRates()
    task.options.average = 0.9
    task.options.adversarial = AdversarialOptions(weight: 1, epsilon: 0.5)
    task.options.virtualAdversarial = VirtualAdversarialOptions(weight: 1, epsilon: 0.5)
    task.options.entropy.weight = 0.1
    let best = try #require(try task.trained(unlabelled: ToyTask.unlabelled).best)
    #expect(best.score > 0.85)
  }

  @Test func aRunReadsUnlabelledTextsFromFiles() throws {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    let lines = "A warm film.\n\nDull and poor.\n"
    configuration.data.unlabelled = [
      try directory.file("lines.txt", lines), try directory.file("more.tsv", SmallReviews.table),
    ]
    configuration.model.hidden = 5
    configuration.model.embedding = 6
    configuration.training.epochs = 2
    configuration.training.adversarial.weight = 1
    configuration.training.virtualAdversarial.weight = 1
    configuration.training.entropy.weight = 1
    var notes: [String] = []
    let run = try TrainingRun(configuration, pool: WorkerPool(threads: 2), kernels: .best) {
      notes.append($0)
    }
    // What the best epoch is chosen by, and what scores are calibrated on, must not be learnt from.
    #expect(run.unlabelled.count == 2 + run.train.count && run.valid.count > 0)
    #expect(
      notes.contains("\(run.valid.count) unlabelled texts stand among the dev texts; they are left out"))

    var state = run.start
    #expect(try run.train(&state) == .completed)
    #expect(try run.makePackage(state, sources: [], created: nil) != nil)

    var other = configuration
    other.data.unlabelled.removeLast()
    let identity = try TrainingRun(other, pool: WorkerPool(threads: 1), kernels: .best).identity()
    #expect(identity.objectValue?["data"] != (try run.identity()).objectValue?["data"])
  }

  @Test func devTextsAloneTeachNothing() throws {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.data.valid = try directory.file(
      "dev.tsv", "positive\tA warm film.\nnegative\tDull and poor.\n")
    let path = try directory.file("dev.txt", "A warm film.\nDull and poor.\n")
    configuration.data.unlabelled = [path]
    configuration.training.entropy.weight = 1
    #expect(throws: DataError.onlyDevTexts(path: path, count: 2)) {
      try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best)
    }
  }

  @Test func unlabelledTextsThatNothingReadsAreRefused() {
    var configuration = TrainingConfiguration()
    configuration.data.unlabelled = ["a.txt"]
    let error = #expect(throws: OptionError.self) { try configuration.validate() }
    #expect(
      error?.description
        == "data.unlabelled is a.txt; it must be left out unless there are data.teachers, or training.virtual.weight or training.entropy.weight is "
        + "above 0")
    configuration.training.entropy.weight = 0.1
    #expect(throws: Never.self) { try configuration.validate() }
  }

  @Test func aRunWithoutUnlabelledTextsSaysWhatItReads() throws {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.training.virtualAdversarial.weight = 1
    var notes: [String] = []
    _ = try TrainingRun(
      configuration, pool: WorkerPool(threads: 1), kernels: .best, note: { notes.append($0) })
    #expect(notes.contains { $0.hasPrefix("no unlabelled texts") })
  }
}
