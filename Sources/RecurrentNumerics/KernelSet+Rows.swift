import CRecurrentKernels

/// Row and vector arithmetic over memory that the caller owns.
extension KernelSet {
  /// sums[j] += Σ_i x(i, j), i ascending.
  package func addColumnSums(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, to sums: UnsafeMutablePointer<Float>
  ) {
    functions.pointee.add_column_sums(rows, columns, x, columns, sums)
  }

  /// y += x.
  package func add(_ x: UnsafePointer<Float>, count: Int, to y: UnsafeMutablePointer<Float>) {
    functions.pointee.add(count, x, y)
  }

  /// y += a x.
  package func add(
    _ x: UnsafePointer<Float>, scaledBy a: Float, count: Int, to y: UnsafeMutablePointer<Float>
  ) {
    functions.pointee.add_scaled(count, a, x, y)
  }

  /// y *= x, element by element.
  package func multiply(_ y: UnsafeMutablePointer<Float>, by x: UnsafePointer<Float>, count: Int) {
    functions.pointee.multiply(count, x, y)
  }

  /// y *= a.
  package func scale(_ y: UnsafeMutablePointer<Float>, by a: Float, count: Int) {
    functions.pointee.scale(count, a, y)
  }

  /// Σ x², in Double, in an order that `count` alone fixes.
  package func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double {
    functions.pointee.sum_of_squares(count, x)
  }

  /// Where x exceeds `best`: best = x and index = position; ties keep the earlier position.
  package func keepMaximum(
    _ x: UnsafePointer<Float>, position: Int32, count: Int, best: UnsafeMutablePointer<Float>,
    index: UnsafeMutablePointer<Int32>
  ) {
    functions.pointee.max_with_index(count, x, position, best, index)
  }
}

extension KernelSet {
  /// Σ x y, in an order that `count` alone fixes.
  package func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int) -> Float {
    functions.pointee.dot(count, x, y)
  }
}

// MARK: Functions

extension KernelSet {
  /// y = tanh y.
  package func tanh(_ y: UnsafeMutablePointer<Float>, count: Int) {
    functions.pointee.vtanh(count, y, y)
  }

  /// e^x, the same bits as in a row.
  package func exp(_ x: Float) -> Float {
    var (x, result) = (x, Float.zero)
    functions.pointee.vexp(1, &x, &result)
    return result
  }

  /// ∂L/∂x from ∂L/∂y of y = tanh x, in place.
  package func tanhBackward(
    _ gradient: UnsafeMutablePointer<Float>, output y: UnsafePointer<Float>, count: Int
  ) {
    functions.pointee.tanh_backward(count, y, gradient, gradient)
  }
}

// MARK: Rows as files hold them

extension KernelSet {
  /// Widens `count` little-endian halves at any address. Exact.
  package func widen(halves: UnsafeRawPointer, count: Int, into y: UnsafeMutablePointer<Float>) {
    functions.pointee.from_half(count, halves, y)
  }

  /// y = q · scale. Exact where the scale has up to 17 significant bits.
  package func widen(
    int8 q: UnsafeRawPointer, scale: Float, count: Int, into y: UnsafeMutablePointer<Float>
  ) {
    functions.pointee.from_int8(count, q.assumingMemoryBound(to: Int8.self), scale, y)
  }
}
