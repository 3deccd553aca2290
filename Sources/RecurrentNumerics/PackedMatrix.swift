import CRecurrentKernels

/// A weight matrix laid out for the matrix product of one kernel set, in the set's precision.
///
/// Immutable once made, so it is shared between threads. `product` computes C = A B (or C + A B), where B is `[k, n]`.
public struct PackedMatrix: Sendable {
  /// k, the length of each sum.
  public let inner: Int
  /// n.
  public let columns: Int
  let kernels: KernelSet
  // Only `init` writes to them.
  nonisolated(unsafe) private let panels: Matrix

  /// The largest `inner` whose sums of 8-bit products fit 32-bit integers.
  package static let largestInt8Inner = Int(RK_INT8_LARGEST_K)

  /// Packs the transpose of a row-major `[n, k]` weight, so that the product is x W^T: what a projection computes.
  ///
  /// In 8 bits each row of the weight has the scale max|w| / 127; weights that are exact multiples of it lose nothing.
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
    let functions = kernels.functions.pointee
    switch kernels.precision {
    case .float32:
      panels.reshape(rows: 1, columns: Matrix.packedSize(inner: k, columns: n, kernels: kernels))
      functions.pack(k, n, b, rowStride, columnStride, panels.pointer)
    case .int8:
      precondition(k <= Self.largestInt8Inner, "\(k) columns of an int8 weight")
      panels.reshape(rows: 1, columns: (functions.int8_packed_size(k, n) + 3) / 4)
      functions.int8_pack(k, n, b, rowStride, columnStride, panels.pointer)
    case .bfloat16:
      panels.reshape(rows: 1, columns: (functions.bf16_packed_size(k, n) + 3) / 4)
      functions.bf16_pack(k, n, b, rowStride, columnStride, panels.pointer)
    }
  }

  /// C `[rows, columns]` = A B, or C + A B when `accumulating`.
  package func product(
    _ a: UnsafePointer<Float>, rows: Int, stride: Int, into c: UnsafeMutablePointer<Float>, outputStride: Int,
    accumulating: Bool
  ) {
    product(
      a, rows: rows, stride: stride, startingFrom: accumulating ? UnsafePointer(c) : nil, outputStride, nil,
      into: c, outputStride: outputStride)
  }

  /// C `[rows, columns]` = bias + A B: the same bias, `[columns]`, in every row.
  package func product(
    _ a: UnsafePointer<Float>, rows: Int, stride: Int, plus bias: [Float],
    into c: UnsafeMutablePointer<Float>,
    outputStride: Int
  ) {
    precondition(bias.count == columns)
    product(
      a, rows: rows, stride: stride, startingFrom: bias, 0, nil, into: c, outputStride: outputStride)
  }

  /// C `[rows, columns]` = S + A B. Row i of S is row `startRows[i]`, or i, of a table at `start`.
  package func product(
    _ a: UnsafePointer<Float>, rows: Int, stride: Int, startingFrom start: UnsafePointer<Float>?,
    _ startStride: Int, _ startRows: UnsafePointer<Int32>?, into c: UnsafeMutablePointer<Float>,
    outputStride: Int
  ) {
    let functions = kernels.functions.pointee
    switch kernels.precision {
    case .float32:
      functions.gemm(
        rows, columns, inner, a, stride, 1, panels.pointer, start, startStride, startRows, c, outputStride)
    case .int8:
      functions.int8_gemm(
        rows, columns, inner, a, stride, panels.pointer, start, startStride, startRows, c, outputStride)
    case .bfloat16:
      functions.bf16_gemm(
        rows, columns, inner, a, stride, 1, panels.pointer, start, startStride, startRows, c, outputStride)
    }
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
/// In the precision of the kernels, but for `int8`, which has no way back: `float32`.
/// - Parameter packing: scratch memory, kept by the caller.
/// - Complexity: 2·rows·m·n floating-point operations.
package func accumulateTransposedProduct(
  _ a: UnsafePointer<Float>, columns m: Int, stride: Int, _ b: UnsafePointer<Float>, columns n: Int,
  rows: Int,
  into c: UnsafeMutablePointer<Float>, outputStride: Int, packing: Matrix, kernels: KernelSet
) {
  // 512 rows of B, packed, stay in the second-level cache for n up to 256.
  let block = 512
  let depth = Swift.min(block, Swift.max(rows, 1))
  let functions = kernels.functions.pointee
  let isBfloat16 = kernels.precision == .bfloat16
  packing.reshape(
    rows: 1,
    columns: isBfloat16
      ? (functions.bf16_packed_size(depth, n) + 3) / 4
      : Matrix.packedSize(inner: depth, columns: n, kernels: kernels))
  var start = 0
  while start < rows {
    let count = Swift.min(block, rows - start)
    let (left, right) = (a + start * stride, b + start * n)
    if isBfloat16 {
      functions.bf16_pack(count, n, right, n, 1, packing.pointer)
      functions.bf16_gemm(
        m, n, count, left, 1, stride, packing.pointer, c, outputStride, nil, c, outputStride)
    } else {
      functions.pack(count, n, right, n, 1, packing.pointer)
      functions.gemm(m, n, count, left, 1, stride, packing.pointer, c, outputStride, nil, c, outputStride)
    }
    start += count
  }
}
