import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// Trains a language model: streams of texts, a window a step, both directions side by side.
///
/// Directions share nothing within a step but the embedding they read, so each has a thread; their gradients are added
/// in order. The bits depend on options and texts, never on the number of threads or on stops.
public final class LanguageModelTrainer {
  private let model: LanguageModel
  private let options: PretrainingOptions
  private let texts: [[Int32]]
  private let lengths: [Int]
  private let valid: [[Int32]]
  private let pool: WorkerPool
  private let kernels: KernelSet
  private let passes: [LanguageModelPass]
  private let evaluator: LanguageModelEvaluator
  private let gradients: NetworkGradients

  /// Makes the memory that a step works in. `PretrainingOptions.validate` checks options, not this.
  /// - Parameters:
  ///   - texts: token ids to learn from; one beyond the vocabulary ends the program.
  ///   - valid: likewise, held out for perplexity, which is 1 where there are none.
  public init(
    _ model: LanguageModel, _ options: PretrainingOptions, texts: [[Int32]], valid: [[Int32]],
    pool: WorkerPool, kernels: KernelSet
  ) {
    let words = Int32(model.vocabularySize)
    precondition(
      (texts + valid).allSatisfy { $0.allSatisfy { (0..<words).contains($0) } },
      "a token beyond the vocabulary")
    self.model = model
    self.options = options
    self.texts = texts
    lengths = texts.map(\.count)
    self.valid = valid
    self.pool = pool
    self.kernels = kernels
    passes = model.layers.indices.map { LanguageModelPass(model, direction: $0, options: options) }
    evaluator = LanguageModelEvaluator(model, pool: pool, kernels: kernels)
    gradients = NetworkGradients(model.network)
    gradients.readout = ParameterSet(model.headSpecs)
  }

  /// Trains on from `state` until all epochs are done or `shouldStop`, which is asked before each window, and again and again
  /// while perplexity is measured.
  /// - Returns: whether all epochs are done.
  public func run(
    _ state: inout PretrainingState, checkpointInterval: Double = 300,
    checkpoint: (PretrainingState) throws -> Void = { _ in }, observer: (PretrainingEvent) -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> Bool {
    let clock = ContinuousClock()
    var lastCheckpoint = clock.now
    var isSaved = false
    let all = Double(Swift.max(1, lengths.reduce(0, +)))
    restoreCarried(state)
    while state.epoch < options.epochs {
      let random = RandomStream(seed: options.seed).derived(UInt64(state.epoch) + 1)
      var streams = makeStreams(random)
      var index = 0
      let (start, startTokens) = (clock.now, state.tokens)
      while let pieces = streams.next(steps: windowSteps(random, index)) {
        defer { index += 1 }
        // A resumed run deals the windows out again that it has behind it.
        if index < state.window { continue }
        if shouldStop() {
          try save(&state, checkpoint)
          return false
        }
        let began = clock.now
        let share = (Double(state.epoch) + Double(state.tokens) / all) / Double(options.epochs)
        try step(&state, pieces, share: share, random: random.derived(UInt64(index) + 2))
        isSaved = false
        let elapsed = (clock.now - began).seconds
        state.seconds += elapsed
        state.epochSeconds += elapsed
        let done = (Double(state.epoch) + Double(state.tokens) / all) / Double(options.epochs)
        observer(
          .window(
            epoch: state.epoch + 1, share: done,
            loss: state.lossSums.reduce(0, +) / Double(state.lossSums.count * state.tokens),
            tokensPerSecond: Double(state.tokens - startTokens) / (clock.now - start).seconds,
            secondsLeft: state.seconds / done * (1 - done)))
        if (clock.now - lastCheckpoint).seconds > checkpointInterval {
          try save(&state, checkpoint)
          isSaved = true
          lastCheckpoint = clock.now
        }
      }
      // Perplexity takes long, too: whatever ends it, the epoch's work is kept.
      if !isSaved {
        try save(&state, checkpoint)
        isSaved = true
      }
      observer(.evaluating(epoch: state.epoch + 1))
      guard let record = try finishEpoch(&state, clock: clock, shouldStop: shouldStop) else { return false }
      observer(.epoch(record))
      try save(&state, checkpoint)
      lastCheckpoint = clock.now
    }
    return true
  }

  private func makeStreams(_ random: RandomStream) -> TextStreams {
    var random = random.derived(0)
    var order = Array(texts.indices)
    random.shuffle(&order)
    return TextStreams(lengths: lengths, order: order, streams: options.streams)
  }

  /// Steps of a window: within a fifth of the option, so that windows end elsewhere in each epoch.
  private func windowSteps(_ random: RandomStream, _ index: Int) -> Int {
    var random = random.derived(1).derived(UInt64(index))
    let spread = options.window / 5
    return options.window - spread + random.integer(below: 2 * spread + 1)
  }

  private func step(
    _ state: inout PretrainingState, _ pieces: [TextStreams.Piece], share: Double, random: RandomStream
  ) throws(TrainingError) {
    runPasses(state.parameters, pieces, random: random)
    let rate = options.learningRate * options.schedule.factor(progress: share, warmUp: options.warmUp)
    gatherGradients()
    let rates = LayerRates(Float(rate), levels: 1)
    let norm = gradients.norm(rates, kernels: kernels)
    let losses = passes.map(\.lossSum)
    guard losses.allSatisfy(\.isFinite), norm.isFinite else {
      throw .notFinite(
        what: norm.isFinite ? "loss" : "gradient", epoch: state.epoch + 1, batch: state.window + 1,
        learningRate: rate)
    }
    update(&state, rates: rates, scale: options.clip > 0 ? Swift.min(1, options.clip / (norm + 1e-6)) : 1)
    for direction in losses.indices { state.lossSums[direction] += losses[direction] }
    state.tokens += pieces.reduce(0) { $0 + $1.count }
    state.window += 1
  }

  /// Holds the parameters until all directions are done only: while they are held, an update would have to copy them.
  private func runPasses(
    _ parameters: NetworkParameters, _ pieces: [TextStreams.Piece], random: RandomStream
  ) {
    let (texts, passes, kernels) = (self.texts, self.passes, self.kernels)
    pool.run(passes.count) { direction in
      passes[direction].run(
        parameters, texts: texts, pieces: pieces, random: random.derived(UInt64(direction)), kernels: kernels)
    }
  }

  private func update(_ state: inout PretrainingState, rates: LayerRates, scale: Double) {
    state.optimiser.update(
      &state.parameters, gradients, rates: rates, gradientScale: Float(scale), pool: pool, kernels: kernels)
  }

  /// The sum of the directions' gradients, in order.
  private func gatherGradients() {
    gradients.embedding.reset()
    gradients.readout.setToZero()
    for (direction, pass) in passes.enumerated() {
      gradients.embedding.add(pass.embeddingGradient, kernels: kernels)
      pass.moveLayerGradient(to: &gradients.layers[direction])
      gradients.readout.add(pass.headGradient, kernels: kernels)
    }
  }

  /// - Returns: nil where `shouldStop` ended the evaluation; `state` is as it was then.
  private func finishEpoch(
    _ state: inout PretrainingState, clock: ContinuousClock, shouldStop: () -> Bool
  ) throws(TrainingError) -> PretrainingEpoch? {
    let pace = Double(state.tokens) / Swift.max(state.epochSeconds, 1e-9)
    let start = clock.now
    guard let perplexity = evaluator.perplexity(state.parameters, valid, shouldStop: shouldStop) else {
      return nil
    }
    guard perplexity.allSatisfy(\.isFinite) else {
      throw .notFinite(
        what: "perplexity", epoch: state.epoch + 1, batch: state.window, learningRate: options.learningRate)
    }
    let elapsed = (clock.now - start).seconds
    state.seconds += elapsed
    let record = PretrainingEpoch(
      epoch: state.epoch + 1, trainLoss: state.lossSums.map { $0 / Double(Swift.max(1, state.tokens)) },
      perplexity: perplexity, seconds: state.epochSeconds + elapsed, tokensPerSecond: pace)
    state.history.append(record)
    state.epoch += 1
    state.window = 0
    state.tokens = 0
    state.epochSeconds = 0
    state.lossSums = state.lossSums.map { _ in 0 }
    return record
  }

  /// Saves a state, but none whose perplexity of a few words is no number over the last good one.
  private func save(_ state: inout PretrainingState, _ checkpoint: (PretrainingState) throws -> Void) throws {
    let sample = valid.prefix(4).map { Array($0.prefix(64)) }
    guard evaluator.perplexity(state.parameters, sample).allSatisfy(\.isFinite) else {
      throw TrainingError.notFinite(
        what: "perplexity", epoch: state.epoch + 1, batch: state.window, learningRate: options.learningRate)
    }
    state.carried = passes.map { $0.carried.slots.map(\.values) }
    try checkpoint(state)
  }

  private func restoreCarried(_ state: PretrainingState) {
    for (pass, slots) in zip(passes, state.carried) {
      for (slot, values) in zip(pass.carried.slots, slots) {
        for row in 0..<slot.rows {
          slot.setRow(row, Array(values[row * slot.columns..<(row + 1) * slot.columns]))
        }
      }
    }
  }
}
