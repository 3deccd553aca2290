import ClassifierTraining
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import Testing

/// What a training run promises, to the bit.
@Suite struct TrainingLawTests {
  @Test(arguments: ["rnn", "lstm", "gru"])
  func threadsChangeNoBitOfATrainedNetwork(_ cell: String) throws {
    let task = try ToyTask(cell: .init(rawValue: cell))
    let one = TrainedBits(try task.trained(threads: 1))
    #expect(TrainedBits(try task.trained(threads: 2)) == one)
    #expect(TrainedBits(try task.trained(threads: 3)) == one)
  }

  @Test(arguments: ["rnn", "lstm", "gru"])
  func threadsChangeNoBitOfANetworkTrainedInBf16(_ cell: String) throws {
    var task = try ToyTask(cell: .init(rawValue: cell))
    let inFloat32 = TrainedBits(try task.trained(threads: 1))
    task.options.precision = .bfloat16
    let one = TrainedBits(try task.trained(threads: 1))
    #expect(TrainedBits(try task.trained(threads: 2)) == one)
    #expect(TrainedBits(try task.trained(threads: 3)) == one)
    #expect(one.parameters != inFloat32.parameters)
  }

  @Test func theSeedAloneDecidesARun() throws {
    var task = try ToyTask()
    let first = TrainedBits(try task.trained())
    #expect(TrainedBits(try task.trained()) == first)
    task.options.seed = 2
    #expect(TrainedBits(try task.trained()).parameters != first.parameters)
  }

  /// As the weight norm of a truncated window: the run itself goes on over window borders.
  @Test func truncatedWindowsTrainAndStayReproducible() throws {
    var task = try ToyTask()
    task.options.bpttWindow = 3
    let first = TrainedBits(try task.trained(threads: 1))
    #expect(TrainedBits(try task.trained(threads: 2)) == first)
    #expect(first.parameters != task.start)
  }

  @Test(arguments: [Precision.float32, .bfloat16])
  func aToyTaskIsLearned(_ precision: Precision) throws {
    var task = try ToyTask(hidden: 12, count: 400)
    task.options.precision = precision
    task.options.epochs = 12
    task.options.learningRate = 0.01
    task.options.dropout = DropoutRates()
    task.options.average = 0.9
    let state = try task.trained()
    let best = try #require(state.best)
    let record = try #require(state.history.first { $0.epoch == best.epoch })
    #expect(record.validAccuracy > 0.85)
    let losses = state.history.map(\.trainLoss)
    #expect(try #require(losses.last) < 0.5 * losses[0])
  }

  /// The packed model is judged as it will run.
  @Test func devDataAreEvaluatedInFloat32WhateverTrains() throws {
    var task = try ToyTask()
    let inFloat32 = try task.trainer().evaluate(task.start)
    task.options.precision = .bfloat16
    #expect(try task.trainer().evaluate(task.start).logits == inFloat32.logits)
  }

  @Test func trainingEndsAfterPatienceEpochsWithoutABetterFigure() throws {
    var task = try ToyTask()
    // A rate this small changes no figure, so that only the first epoch can be the best.
    task.options.learningRate = 1e-30
    task.options.schedule = .constant
    task.options.epochs = 50
    task.options.patience = 3
    var state = task.state
    #expect(try task.trainer().run(&state) == .stoppedEarly)
    #expect(state.epoch == 4)
    #expect(state.best?.epoch == 1)
    #expect(state.history.map(\.isBest) == [true, false, false, false])
    // A stopped run stays stopped.
    #expect(try task.trainer().run(&state) == .stoppedEarly)
    #expect(state.epoch == 4)
  }

  @Test func ofEpochsWithTheSameScoreTheOneWithLowerLossIsBetter() throws {
    let best = try #require(try ToyTask().trained().best)
    #expect(best.isBeaten(score: best.score.nextUp, logLoss: .infinity))
    #expect(best.isBeaten(score: best.score, logLoss: best.logLoss.nextDown))
    #expect(!best.isBeaten(score: best.score, logLoss: best.logLoss))
    #expect(!best.isBeaten(score: best.score.nextDown, logLoss: 0))
  }

  private func score(_ record: EpochRecord, by metric: SelectionMetric) -> Double {
    switch metric {
    case .accuracy: record.validAccuracy
    case .macroF1: record.validMacroF1
    case .logLoss: -record.validLogLoss
    }
  }

  @Test(arguments: SelectionMetric.allCases)
  func theBestEpochByTheChosenMetricIsKept(_ metric: SelectionMetric) throws {
    var task = try ToyTask(hidden: 12, count: 400)
    task.options.metric = metric
    task.options.epochs = 12
    task.options.learningRate = 0.01
    task.options.dropout = DropoutRates()
    task.options.average = 0
    let state = try task.trained()
    let best = try #require(state.best)
    let scores = state.history.map { score($0, by: metric) }
    #expect(Set(scores).count > 1, "no epoch is better than another")
    let top = try #require(scores.max())
    #expect(best.score == top)
    let tied = state.history.filter { score($0, by: metric) == top }
    #expect(best.logLoss == tied.map(\.validLogLoss).min())
    #expect(best.epoch == tied.first { $0.validLogLoss == best.logLoss }?.epoch)
  }

  @Test(arguments: OptimiserKind.allCases)
  func aLossThatIsNoNumberStopsTrainingAndKeepsTheCheckpoint(_ kind: OptimiserKind) throws {
    var relu = JSONObject()
    relu["activation"] = "relu"
    var task = try ToyTask(cell: "rnn", cellOptions: relu)
    task.options.learningRate = 1e30
    task.options.schedule = .constant
    task.options.clip = 0
    task.options.optimizer.kind = kind
    var state = task.state
    var kept: [TrainingState] = []
    let error = #expect(throws: TrainingError.self) {
      _ = try task.trainer().run(&state, checkpointInterval: 0, checkpoint: { kept.append($0) })
    }
    guard case .notFinite(_, let epoch, let batch, let rate) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(epoch == 1 && rate == 1e30)
    // What was kept last is the state before the step that failed, and it answers with numbers.
    #expect(kept.last?.batch ?? 0 == batch - 1)
    let trainer = try task.trainer()
    for state in kept {
      #expect(trainer.evaluate(state.parameters).logits.joined().allSatisfy { $0.isFinite })
    }
    #expect("\(try #require(error))".contains("--lr"))
  }

  @Test(arguments: [0, 300.0])
  func aNetworkThatOverflowsOnDevDataIsNeverTheBest(_ checkpointInterval: Double) throws {
    var relu = JSONObject()
    relu["activation"] = "relu"
    var task = try ToyTask(cell: "rnn", count: 8, cellOptions: relu)
    // One batch an epoch: the first overflow shows when the dev data are read.
    task.options.learningRate = 3e38
    task.options.schedule = .constant
    task.options.clip = 0
    task.options.average = 0
    task.options.optimizer.kind = .adam
    var state = task.state
    var kept: [TrainingState] = []
    let error = #expect(throws: TrainingError.self) {
      _ = try task.trainer().run(
        &state, checkpointInterval: checkpointInterval, checkpoint: { kept.append($0) })
    }
    // Nothing is saved over the last good state.
    #expect(kept.isEmpty)
    guard case .notFinite = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(state.best == nil)
    #expect(state.history.isEmpty)
  }

  @Test func dataThatCannotTrainIsRefused() throws {
    let task = try ToyTask()
    var oneClass = EncodedExamples()
    oneClass.append(tokens: [4, 5], label: 1)
    #expect(throws: TrainingError.oneClass("more")) {
      _ = try Trainer(
        task.network, task.options, train: oneClass, valid: task.valid, labels: task.labels,
        pool: WorkerPool(threads: 1), kernels: .best)
    }
    #expect(throws: TrainingError.noExamples) {
      _ = try Trainer(
        task.network, task.options, train: EncodedExamples(), valid: task.valid, labels: task.labels,
        pool: WorkerPool(threads: 1), kernels: .best)
    }
  }

  @Test func progressCountsUpToTheEnd() throws {
    let task = try ToyTask()
    var steps: [StepProgress] = []
    var epochs: [EpochRecord] = []
    var state = task.state
    let end = try task.trainer().run(
      &state,
      observer: { event in
        if case .step(let step) = event { steps.append(step) }
        if case .epoch(let record) = event { epochs.append(record) }
      })
    #expect(end == .completed)
    #expect(epochs == state.history)
    let last = try #require(steps.last)
    #expect(last.epoch == 2 && last.batch == last.batches && last.secondsLeft < 1e-6)
    #expect(steps.map(\.batch) == (1...last.batches).map { $0 } + (1...last.batches).map { $0 })
    #expect(steps.allSatisfy { $0.tokensPerSecond > 0 && $0.loss.isFinite })
  }
}
