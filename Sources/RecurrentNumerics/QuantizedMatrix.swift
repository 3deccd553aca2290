import CRecurrentKernels

/// A weight matrix of 8-bit integers, with a scale for each column, laid out for the int8 product of one kernel set.
///
/// Immutable once made, so it is shared between threads. `product` computes C = A B (or C + A B), where B is `[k, n]`:
/// each row of A is quantised as it comes. All kernel sets give the same bits.
package struct QuantizedMatrix: Sendable {
  package let inner: Int
  package let columns: Int
  let kernels: KernelSet
  private let panels: Matrix

  /// The largest `inner` whose sums fit 32-bit integers.
  package static let largestInner = Int(RK_INT8_LARGEST_K)

  /// Quantises and packs the transpose of a row-major `[n, k]` weight, so that the product is x W^T. Each row of the
  /// weight has the scale max|w| / 127; weights that are exact multiples of such a scale lose nothing.
  package init(transposing weight: UnsafePointer<Float>, rows n: Int, columns k: Int, kernels: KernelSet) {
    precondition(k <= Self.largestInner, "\(k) columns of an int8 weight")
    inner = k
    columns = n
    self.kernels = kernels
    panels = Matrix()
    panels.reshape(rows: 1, columns: (kernels.functions.pointee.int8_packed_size(k, n) + 3) / 4)
    kernels.functions.pointee.int8_pack(k, n, weight, 1, k, panels.pointer)
  }

  /// C `[rows, columns]` = A B, or C + A B when `accumulating`.
  package func product(
    _ a: UnsafePointer<Float>, rows: Int, stride: Int, into c: UnsafeMutablePointer<Float>, outputStride: Int,
    accumulating: Bool
  ) {
    guard rows > 0 else { return }
    kernels.functions.pointee.int8_gemm(
      rows, columns, inner, a, stride, panels.pointer, c, outputStride, accumulating ? 1 : 0)
  }
}
