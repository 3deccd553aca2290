import CRecurrentKernels
import Foundation
import RecurrentNumerics
import Testing

/// C = A B and C + A B of every level, against the definition and to the bit.
@Suite struct MatrixProductTests {
  @Test(arguments: KernelFixture.levels, [1, 5, 32, 33, 70])
  func everyElementIsTheChainOfTheHeaderForAnyShape(_ level: KernelLevel, _ columns: Int) throws {
    for inner in [1, 7, 255, 256, 257, 600] {
      let shape = ProductCase(rows: 26, columns: columns, inner: inner)
      let b = shape.packed(for: try KernelFixture.kernels(level))
      for accumulates in [false, true] {
        let chain = shape.chain(accumulates: accumulates, isFused: level != .generic)
        for rows in 1...26 {
          for transposes in [false, true] {
            let found = try shape.product(
              level, packed: b, rows: rows, accumulates: accumulates, transposes: transposes)
            if !found.equals(chain, rows: rows, untouched: shape.gapValue) {
              Issue.record(
                "\(rows) rows, \(columns) columns, k \(inner), accumulates \(accumulates), transposed \(transposes)"
              )
              return
            }
          }
        }
        let worst = shape.worstError(of: chain, accumulates: accumulates)
        #expect(worst <= 1, "\(worst) of the bound at k \(inner)")
      }
    }
  }

  @Test(arguments: KernelFixture.levels)
  func rowsComputedAloneEqualTheirRowsInAnyBatch(_ level: KernelLevel) throws {
    let shape = ProductCase(rows: 40, columns: 70, inner: 300)
    let b = shape.packed(for: try KernelFixture.kernels(level))
    let alone = try (0..<40).map { row in
      try shape.product(level, packed: b, firstRow: row, rows: 1, accumulates: false, transposes: false).row(
        0)
    }
    for rows in 1...40 {
      for first in [0, 40 - rows] {
        let batch = try shape.product(
          level, packed: b, firstRow: first, rows: rows, accumulates: false, transposes: false)
        for row in 0..<rows {
          #expect(batch.row(row) == alone[first + row], "row \(row) of \(rows) from \(first)")
        }
      }
    }
  }

  @Test(arguments: KernelFixture.levels)
  func blocksOfColumnsEqualTheirColumnsOfTheWhole(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let shape = ProductCase(rows: 13, columns: 150, inner: 260)
    let whole = try shape.product(
      level, packed: shape.packed(for: kernels), rows: 13, accumulates: true, transposes: false)
    for range in [0..<1, 1..<2, 0..<31, 31..<64, 32..<150, 149..<150, 7..<140] {
      let packed = shape.packed(for: kernels, columns: range)
      for rows in [1, 2, 3, 5, 13] {
        let part = try shape.product(
          level, packed: packed, rows: rows, columns: range, accumulates: true, transposes: false)
        for row in 0..<rows {
          #expect(part.row(row) == Array(whole.row(row)[range]), "columns \(range), row \(row) of \(rows)")
        }
      }
    }
  }

  @Test(arguments: KernelFixture.levels)
  func cutsOfTheInnerDimensionChangeNoBit(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let shape = ProductCase(rows: 13, columns: 70, inner: 600)
    let whole = try shape.product(
      level, packed: shape.packed(for: kernels), rows: 13, accumulates: false, transposes: false)
    for cuts in [[0, 1, 600], [0, 256, 600], [0, 255, 257, 600], [0, 100, 513, 599, 600]] {
      let c = EdgeFloats([Float](repeating: .nan, count: 13 * 70))
      for (start, end) in zip(cuts, cuts.dropFirst()) {
        let packed = shape.packed(for: kernels, inner: start..<end)
        kernels.gemm(
          13, 70, end - start, shape.a.start + start, shape.inner, 1, packed.start,
          start > 0 ? UnsafePointer(c.start) : nil, 70, nil, c.start, 70)
      }
      #expect(c.values == (0..<13).flatMap { whole.row($0) }, "cuts at \(cuts)")
    }
  }

  @Test(arguments: KernelFixture.levels)
  func packingReadsEitherOrderOfBIntoTheSamePanels(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    for columns in [1, 5, 32, 33, 70] {
      for inner in [1, 7, 16, 17, 257] {
        let shape = ProductCase(rows: 1, columns: columns, inner: inner)
        let rowMajor = shape.packed(for: kernels).values
        let transposed = EdgeFloats(
          (0..<columns).flatMap { column in (0..<inner).map { shape.b.start[$0 * columns + column] } })
        let packed = EdgeFloats(rowMajor.count)
        kernels.pack(inner, columns, transposed.start, 1, inner, packed.start)
        #expect(packed.values == rowMajor, "\(columns) columns, k \(inner)")
        let width = kernels.panel_width
        let expected = stride(from: 0, to: columns, by: width).flatMap { first in
          (0..<inner).flatMap { p in
            (first..<first + width).map { $0 < columns ? shape.b.start[p * columns + $0] : 0 }
          }
        }
        #expect(rowMajor == expected, "\(columns) columns, k \(inner)")
      }
    }
  }

  @Test(arguments: KernelFixture.levels)
  func sumsStartFromARowThatAllRowsShare(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    for (rows, inner, columns) in [(1, 5, 7), (13, 300, 70), (50, 33, 64)] {
      let a = EdgeFloats(KernelFixture.random(rows * inner, seed: 1))
      let b = EdgeFloats(KernelFixture.random(inner * columns, seed: 2))
      let bias = KernelFixture.random(columns, seed: 3)
      let start = EdgeFloats(bias)
      let width = kernels.panel_width
      let packed = Matrix(rows: 1, columns: (columns + width - 1) / width * width * inner)
      kernels.pack(inner, columns, b.start, columns, 1, packed.pointer)
      let shared = EdgeFloats(rows * columns)
      kernels.gemm(
        rows, columns, inner, a.start, inner, 1, packed.pointer, start.start, 0, nil, shared.start,
        columns)
      let filled = EdgeFloats((0..<rows).flatMap { _ in bias })
      kernels.gemm(
        rows, columns, inner, a.start, inner, 1, packed.pointer, filled.start, columns, nil,
        filled.start, columns)
      #expect(shared.values.bits == filled.values.bits, "\(rows) x \(inner) x \(columns)")
    }
  }

  @Test(arguments: KernelFixture.levels)
  func anEmptyInnerDimensionGivesZerosOrLeavesC(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let empty = EdgeFloats(0)
    for (accumulates, expected) in [(false, [0, 0, 9, 0, 0] as [Float]), (true, [9, 9, 9, 9, 9])] {
      let c = EdgeFloats([9, 9, 9, 9, 9])
      let sums = accumulates ? UnsafePointer(c.start) : nil
      kernels.gemm(2, 2, 0, empty.start, 0, 1, empty.start, sums, 3, nil, c.start, 3)
      #expect(c.values == expected)
      kernels.gemm(0, 2, 3, empty.start, 3, 1, empty.start, sums, 3, nil, c.start, 3)
      kernels.gemm(2, 0, 3, c.start, 1, 1, empty.start, sums, 3, nil, c.start, 3)
      #expect(c.values == expected)
    }
  }
}
