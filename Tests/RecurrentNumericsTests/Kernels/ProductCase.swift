import CRecurrentKernels
import Foundation
import RecurrentNumerics

/// Random A, B and first C of one shape, and what their product has to be.
///
/// C has rows that are `gap` floats wider than the product.
struct ProductCase {
  static let gap = 3
  let gapValue: Float = -77
  let rows: Int
  let columns: Int
  let inner: Int
  let a: EdgeFloats
  /// A, column by column.
  private let transposedA: EdgeFloats
  let b: EdgeFloats
  private let firstC: [Float]

  init(rows: Int, columns: Int, inner: Int) {
    self.rows = rows
    self.columns = columns
    self.inner = inner
    let a = KernelFixture.random(rows * inner, seed: UInt64(inner))
    self.a = EdgeFloats(a)
    transposedA = EdgeFloats((0..<inner).flatMap { p in (0..<rows).map { a[$0 * inner + p] } })
    b = EdgeFloats(KernelFixture.random(inner * columns, seed: UInt64(columns) &+ 99))
    firstC = KernelFixture.random(rows * columns, seed: 5)
  }

  /// B, or a block of it, in panels that end at the edge of readable memory.
  func packed(
    for kernels: rk_kernels, columns: Range<Int>? = nil, inner: Range<Int>? = nil
  ) -> EdgeFloats {
    let columns = columns ?? 0..<self.columns
    let inner = inner ?? 0..<self.inner
    let width = kernels.panel_width
    let packed = EdgeFloats((columns.count + width - 1) / width * width * inner.count)
    kernels.pack(
      inner.count, columns.count, b.start + inner.lowerBound * self.columns + columns.lowerBound,
      self.columns, 1,
      packed.start)
    return packed
  }

  /// C after the product of some rows of A with packed columns of B.
  func product(
    _ level: KernelLevel, packed: EdgeFloats, firstRow: Int = 0, rows: Int, columns: Range<Int>? = nil,
    accumulates: Bool, transposes: Bool
  ) throws -> ProductResult {
    let kernels = try KernelFixture.kernels(level)
    let columns = columns ?? 0..<self.columns
    let width = columns.count + Self.gap
    // The last row ends with the product: what lies behind it cannot be written.
    let c = EdgeFloats(rows * width - Self.gap)
    c.start.update(repeating: accumulates ? gapValue : .nan, count: c.count)
    for row in 0..<rows {
      if accumulates {
        for column in columns.indices {
          c.start[row * width + column - columns.lowerBound] =
            firstC[(firstRow + row) * self.columns + column]
        }
      }
      if row + 1 < rows { for at in 0..<Self.gap { c.start[row * width + columns.count + at] = gapValue } }
    }
    if transposes {
      kernels.gemm(
        rows, columns.count, inner, transposedA.start + firstRow, 1, self.rows, packed.start,
        accumulates ? UnsafePointer(c.start) : nil, width, nil, c.start, width)
    } else {
      kernels.gemm(
        rows, columns.count, inner, a.start + firstRow * inner, inner, 1, packed.start,
        accumulates ? UnsafePointer(c.start) : nil, width, nil, c.start, width)
    }
    return ProductResult(c: c, columns: columns.count, stride: width)
  }

  /// Each element as the header defines it: c, then a multiply-add a term in ascending order, fused or not.
  func chain(accumulates: Bool, isFused: Bool) -> [Float] {
    var result = accumulates ? firstC : [Float](repeating: 0, count: rows * columns)
    result.withUnsafeMutableBufferPointer { result in
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = result[row * columns + column]
          for p in 0..<inner {
            let left = a.start[row * inner + p]
            let right = b.start[p * columns + column]
            if isFused { sum.addProduct(left, right) } else { sum += left * right }
          }
          result[row * columns + column] = sum
        }
      }
    }
    return result
  }

  /// The worst error of `found` against the sum in Double, as a part of what rounding allows.
  ///
  /// A chain of k roundings of partial sums, each by at most 2⁻²⁴ of Σ|a b| + |c|, and the rounding of each product at
  /// the generic level: (k + 1)·2⁻²⁴ (Σ|a b| + |c|), and a little for the second order.
  func worstError(of found: [Float], accumulates: Bool) -> Double {
    let allowed = Double(inner + 1) * 0x1p-24 * 1.01
    var worst = 0.0
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = accumulates ? Double(firstC[row * columns + column]) : 0
        var magnitude = abs(sum)
        for p in 0..<inner {
          let term = Double(a.start[row * inner + p]) * Double(b.start[p * columns + column])
          sum += term
          magnitude += abs(term)
        }
        worst = max(worst, abs(Double(found[row * columns + column]) - sum) / (allowed * magnitude))
      }
    }
    return worst
  }
}

/// C with rows wider than the product.
struct ProductResult {
  let c: EdgeFloats
  let columns: Int
  let stride: Int

  func row(_ index: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: c.start + index * stride, count: columns))
  }

  /// Whether the first rows of `expected` (without gaps) are here to the bit and the gaps as they were.
  func equals(_ expected: [Float], rows: Int, untouched: Float) -> Bool {
    expected.withUnsafeBufferPointer { expected in
      guard let base = expected.baseAddress else { return false }
      for row in 0..<rows {
        guard memcmp(c.start + row * stride, base + row * columns, columns * 4) == 0 else { return false }
        if row + 1 < rows {
          for at in columns..<stride where c.start[row * stride + at] != untouched { return false }
        }
      }
      return true
    }
  }
}
