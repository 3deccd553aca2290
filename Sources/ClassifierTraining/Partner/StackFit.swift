import ModelPackage
import SequenceClassifier

/// Fits how the logits of a network and its partner are added, on data that neither was trained on.
///
///     minimises Σ_i −log softmax(a n_i + b p_i + c)_{y_i} + ½ ((a − 1)² + b² + |c|²)
///
/// The squares decide only where there are very few texts. Convex, with one minimum.
public enum StackFit {
  public static func fit(
    network: [[Float]], partner: [[Float]], labels: [Int]
  ) -> Manifest.Partner.Stack {
    let labelCount = network.first?.count ?? 0
    let prior = [1.0, 0] + [Double](repeating: 0, count: labelCount)
    let result = LimitedMemoryBFGS(iterations: 200, memory: 8, tolerance: 1e-9).minimise(from: prior) {
      point, gradient in
      var value = 0.0
      for index in point.indices {
        gradient[index] = point[index] - prior[index]
        value += gradient[index] * gradient[index] / 2
      }
      for (row, label) in labels.enumerated() {
        let (n, p) = (network[row], partner[row])
        let logits = (0..<labelCount).map {
          point[0] * Double(n[$0]) + point[1] * Double(p[$0]) + point[2 + $0]
        }
        let largest = logits.max() ?? 0
        let powers = logits.map { exponential($0 - largest) }
        let total = powers.reduce(0, +)
        value += logarithm(total) + largest - logits[label]
        for index in 0..<labelCount {
          let error = powers[index] / total - (index == label ? 1 : 0)
          gradient[0] += error * Double(n[index])
          gradient[1] += error * Double(p[index])
          gradient[2 + index] += error
        }
      }
      return value
    }
    return .init(network: result.point[0], partner: result.point[1], bias: Array(result.point[2...]))
  }
}

extension Manifest.Partner.Stack {
  /// The logits of both together, as a classifier adds them.
  public func combined(_ network: [[Float]], _ partner: [[Float]]) -> [[Float]] {
    let stack = LogitStack(self)
    return zip(network, partner).map { stack.combined($0, $1) }
  }
}
