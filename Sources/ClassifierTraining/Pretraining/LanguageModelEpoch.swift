/// What a language model's file keeps of one pass over the texts.
public struct LanguageModelEpoch: Codable, Hashable, Sendable {
  /// From 1.
  public let epoch: Int
  /// Mean loss of the sampled softmax, in nats, with dropout: each direction.
  public let trainLoss: [Double]
  /// exp of the mean loss of the full softmax on the held-out texts: each direction.
  public let perplexity: [Double]
  // Files of earlier builds told how long a pass took.
  private var seconds: Double?
  private var tokensPerSecond: Double?

  init(_ record: PretrainingEpoch) {
    epoch = record.epoch
    trainLoss = record.trainLoss
    perplexity = record.perplexity
  }
}
