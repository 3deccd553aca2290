/// How far an epoch is.
public struct StepProgress: Sendable {
  /// From 1.
  public let epoch: Int
  /// Epochs of the whole run.
  public let epochs: Int
  /// Batches done.
  public let batch: Int
  /// Batches of the epoch.
  public let batches: Int
  /// Mean loss of the epoch so far.
  public let loss: Double
  /// Of the batch that comes next.
  public let learningRate: Double
  /// Training tokens a second, of this run's part of the epoch.
  public let tokensPerSecond: Double
  /// Wall seconds until all epochs are done, at the present pace.
  public let secondsLeft: Double
}
