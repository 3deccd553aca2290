import RecurrentNumerics
import SequenceClassifier

/// Trains a network: epochs of batches, evaluation on dev data, early stopping, the best epoch kept.
///
/// The same options and data give the same bits for any number of threads, and for a run that was stopped and resumed.
public final class Trainer {
  private let network: RecurrentNetwork
  private let options: TrainingOptions
  private let train: EncodedExamples
  private let valid: EncodedExamples
  private let labels: [String]
  private let pool: WorkerPool
  private let kernels: KernelSet
  private let worker: GradientWorker
  private let evaluator: NetworkEvaluator
  private let planner: BatchPlanner
  private let loss: CrossEntropy
  private let unlabelled: [[Int32]]
  private var unlabelledOrder: UnlabelledOrder
  /// The best parameters that this trainer has found, and their logits of the dev data: nothing is evaluated twice.
  private var bestAnswers: (parameters: NetworkParameters, logits: [[Float]])?

  /// - Parameters:
  ///   - options: as `TrainingOptions.validate` accepts them; no other are tried here than those that no step could be taken with.
  ///   - unlabelled: texts for the losses that need no labels.
  /// - Throws: `TrainingError` where the data cannot train a classifier.
  public init(
    _ network: RecurrentNetwork, _ options: TrainingOptions, train: EncodedExamples, valid: EncodedExamples,
    labels: [String], unlabelled: [[Int32]] = [], pool: WorkerPool, kernels: KernelSet
  ) throws(TrainingError) {
    precondition(options.shards > 0 && options.precision != .int8, "training options that were not validated")
    guard train.count > 0 else { throw .noExamples }
    var counts = [Int](repeating: 0, count: labels.count)
    for label in train.labels { counts[label] += 1 }
    let present = counts.indices.filter { counts[$0] > 0 }
    guard present.count > 1 else { throw .oneClass(labels[present.first ?? 0]) }
    self.network = network
    self.options = options
    self.train = train
    self.valid = valid
    self.labels = labels
    self.pool = pool
    self.kernels = kernels
    worker = GradientWorker(network, shards: options.shards, pool: pool)
    evaluator = NetworkEvaluator(network, pool: pool)
    planner = BatchPlanner(tokenBudget: options.batchTokens, exampleLimit: options.batchSize)
    loss = CrossEntropy(
      labelSmoothing: options.labelSmoothing, classWeights: options.classWeight.weights(counts: counts))
    self.unlabelled = unlabelled
    let limit = options.unlabelledBatchSize > 0 ? options.unlabelledBatchSize : options.batchSize
    unlabelledOrder = UnlabelledOrder(
      lengths: unlabelled.map(\.count),
      planner: BatchPlanner(tokenBudget: options.batchTokens, exampleLimit: limit),
      stream: RandomStream(seed: options.seed).derived(.max - 2))
  }

  /// Trains on from `state` until all epochs are done, dev data says stop, or `shouldStop` does.
  /// - Parameters:
  ///   - checkpointInterval: seconds between calls of `checkpoint`; it is also called before and after each evaluation,
  ///     and at a stop.
  ///   - checkpoint: stores the state.
  ///   - shouldStop: asked before each batch, and again and again while the dev data are read.
  public func run(
    _ state: inout TrainingState, checkpointInterval: Double = 300,
    checkpoint: (TrainingState) throws -> Void = { _ in }, observer: (TrainingEvent) -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> TrainingEnd {
    let clock = ContinuousClock()
    let lengths = train.lengths
    let stream = RandomStream(seed: options.seed)
    var lastCheckpoint = clock.now
    var isSaved = false
    func save() throws {
      try checkAnswers(of: state)
      try checkpoint(state)
      isSaved = true
    }
    while state.epoch < options.epochs {
      if options.patience > 0 && state.epochsWithoutImprovement >= options.patience { return .stoppedEarly }
      let epochStream = stream.derived(UInt64(state.epoch) + 1)
      let batches = planner.batches(lengths: lengths, stream: epochStream)
      var runTokens = 0
      let runStart = clock.now
      while state.batch < batches.count {
        if shouldStop() {
          try save()
          return .interrupted
        }
        let start = clock.now
        let batch = batches[state.batch]
        try step(&state, batch: batch, batchCount: batches.count, stream: epochStream)
        isSaved = false
        runTokens += batch.reduce(0) { $0 + lengths[$1] }
        let elapsed = (clock.now - start).seconds
        state.seconds += elapsed
        state.epochSeconds += elapsed
        let pace = (clock.now - runStart).seconds
        observer(.step(progress(state, batches: batches.count, tokensPerSecond: Double(runTokens) / pace)))
        if (clock.now - lastCheckpoint).seconds > checkpointInterval {
          try save()
          lastCheckpoint = clock.now
          observer(.checkpoint)
        }
      }
      // Reading the dev data takes long, too: whatever ends it, the epoch's work is kept.
      if !isSaved {
        try save()
        observer(.checkpoint)
      }
      let tokensPerSecond = Double(lengths.reduce(0, +)) / Swift.max(state.epochSeconds, 1e-9)
      observer(.evaluating(epoch: state.epoch + 1))
      let isFinished = try finishEpoch(
        &state, batches: batches.count, tokensPerSecond: tokensPerSecond, clock: clock, observer: observer,
        shouldStop: shouldStop)
      guard isFinished else { return .interrupted }
      try checkpoint(state)
      lastCheckpoint = clock.now
    }
    return .completed
  }

  /// One batch: loss, gradients, clipping, update, average.
  private func step(
    _ state: inout TrainingState, batch: [Int], batchCount: Int, stream: RandomStream
  ) throws(TrainingError) {
    let progress = (Double(state.epoch) + Double(state.batch) / Double(batchCount)) / Double(options.epochs)
    let rate = options.learningRate * options.schedule.factor(progress: progress, warmUp: options.warmUp)
    let mean = batchLoss(
      state.parameters, batch: batch, unlabelled: unlabelledOrder.batch(step: state.optimiser.steps),
      loss: options.loss(loss, progress: progress), stream: stream.derived(UInt64(state.batch) + 1))
    let rates = options.fineTuning.rates(
      rate, epochs: progress * Double(options.epochs), levels: network.levels.count)
    let norm = worker.gradientNorm(rates, kernels: kernels)
    guard mean.isFinite && norm.isFinite else {
      throw .notFinite(
        what: mean.isFinite ? "gradient" : "loss", epoch: state.epoch + 1, batch: state.batch + 1,
        learningRate: rate)
    }
    let scale = options.clip > 0 ? Swift.min(1, options.clip / (norm + 1e-6)) : 1
    state.optimiser.update(
      &state.parameters, worker.gradients, rates: rates, gradientScale: Float(scale), pool: pool,
      kernels: kernels)
    state.average?.update(state.parameters, pool: pool, kernels: kernels)
    state.lossSum += mean
    state.batch += 1
  }

  /// Binds the parameters for one batch only: while they are bound, an update would have to copy them.
  private func batchLoss(
    _ parameters: NetworkParameters, batch: [Int], unlabelled members: [Int], loss: TrainingLoss,
    stream: RandomStream
  ) -> Double {
    let bound = BoundNetwork(network, parameters, kernels: kernels.multiplying(in: options.precision))
    return worker.losses(
      bound, train, batch: batch, unlabelled: (unlabelled, members), loss: loss,
      truncation: options.bpttWindow > 0 ? options.bpttWindow : nil,
      dropout: DropoutMasks(rates: options.dropout, stream: stream), random: stream.derived(.max)
    ).total(loss)
  }

  private func progress(_ state: TrainingState, batches: Int, tokensPerSecond: Double) -> StepProgress {
    let done = Double(state.epoch) + Double(state.batch) / Double(batches)
    let rate =
      options.learningRate
      * options.schedule.factor(progress: done / Double(options.epochs), warmUp: options.warmUp)
    return StepProgress(
      epoch: state.epoch + 1, epochs: options.epochs, batch: state.batch, batches: batches,
      loss: state.lossSum / Double(Swift.max(1, state.batch)), learningRate: rate,
      tokensPerSecond: tokensPerSecond,
      secondsLeft: state.seconds / Swift.max(done, 1e-9) * (Double(options.epochs) - done))
  }

  /// Refuses a state whose answers to a few dev texts are no numbers, so that it is not saved over the last good one.
  private func checkAnswers(of state: TrainingState) throws(TrainingError) {
    let texts = Array(valid.tokens.prefix(16))
    for parameters in [state.parameters] + (state.average == nil ? [] : [state.evaluated]) {
      let bound = BoundNetwork(network, parameters, kernels: kernels)
      guard !evaluator.logits(bound, texts).joined().allSatisfy(\.isFinite) else { continue }
      throw .notFinite(
        what: "answer to a dev text", epoch: state.epoch + 1, batch: state.batch,
        learningRate: options.learningRate)
    }
  }

  /// Evaluates the parameters and counts the epoch.
  /// - Returns: whether that was done; where `shouldStop` ended the evaluation, `state` is as it was.
  private func finishEpoch(
    _ state: inout TrainingState, batches: Int, tokensPerSecond: Double, clock: ContinuousClock,
    observer: (TrainingEvent) -> Void, shouldStop: () -> Bool
  ) throws(TrainingError) -> Bool {
    let start = clock.now
    guard let answers = devLogits(state.evaluated, shouldStop: shouldStop) else { return false }
    let report = devReport(answers)
    // The last update of an epoch may be the one that overflows.
    guard report.logLoss.isFinite else {
      throw .notFinite(
        what: "dev loss", epoch: state.epoch + 1, batch: batches, learningRate: options.learningRate)
    }
    let score = options.metric.score(report)
    let isBest = state.best?.isBeaten(score: score, logLoss: report.logLoss) ?? true
    if isBest {
      state.best = BestEpoch(
        epoch: state.epoch + 1, score: score, logLoss: report.logLoss, parameters: state.evaluated)
      bestAnswers = (state.evaluated, answers)
    }
    state.epochsWithoutImprovement = isBest ? 0 : state.epochsWithoutImprovement + 1
    let elapsed = (clock.now - start).seconds
    state.seconds += elapsed
    state.epochSeconds += elapsed
    let record = EpochRecord(
      epoch: state.epoch + 1, trainLoss: state.lossSum / Double(Swift.max(1, batches)),
      validAccuracy: report.accuracy, validMacroF1: report.macroF1, validLogLoss: report.logLoss,
      seconds: state.epochSeconds, tokensPerSecond: tokensPerSecond, isBest: isBest)
    state.history.append(record)
    state.epoch += 1
    state.batch = 0
    state.lossSum = 0
    state.epochSeconds = 0
    observer(.epoch(record))
    return true
  }

  /// The report of some parameters on the dev data, and the logits behind it: in fp32, as the package will run.
  public func evaluate(_ parameters: NetworkParameters) -> (report: ClassificationReport, logits: [[Float]]) {
    evaluate(parameters, shouldStop: { false }) ?? (devReport([]), [])
  }

  /// The same; nil where `shouldStop`, which is asked again and again, says so. It is not asked for the best parameters of this
  /// trainer, whose answers are known.
  public func evaluate(
    _ parameters: NetworkParameters, shouldStop: () -> Bool
  ) -> (report: ClassificationReport, logits: [[Float]])? {
    (knownLogits(of: parameters) ?? devLogits(parameters, shouldStop: shouldStop)).map { (devReport($0), $0) }
  }

  private func knownLogits(of parameters: NetworkParameters) -> [[Float]]? {
    guard let bestAnswers, bestAnswers.parameters == parameters else { return nil }
    return bestAnswers.logits
  }

  private func devLogits(_ parameters: NetworkParameters, shouldStop: () -> Bool) -> [[Float]]? {
    let bound = BoundNetwork(network, parameters, kernels: kernels)
    return evaluator.logits(bound, valid.tokens, shouldStop: shouldStop)
  }

  private func devReport(_ logits: [[Float]]) -> ClassificationReport {
    ClassificationReport(labels: labels, probabilities: logits.map { softmax($0) }, truth: valid.labels)
  }
}
