import RecurrentNumerics
import SequenceClassifier

/// A prediction: p and log p of one row of logits.
struct LogProbabilities {
  let values: [Double]
  let probabilities: [Double]

  init(logits: [Float]) {
    let logits = logits.map(Double.init)
    let logTotal = LogSumExp(logits).value
    values = logits.map { $0 - logTotal }
    probabilities = values.map(exponential)
  }

  /// H = −Σ p log p, in nats. A class without probability adds nothing.
  var entropy: Double {
    zip(probabilities, values).reduce(0) { $0 - ($1.0 > 0 ? $1.0 * $1.1 : 0) }
  }

  /// Of each row of logits, `[batch, classes]`.
  static func rows(_ logits: Matrix) -> [LogProbabilities] {
    (0..<logits.rows).map { LogProbabilities(logits: logits.rowValues($0)) }
  }
}
