import RecurrentNumerics

/// The dropout masks of one training step, as multipliers.
///
/// Every mask is a function of (stream, what it masks): it does not depend on batch neighbours, shards or threads.
public struct DropoutMasks: Sendable {
  /// Shares that are dropped.
  public let rates: DropoutRates
  private let stream: RandomStream

  /// - Parameter stream: derived from the seed and the step.
  public init(rates: DropoutRates, stream: RandomStream) {
    self.rates = rates
    self.stream = stream
  }

  /// The multiplier of a word's whole embedding.
  public func embeddingRow(token: Int32) -> Float {
    guard rates.embeddingRows > 0 else { return 1 }
    var random = stream.derived(1).derived(UInt64(UInt32(bitPattern: token)))
    return random.uniform() < rates.embeddingRows ? 0 : 1 / (1 - rates.embeddingRows)
  }

  /// The locked mask on the input of a level, for one example.
  public func levelInput(level: Int, example: Int, width: Int) -> [Float] {
    mask(
      rate: level == 0 ? rates.input : rates.hidden, key: 2 + UInt64(level) * 2, example: example,
      width: width)
  }

  /// The mask on the readout's features, for one example.
  public func features(example: Int, width: Int) -> [Float] {
    mask(rate: rates.readout, key: 3, example: example, width: width)
  }

  private func mask(rate: Float, key: UInt64, example: Int, width: Int) -> [Float] {
    guard rate > 0 else { return [Float](repeating: 1, count: width) }
    var random = stream.derived(key).derived(UInt64(example))
    let kept = 1 / (1 - rate)
    return (0..<width).map { _ in random.uniform() < rate ? 0 : kept }
  }

  func masksInput(level: Int) -> Bool { (level == 0 ? rates.input : rates.hidden) > 0 }
  var masksFeatures: Bool { rates.readout > 0 }
}
