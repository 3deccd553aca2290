import RecurrentNumerics

/// Softmax cross-entropy with label smoothing and class weights, the weighted mean over a batch.
///
///     l_i = −w_{y_i} (1 − ε) log p_i(y_i) − (ε / K) Σ_k w_k log p_i(k)
///     L   = Σ_i l_i / Σ_i w_{y_i}
///
/// PyTorch's definition (`CrossEntropyLoss` with `weight` and `label_smoothing`).
public struct CrossEntropy: Sendable {
  /// ε, from 0 up to but not including 1.
  public let labelSmoothing: Float
  /// w, one a class; empty for all ones.
  public let classWeights: [Float]

  public init(labelSmoothing: Float = 0, classWeights: [Float] = []) {
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  func weight(of label: Int) -> Float { classWeights.isEmpty ? 1 : classWeights[label] }

  /// Σ_i w_{y_i}: what the sums of a batch, or of all its shards, are divided by.
  public func totalWeight(labels: [Int]) -> Double { labels.reduce(0) { $0 + Double(weight(of: $1)) } }

  /// The sum of l_i over the rows, and ∂L/∂logits in `gradient`, already shaped.
  /// - Parameters:
  ///   - logits: `[batch, classes]`.
  ///   - totalWeight: of the whole batch, of which these rows may be a shard.
  public func sum(_ logits: Matrix, labels: [Int], totalWeight: Double, gradient: Matrix) -> Double {
    let classes = logits.columns
    var sum = 0.0
    for row in 0..<logits.rows {
      let values = logits.rowValues(row).map(Double.init)
      let maximum = values.max() ?? 0
      let exponentials = values.map { exponential($0 - maximum) }
      let total = exponentials.reduce(0, +)
      let logTotal = logarithm(total) + maximum
      var gradientRow = [Float](repeating: 0, count: classes)
      var targetTotal = 0.0
      var targets = [Double](repeating: 0, count: classes)
      for index in 0..<classes {
        let hit = index == labels[row] ? Double(1 - labelSmoothing) * Double(weight(of: index)) : 0
        targets[index] = hit + Double(labelSmoothing) / Double(classes) * Double(weight(of: index))
        targetTotal += targets[index]
        sum -= targets[index] * (values[index] - logTotal)
      }
      for index in 0..<classes {
        let probability = exponentials[index] / total
        gradientRow[index] = Float((targetTotal * probability - targets[index]) / totalWeight)
      }
      gradient.setRow(row, gradientRow)
    }
    return sum
  }
}
