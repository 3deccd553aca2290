import SequenceClassifier

/// Fits the temperature that logits are divided by before the softmax, so that scores mean what they say.
///
/// Minimises Σ −log softmax(z / t)_y + ½ w (ln t)² over t on data that training did not see, by a golden-section search over
/// ln t. The sum is convex in 1 / t: Guo et al. 2017, arXiv:1706.04599. The square, with w = 20, holds t near 1 where there are
/// few texts: a handful that are all answered rightly would make every score 1, and thousands do not feel it.
public enum TemperatureCalibration {
  /// w, in nats.
  private static let priorWeight = 20.0

  /// The temperature, within 0.05 … 20; 1 where there is no data.
  public static func fit(logits: [[Float]], labels: [Int]) -> Double {
    guard !labels.isEmpty else { return 1 }
    let golden = (5.0.squareRoot() - 1) / 2
    var low = logarithm(0.05)
    var high = logarithm(20)
    func loss(_ logTemperature: Double) -> Double {
      self.loss(logits: logits, labels: labels, temperature: exponential(logTemperature))
        + priorWeight * logTemperature * logTemperature / 2
    }
    var left = high - golden * (high - low)
    var right = low + golden * (high - low)
    var (leftLoss, rightLoss) = (loss(left), loss(right))
    while high - low > 1e-4 {
      if leftLoss <= rightLoss {
        high = right
        (right, rightLoss) = (left, leftLoss)
        left = high - golden * (high - low)
        leftLoss = loss(left)
      } else {
        low = left
        (left, leftLoss) = (right, rightLoss)
        right = low + golden * (high - low)
        rightLoss = loss(right)
      }
    }
    return exponential((low + high) / 2)
  }

  private static func loss(logits: [[Float]], labels: [Int], temperature: Double) -> Double {
    var sum = 0.0
    for (row, label) in zip(logits, labels) {
      let scaled = row.map { Double($0) / temperature }
      sum += LogSumExp(scaled).value - scaled[label]
    }
    return sum
  }
}
