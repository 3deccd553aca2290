import RecurrentNumerics

/// The loss of a logistic regression on which features a text has, one label against the rest.
///
///     z_i = b + Σ_{f in text i} r_f w_f
///     L   = Σ_i log(1 + exp(−y_i z_i)) + λ/2 |w|²        y_i: 1 or −1; the bias b is not held down
///     ∂L/∂w_f = r_f Σ_{i has f} (σ(z_i) − [y_i = 1]) + λ w_f
///
/// r is the log-count ratio of naive Bayes: a weight of 1 everywhere is naive Bayes itself. The point is w and then b.
package struct LogisticLoss {
  package let matrix: NgramMatrix
  /// Which texts have the label.
  let targets: [Bool]
  /// r of each feature.
  package let ratios: [Double]
  /// λ.
  let l2: Double
  let pool: WorkerPool

  package init(_ matrix: NgramMatrix, targets: [Bool], l2: Double, pool: WorkerPool) {
    precondition(targets.count == matrix.rowCount, "\(targets.count) targets of \(matrix.rowCount) texts")
    self.matrix = matrix
    self.targets = targets
    self.l2 = l2
    self.pool = pool
    ratios = LogisticLoss.ratios(matrix, targets)
  }

  /// r_f = log((p_f / |p|) / (q_f / |q|)), p_f = 1 + texts of the label with f, q_f = 1 + others.
  private static func ratios(_ matrix: NgramMatrix, _ targets: [Bool]) -> [Double] {
    var p = [Double](repeating: 1, count: matrix.featureCount)
    var q = p
    for feature in p.indices {
      for index in matrix.columnStarts[feature]..<matrix.columnStarts[feature + 1] {
        if targets[Int(matrix.rows[index])] { p[feature] += 1 } else { q[feature] += 1 }
      }
    }
    let shift = logarithm(q.reduce(0, +)) - logarithm(p.reduce(0, +))
    return p.indices.map { logarithm(p[$0]) - logarithm(q[$0]) + shift }
  }

  /// The loss at a point, `[features + 1]`, and its gradient there.
  package func callAsFunction(_ point: [Double], _ gradient: inout [Double]) -> Double {
    let features = matrix.featureCount
    let weights = point.withUnsafeBufferPointer { point in
      ratios.withUnsafeBufferPointer { ratios in
        [Double](unsafeUninitializedCapacity: features) { output, filled in
          for index in 0..<features { output[index] = point[index] * ratios[index] }
          filled = features
        }
      }
    }
    let (loss, errors) = residuals(weights, bias: point[features])
    writeGradient(errors, point, &gradient)
    var squares = 0.0
    for index in 0..<features { squares += point[index] * point[index] }
    return loss + l2 / 2 * squares
  }

  /// The sum of the texts' losses, and σ(z) − [y = 1] of each.
  private func residuals(_ weights: [Double], bias: Double) -> (loss: Double, errors: [Double]) {
    let count = matrix.rowCount
    let parts = Swift.max(1, Swift.min(256, count / 64))
    let found = pool.map(parts) { [matrix, targets] part in
      var loss = 0.0
      let range = count * part / parts..<count * (part + 1) / parts
      let errors = weights.withUnsafeBufferPointer { weights in
        matrix.columns.withUnsafeBufferPointer { columns in
          range.map { row in
            var z = bias
            for index in matrix.rowStarts[row]..<matrix.rowStarts[row + 1] {
              z += weights[Int(columns[index])]
            }
            let margin = targets[row] ? z : -z
            let small = exponential(-margin.magnitude)
            loss += logarithm(1 + small) + Swift.max(0, -margin)
            let probability = z >= 0 ? 1 / (1 + small) : small / (1 + small)
            return probability - (targets[row] ? 1 : 0)
          }
        }
      }
      return (loss: loss, errors: errors)
    }
    var loss = 0.0
    var errors: [Double] = []
    errors.reserveCapacity(count)
    for part in found {
      loss += part.loss
      errors += part.errors
    }
    return (loss, errors)
  }

  private func writeGradient(_ errors: [Double], _ point: [Double], _ gradient: inout [Double]) {
    let features = matrix.featureCount
    gradient.withUnsafeMutableBufferPointer { gradient in
      guard let start = gradient.baseAddress else { return }
      let output = GradientOutput(start: start)
      let parts = self.parts
      pool.run(parts.count) { [matrix, ratios, l2] part in
        errors.withUnsafeBufferPointer { errors in
          matrix.rows.withUnsafeBufferPointer { rows in
            for feature in parts[part] {
              var sum = 0.0
              for index in matrix.columnStarts[feature]..<matrix.columnStarts[feature + 1] {
                sum += errors[Int(rows[index])]
              }
              output.start[feature] = ratios[feature] * sum + l2 * point[feature]
            }
          }
        }
      }
      gradient[features] = errors.reduce(0, +)
    }
  }

  /// Adjacent features that have about as many texts in each part: the first ones have most.
  private var parts: [Range<Int>] {
    let starts = matrix.columnStarts
    let wanted = Swift.max(1, matrix.columns.count / 64)
    var parts: [Range<Int>] = []
    var first = 0
    for feature in 0..<matrix.featureCount
    where starts[feature + 1] - starts[first] >= wanted || feature == matrix.featureCount - 1 {
      parts.append(first..<feature + 1)
      first = feature + 1
    }
    return parts
  }
}

/// Where tasks write the components that are theirs.
private struct GradientOutput: @unchecked Sendable {
  let start: UnsafeMutablePointer<Double>
}
