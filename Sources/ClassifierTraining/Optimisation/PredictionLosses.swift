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

/// H(p), the entropy of predictions.
enum PredictionEntropy {
  /// The sum of H over rows; adds `scale` ∂H/∂logits = −p (log p + H) to `gradient` `[batch, classes]`.
  static func sum(_ predictions: [LogProbabilities], scale: Double, gradient: Matrix) -> Double {
    var sum = 0.0
    for (row, prediction) in predictions.enumerated() {
      let entropy = prediction.entropy
      sum += entropy
      for (index, p) in prediction.probabilities.enumerated() where p > 0 {
        gradient[row, index] -= Float(scale * p * (prediction.values[index] + entropy))
      }
    }
    return sum
  }
}

/// KL(p ‖ q), how far predictions q are from p, which is held constant.
enum PredictionDivergence {
  /// The sum of KL(p ‖ q) = Σ p (log p − log q) over rows; sets `gradient` `[batch, classes]` to `scale` (q − p), its
  /// derivative by the logits of q.
  static func sum(
    of p: [LogProbabilities], to q: [LogProbabilities], scale: Double, gradient: Matrix
  ) -> Double {
    var sum = 0.0
    for (row, (p, q)) in zip(p, q).enumerated() {
      for index in p.values.indices {
        let share = p.probabilities[index]
        if share > 0 { sum += share * (p.values[index] - q.values[index]) }
        gradient[row, index] = Float(scale * (q.probabilities[index] - share))
      }
    }
    return sum
  }
}
