import Foundation

/// Softmax cross-entropy as PyTorch's `cross_entropy` with `reduction="mean"` defines it.
///
///     L = Σ_i ((1 - ε) w_{y_i} (-log p_i,{y_i}) + ε / C Σ_c w_c (-log p_i,c)) / Σ_i w_{y_i}
package struct ReferenceLoss: Sendable {
  /// ε
  package var labelSmoothing: Double
  /// w; `nil` is all ones.
  package var classWeights: [Double]?

  package init(labelSmoothing: Double = 0, classWeights: [Double]? = nil) {
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  /// The loss of a batch and ∂L/∂logits, `[batch, classes]`.
  package func evaluate(logits: [[Double]], labels: [Int]) -> (loss: Double, gradient: [[Double]]) {
    let totalWeight = labels.reduce(0) { $0 + weight(of: $1) }
    var loss = 0.0
    var gradient: [[Double]] = []
    for (z, label) in zip(logits, labels) {
      // Cross-entropy against a target that need not sum to one: -Σ_c target_c log p_c.
      let target = z.indices.map { c in
        labelSmoothing / Double(z.count) * weight(of: c)
          + (c == label ? (1 - labelSmoothing) * weight(of: c) : 0)
      }
      let largest = z.max() ?? 0
      let logSum = largest + log(z.reduce(0) { $0 + exp($1 - largest) })
      let mass = target.reduce(0, +)
      loss -= zip(target, z).reduce(0) { $0 + $1.0 * ($1.1 - logSum) } / totalWeight
      gradient.append(zip(target, z).map { (mass * exp($1 - logSum) - $0) / totalWeight })
    }
    return (loss, gradient)
  }

  private func weight(of label: Int) -> Double { classWeights?[label] ?? 1 }
}
