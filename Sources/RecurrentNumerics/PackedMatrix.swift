import CRecurrentKernels

/// A weight matrix laid out for the matrix product of one kernel set.
///
/// Immutable once made, so it is shared between threads. `product` computes C = A B (or C + A B), where B is `[k, n]`.
public struct PackedMatrix: Sendable {
  public let inner: Int
  public let columns: Int
  let kernels: KernelSet
  private let panels: Matrix

  /// Packs the transpose of a row-major `[n, k]` weight, so that the product is x W^T: what a projection computes.
  package init(transposing weight: UnsafePointer<Float>, rows n: Int, columns k: Int, kernels: KernelSet) {
    self.init(weight, inner: k, columns: n, rowStride: 1, columnStride: k, kernels: kernels)
  }

  /// Packs a row-major `[k, n]` weight as it stands, so that the product is dY W: what back-propagation computes.
  package init(_ weight: UnsafePointer<Float>, rows k: Int, columns n: Int, kernels: KernelSet) {
    self.init(weight, inner: k, columns: n, rowStride: n, columnStride: 1, kernels: kernels)
  }

  private init(
    _ b: UnsafePointer<Float>, inner k: Int, columns n: Int, rowStride: Int, columnStride: Int,
    kernels: KernelSet
  ) {
    inner = k
    columns = n
    self.kernels = kernels
    panels = Matrix()
    panels.reshape(rows: 1, columns: Matrix.packedSize(inner: k, columns: n, kernels: kernels))
    kernels.functions.pointee.pack(k, n, b, rowStride, columnStride, panels.pointer)
  }

  /// C `[rows, columns]` = A B, or C + A B when `accumulating`.
  package func product(
    _ a: UnsafePointer<Float>, rows: Int, stride: Int, into c: UnsafeMutablePointer<Float>, outputStride: Int,
    accumulating: Bool
  ) {
    kernels.functions.pointee.gemm(
      rows, columns, inner, a, stride, 1, panels.pointer, accumulating ? UnsafePointer(c) : nil, outputStride,
      c,
      outputStride)
  }

  /// C `[rows, columns]` = bias + A B: the same bias, `[columns]`, in every row.
  package func product(
    _ a: UnsafePointer<Float>, rows: Int, stride: Int, plus bias: [Float],
    into c: UnsafeMutablePointer<Float>,
    outputStride: Int
  ) {
    precondition(bias.count == columns)
    kernels.functions.pointee.gemm(
      rows, columns, inner, a, stride, 1, panels.pointer, bias, 0, c, outputStride)
  }
}

extension Matrix {
  static func packedSize(inner: Int, columns: Int, kernels: KernelSet) -> Int {
    let width = kernels.functions.pointee.panel_width
    return (columns + width - 1) / width * width * inner
  }
}

/// Accumulates weight gradients: C `[m, n]` += Aᵀ B over the rows of A `[rows, m]` and B `[rows, n]`, in row order.
///
/// - Parameter packing: scratch memory, kept by the caller.
/// - Complexity: 2·rows·m·n floating-point operations.
package func accumulateTransposedProduct(
  _ a: UnsafePointer<Float>, columns m: Int, stride: Int, _ b: UnsafePointer<Float>, columns n: Int,
  rows: Int,
  into c: UnsafeMutablePointer<Float>, outputStride: Int, packing: Matrix, kernels: KernelSet
) {
  // 512 rows of B, packed, stay in the second-level cache for n up to 256.
  let block = 512
  packing.reshape(
    rows: 1,
    columns: Matrix.packedSize(inner: Swift.min(block, Swift.max(rows, 1)), columns: n, kernels: kernels))
  var start = 0
  while start < rows {
    let count = Swift.min(block, rows - start)
    kernels.functions.pointee.pack(count, n, b + start * n, n, 1, packing.pointer)
    kernels.functions.pointee.gemm(
      m, n, count, a + start * stride, 1, stride, packing.pointer, c, outputStride, c, outputStride)
    start += count
  }
}
