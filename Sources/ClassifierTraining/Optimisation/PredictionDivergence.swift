import RecurrentNumerics

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
