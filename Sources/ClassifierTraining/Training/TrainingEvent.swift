/// What a trainer tells whoever watches.
public enum TrainingEvent: Sendable {
  case step(StepProgress)
  case evaluating(epoch: Int)
  case epoch(EpochRecord)
  case checkpoint
}

/// How far an epoch is.
public struct StepProgress: Sendable {
  /// From 1.
  public let epoch: Int
  public let epochs: Int
  /// Batches done.
  public let batch: Int
  public let batches: Int
  /// Mean loss of the epoch so far.
  public let loss: Double
  public let learningRate: Double
  public let tokensPerSecond: Double
  /// Wall seconds until all epochs are done, at the present pace.
  public let secondsLeft: Double
}

/// Why training ended.
public enum TrainingEnd: String, Sendable {
  /// All epochs are done.
  case completed
  /// The dev metric did not improve for `patience` epochs.
  case stoppedEarly = "stopped-early"
  /// Whoever runs it asked it to stop; the state can be resumed.
  case interrupted
}
