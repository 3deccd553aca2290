import RecurrentNumerics
import SequenceClassifier

/// Softmax cross-entropy with label smoothing and class weights, the weighted mean over a batch.
///
///     l_i = −Σ_k w_k ((1 − ε) q_ik + ε / K) log p_i(k)
///     L   = Σ_i l_i / Σ_i Σ_k w_k q_ik
///
/// q_i is 1 for the label of an example and 0 elsewhere, or the shares that it was given. For labels this is PyTorch's
/// definition (`CrossEntropyLoss` with `weight` and `label_smoothing`); for shares too, where no class weights are given.
public struct CrossEntropy: Sendable {
  /// ε, from 0 up to but not including 1.
  public let labelSmoothing: Float
  /// w, one a class; empty for all ones.
  public let classWeights: [Float]

  /// Plain cross-entropy by default. Neither the range of ε nor the number of weights is checked.
  public init(labelSmoothing: Float = 0, classWeights: [Float] = []) {
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  func weight(of label: Int) -> Float { classWeights.isEmpty ? 1 : classWeights[label] }

  /// Σ_k w_k q_k.
  private func weight(of target: ExampleTarget) -> Double {
    switch target {
    case .label(let label): Double(weight(of: label))
    case .shares(let shares):
      shares.indices.reduce(0) { $0 + Double(weight(of: $1)) * Double(shares[$1]) }
    }
  }

  /// Σ_i Σ_k w_k q_ik: what the sums of a batch, or of all its shards, are divided by.
  public func totalWeight(_ targets: [ExampleTarget]) -> Double {
    targets.reduce(0) { $0 + weight(of: $1) }
  }

  /// The sum of l_i over the rows, and ∂L/∂logits in `gradient`, already shaped.
  /// - Parameters:
  ///   - logits: `[batch, classes]`.
  ///   - totalWeight: of the whole batch, of which these rows may be a shard.
  public func sum(
    _ logits: Matrix, targets: [ExampleTarget], totalWeight: Double, gradient: Matrix
  ) -> Double {
    let classes = logits.columns
    precondition(
      gradient.rows == logits.rows && gradient.columns == classes,
      "a gradient [\(gradient.rows), \(gradient.columns)] of logits [\(logits.rows), \(classes)]")
    let smooth = Double(labelSmoothing)
    var sum = 0.0
    var values = [Double](repeating: 0, count: classes)
    var wanted = values
    for row in 0..<logits.rows {
      let (logitRow, gradientRow) = (logits.row(row), gradient.row(row))
      for index in 0..<classes { values[index] = Double(logitRow[index]) }
      let exponentials = LogSumExp(values)
      let logTotal = exponentials.value
      var wantedTotal = 0.0
      for index in 0..<classes {
        let share = (1 - smooth) * Double(targets[row].share(of: index)) + smooth / Double(classes)
        wanted[index] = share * Double(weight(of: index))
        wantedTotal += wanted[index]
        if wanted[index] > 0 { sum -= wanted[index] * (values[index] - logTotal) }
      }
      for index in 0..<classes {
        let probability = exponentials.terms[index] / exponentials.sum
        gradientRow[index] = Float((wantedTotal * probability - wanted[index]) / totalWeight)
      }
    }
    return sum
  }
}
