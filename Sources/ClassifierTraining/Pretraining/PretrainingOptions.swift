import RecurrentNumerics

/// What is dropped while a language model learns; what is kept is scaled by 1 / (1 − rate).
public struct PretrainingDropout: Codable, Hashable, Sendable {
  /// Whole words: dropped wherever they stand in a window.
  public var embeddingRows: Float = 0.1
  /// Features of the embedded words, the same at all steps of a window.
  public var input: Float = 0.2
  /// Single recurrent weights, the same at all steps of a window ("DropConnect", Merity 2017, arXiv:1708.02182).
  public var weight: Float = 0.2
  /// Features of h_t before the head, the same at all steps of a window.
  public var output: Float = 0.2

  /// The defaults: a tenth of the words, a fifth of everything else.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case embeddingRows = "embedding-rows"
    case input, weight, output
  }
}

/// The choices of training a language model: the `[training]` table of a configuration.
public struct PretrainingOptions: Codable, Hashable, Sendable {
  /// Passes over the texts.
  public var epochs = 4
  /// Texts read side by side.
  public var streams = 64
  /// Steps of a window, on average; each window draws its own number within a fifth of it.
  public var window = 100
  /// Words drawn against each true one.
  public var samples = 1_024
  /// Peak learning rate.
  public var learningRate = 3e-3
  /// How the learning rate changes over training.
  public var schedule = LearningRateSchedule.oneCycle
  /// Share of training over which the rate climbs; 0 with `oneCycle`, which climbs by itself.
  public var warmUp = 0.0
  /// Largest global norm of the gradients; 0 for no limit.
  public var clip = 0.25
  /// Weight of activation regularisation, α · mean |dropped h_t|² (Merity 2017).
  public var activation: Float = 0
  /// Weight of temporal activation regularisation, β · mean |h_t − h_{t−1}|².
  public var temporalActivation: Float = 0
  /// Of everything random.
  public var seed: UInt64 = 1
  /// Of matrix products; weights, states and sums stay fp32.
  public var precision = Precision.float32
  /// The table `[training.optimizer]`.
  public var optimizer = OptimiserOptions()
  /// The table `[training.dropout]`.
  public var dropout = PretrainingDropout()

  /// The defaults: four epochs of Adam, the rate in one cycle up to 0.003.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case epochs, streams, window, samples
    case learningRate = "learning-rate"
    case schedule
    case warmUp = "warm-up"
    case clip
    case activation = "activation-regularisation"
    case temporalActivation = "temporal-activation-regularisation"
    case seed, precision, optimizer, dropout
  }

  /// Refuses values that no training can use.
  public func validate() throws(OptionError) {
    let require = OptionChecks(table: "training")
    try require((1...100_000).contains(epochs), "epochs", epochs, "from 1 to 100000")
    try require((1...65_536).contains(streams), "streams", streams, "from 1 to 65536")
    try require((1...65_536).contains(window), "window", window, "from 1 to 65536")
    try require((1...1_000_000).contains(samples), "samples", samples, "from 1 to 1000000")
    try require(
      learningRate > 0 && learningRate <= 100, "learning-rate", learningRate, "above 0 and at most 100")
    try require.checkWarmUp(warmUp, of: schedule)
    try require(clip >= 0 && clip.isFinite, "clip", clip, "0 for no limit, or above 0")
    try require(
      precision != .int8, "precision", precision.rawValue, "f32 or bf16: int8 is for inference only")
    for (name, weight) in [
      ("activation-regularisation", activation), ("temporal-activation-regularisation", temporalActivation),
    ] {
      try require(weight >= 0 && weight.isFinite, name, weight, "0 or above")
    }
    for (name, rate) in [
      ("embedding-rows", dropout.embeddingRows), ("input", dropout.input), ("weight", dropout.weight),
      ("output", dropout.output),
    ] {
      try require((0..<1).contains(rate), "dropout.\(name)", rate, "a share from 0 to below 1")
    }
    try optimizer.validate()
  }
}
