import RecurrentNumerics

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
