/// What one pass over the texts came to.
public struct PretrainingEpoch: Codable, Hashable, Sendable {
  /// From 1.
  public let epoch: Int
  /// Mean loss of the sampled softmax, in nats, with dropout: each direction.
  public let trainLoss: [Double]
  /// exp of the mean loss of the full softmax on the held-out texts: each direction.
  public let perplexity: [Double]
  /// Wall seconds, evaluation included.
  public let seconds: Double
  /// Tokens a second, each direction reading all of them; evaluation not counted.
  public let tokensPerSecond: Double
}
