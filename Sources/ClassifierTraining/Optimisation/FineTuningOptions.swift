/// How parts below the readout learn more slowly, and later, where a network starts from trained weights.
///
/// The readout learns at rate η, the top level at η / factor, each part below at 1 / factor of the one above: discriminative
/// fine-tuning; and each part below the readout starts `unfreezing` epochs after the one above: gradual unfreezing
/// (Howard & Ruder 2018, arXiv:1801.06146).
public struct FineTuningOptions: Codable, Hashable, Sendable {
  /// 1 for one rate for all.
  public var factor: Double
  /// Epochs between a part's start and that of the part below; 0 for all at once.
  public var unfreezing: Double

  /// By default all parts learn from the start, at one rate. `TrainingOptions.validate` checks the values.
  public init(factor: Double = 1, unfreezing: Double = 0) {
    self.factor = factor
    self.unfreezing = unfreezing
  }

  /// The rates when the readout's is `rate`, after `epochs` epochs.
  public func rates(_ rate: Double, epochs: Double, levels: Int) -> LayerRates {
    /// - Parameter depth: parts above this one.
    func part(_ depth: Int) -> Float {
      guard epochs >= unfreezing * Double(depth) else { return 0 }
      return Float(rate / power(factor, Double(depth)))
    }
    var rates = LayerRates(Float(rate), levels: levels)
    for level in 0..<levels { rates.levels[level] = part(levels - level) }
    rates.embedding = part(levels + 1)
    return rates
  }

  /// How many parts below the readout, the lowest ones, have not started when all epochs are done.
  func frozenParts(epochs: Int, levels: Int) -> Int {
    (1...levels + 1).count { unfreezing * Double($0) >= Double(epochs) }
  }
}
