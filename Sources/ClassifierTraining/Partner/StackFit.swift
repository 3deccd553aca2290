import ModelPackage
import SequenceClassifier

/// Fits how the logits of a network and its partner are added, on data that neither was trained on.
///
///     minimises Σ_i −log softmax((a + a' ℓ_i) n_i + (b + b' ℓ_i) p_i + c)_{y_i} + ½ ((a − 1)² + a'² + b² + b'² + |c|²)
///
/// with ℓ of each text's length (`LogitStack`), and p_i = c = 0 for texts that are too short for the partner. The squares
/// decide only where there are very few texts. Convex, with one minimum.
public enum StackFit {
  /// - Parameters:
  ///   - idCounts: how many token ids the network reads of each text.
  ///   - minLength: how many of them a text must have for the partner to have a say; 1 is all texts, and not stated then.
  public static func fit(
    network: [[Float]], partner: [[Float]], idCounts: [Int], labels: [Int], minLength: Int = 1
  ) -> Manifest.Partner.Stack {
    let labelCount = network.first?.count ?? 0
    let scales = idCounts.map(LogitStack.scale(ofLength:))
    let isLongEnough = idCounts.map { $0 >= minLength }
    // a, a', b, b', then c.
    let prior = [1.0, 0, 0, 0] + [Double](repeating: 0, count: labelCount)
    let result = LimitedMemoryBFGS(iterations: 400, memory: 8, tolerance: 1e-9).minimise(from: prior) {
      point, gradient in
      var value = 0.0
      for index in point.indices {
        gradient[index] = point[index] - prior[index]
        value += gradient[index] * gradient[index] / 2
      }
      for (row, label) in labels.enumerated() {
        let (n, p, scale) = (network[row], partner[row], scales[row])
        let (a, b) = (point[0] + point[1] * scale, point[2] + point[3] * scale)
        let logits = (0..<labelCount).map {
          a * Double(n[$0]) + (isLongEnough[row] ? b * Double(p[$0]) + point[4 + $0] : 0)
        }
        let exponentials = LogSumExp(logits)
        value += exponentials.value - logits[label]
        for index in 0..<labelCount {
          let error = exponentials.terms[index] / exponentials.sum - (index == label ? 1 : 0)
          gradient[0] += error * Double(n[index])
          gradient[1] += error * Double(n[index]) * scale
          if isLongEnough[row] {
            gradient[2] += error * Double(p[index])
            gradient[3] += error * Double(p[index]) * scale
            gradient[4 + index] += error
          }
        }
      }
      return value
    }
    let point = result.point
    return .init(
      network: point[0], partner: point[2], bias: Array(point[4...]), networkByLength: point[1],
      partnerByLength: point[3], partnerMinLength: minLength > 1 ? minLength : nil)
  }
}

extension Manifest.Partner.Stack {
  /// The logits of both together, as a classifier adds them.
  public func combined(_ network: [[Float]], _ partner: [[Float]], idCounts: [Int]) -> [[Float]] {
    let stack = LogitStack(self)
    return network.indices.map { stack.combined(network[$0], partner[$0], idCount: idCounts[$0]) }
  }
}
