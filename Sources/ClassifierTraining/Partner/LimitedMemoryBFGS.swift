/// Minimises a smooth function by the limited-memory BFGS method.
///
///     p = −H g, H from the last `memory` pairs s = Δx, y = Δg by the two-loop recursion, H_0 = sᵀy / yᵀy
///     x ← x + t p, t halved from 1 until f falls by at least 10⁻⁴ t gᵀp (Armijo)
///
/// In Double and in one fixed order of sums: the same function gives the same bits. Nocedal 1980,
/// doi:10.1090/S0025-5718-1980-0572855-7; Nocedal & Wright 2006, algorithms 7.4 and 7.5.
package struct LimitedMemoryBFGS: Sendable {
  package var iterations: Int
  package var memory: Int
  /// Largest component of the gradient to stop at, relative to that of the start.
  package var tolerance: Double

  package init(iterations: Int = 60, memory: Int = 6, tolerance: Double = 1e-4) {
    self.iterations = iterations
    self.memory = memory
    self.tolerance = tolerance
  }

  package struct Result: Sendable {
    package var point: [Double]
    package var value: Double
    /// Largest component of the gradient.
    package var gradientNorm: Double
    package var iterations: Int
  }

  /// - Parameter function: its value at a point, and its gradient there, written over.
  package func minimise(
    from start: [Double], _ function: (_ point: [Double], _ gradient: inout [Double]) -> Double
  ) -> Result {
    var point = start
    var gradient = [Double](repeating: 0, count: start.count)
    var value = function(point, &gradient)
    let target = tolerance * largestMagnitude(gradient)
    var pairs: [(s: [Double], y: [Double], product: Double)] = []
    var candidate = point
    var candidateGradient = gradient
    var done = 0
    while done < iterations, largestMagnitude(gradient) > target {
      var direction = gradient
      applyInverseHessian(to: &direction, pairs)
      var slope = -dot(direction, gradient)
      if slope >= 0 {
        // Rounding has spoilt the pairs: steepest descent again.
        pairs = []
        direction = gradient
        slope = -dot(gradient, gradient)
      }
      // The first step has no scale to go by.
      var step = pairs.isEmpty ? Swift.min(1, 1 / dot(direction, direction).squareRoot()) : 1.0
      var accepted = false
      for _ in 0..<40 {
        setSum(&candidate, point, -step, direction)
        let next = function(candidate, &candidateGradient)
        if next <= value + 1e-4 * step * slope {
          accepted = true
          value = next
          break
        }
        step /= 2
      }
      // At the limit of rounding no step falls.
      guard accepted else { break }
      var s = candidate
      addScaled(&s, -1, point)
      var y = candidateGradient
      addScaled(&y, -1, gradient)
      let product = dot(s, y)
      if product > 1e-12 * dot(y, y) {
        if pairs.count == memory { pairs.removeFirst() }
        pairs.append((s, y, product))
      }
      swap(&point, &candidate)
      swap(&gradient, &candidateGradient)
      done += 1
    }
    return Result(
      point: point, value: value, gradientNorm: largestMagnitude(gradient), iterations: done)
  }

  /// The two-loop recursion: `vector` becomes H times itself.
  private func applyInverseHessian(
    to vector: inout [Double], _ pairs: [(s: [Double], y: [Double], product: Double)]
  ) {
    guard let last = pairs.last else { return }
    var factors: [Double] = []
    for pair in pairs.reversed() {
      let factor = dot(pair.s, vector) / pair.product
      addScaled(&vector, -factor, pair.y)
      factors.append(factor)
    }
    let scale = last.product / dot(last.y, last.y)
    for index in vector.indices { vector[index] *= scale }
    for (pair, factor) in zip(pairs, factors.reversed()) {
      let correction = dot(pair.y, vector) / pair.product
      addScaled(&vector, factor - correction, pair.s)
    }
  }
}

/// Eight sums side by side, then added: one order, and vector code.
private func dot(_ left: [Double], _ right: [Double]) -> Double {
  left.withUnsafeBytes { left in
    right.withUnsafeBytes { right in
      var sums = SIMD8<Double>.zero
      let (count, whole) = (left.count, left.count & ~63)
      for offset in stride(from: 0, to: whole, by: 64) {
        sums +=
          left.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
          * right.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
      }
      var sum = sums.sum()
      for offset in stride(from: whole, to: count, by: 8) {
        sum +=
          left.loadUnaligned(fromByteOffset: offset, as: Double.self)
          * right.loadUnaligned(fromByteOffset: offset, as: Double.self)
      }
      return sum
    }
  }
}

private func addScaled(_ target: inout [Double], _ factor: Double, _ other: [Double]) {
  target.withUnsafeMutableBufferPointer { target in
    other.withUnsafeBufferPointer { other in
      for index in 0..<target.count { target[index] += factor * other[index] }
    }
  }
}

private func setSum(_ target: inout [Double], _ base: [Double], _ factor: Double, _ other: [Double]) {
  target.withUnsafeMutableBufferPointer { target in
    base.withUnsafeBufferPointer { base in
      other.withUnsafeBufferPointer { other in
        for index in 0..<target.count { target[index] = base[index] + factor * other[index] }
      }
    }
  }
}

private func largestMagnitude(_ values: [Double]) -> Double {
  values.withUnsafeBufferPointer { $0.reduce(0) { Swift.max($0, $1.magnitude) } }
}
