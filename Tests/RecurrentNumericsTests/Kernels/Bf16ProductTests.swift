import CRecurrentKernels
import RecurrentNumerics
import Testing

/// Bf16 products of every table against the header: rounding, bounds, and bits that depend on a row alone.
@Suite struct Bf16ProductTests {
  @Test(arguments: KernelTable.all, [1, 5, 32, 33, 70, 150])
  func rowsKeepTheBoundAndTheirBitsInAnyBatch(_ set: KernelTable, _ columns: Int) throws {
    let kernels = try set.table()
    for inner in [1, 2, 7, 32, 255, 256, 257, 600] {
      let shape = Bf16Case(rows: 20, columns: columns, inner: inner)
      let packed = shape.packed(for: kernels)
      for start in Bf16Case.Start.allCases {
        let whole = try #require(shape.product(kernels, packed: packed, start: start))
        #expect(shape.worstError(of: whole, start: start) <= 1, "k \(inner)")
        if set.level != .avx512 || set.isWithoutDotProducts {
          #expect(whole.bits == shape.chain(start: start).bits, "k \(inner)")
        }
        for layout in Bf16Case.Layout.allCases {
          for count in 1...20 {
            for first in Set([0, 20 - count]) {
              let found = shape.product(
                kernels, packed: packed, rows: first..<first + count, layout: layout, start: start)
              let expected = whole[first * columns..<(first + count) * columns]
              if found?.bits != Array(expected).bits {
                Issue.record("\(count) rows from \(first), k \(inner), \(layout), start \(start)")
                return
              }
            }
          }
        }
      }
    }
  }

  @Test(arguments: KernelTable.all)
  func manyRowsEqualTheSameRowsAlone(_ set: KernelTable) throws {
    let kernels = try set.table()
    let shape = Bf16Case(rows: 150, columns: 37, inner: 300)
    let packed = shape.packed(for: kernels)
    let alone = try (0..<150).map { row in
      try #require(shape.product(kernels, packed: packed, rows: row..<row + 1))
    }
    for layout in Bf16Case.Layout.allCases {
      for rows in [24, 25, 47, 48, 49, 64, 96, 97, 149, 150] {
        let found = try #require(
          shape.product(kernels, packed: packed, rows: 150 - rows..<150, layout: layout))
        #expect(found.bits == alone[(150 - rows)...].flatMap { $0 }.bits, "\(rows) rows, \(layout)")
      }
    }
  }

  @Test(arguments: KernelTable.all)
  func cutsAtEvenPlacesChangeNoBit(_ set: KernelTable) throws {
    let kernels = try set.table()
    let shape = Bf16Case(rows: 13, columns: 70, inner: 601)
    let whole = shape.product(kernels, cuts: [0, 601])
    for cuts in [[0, 2, 601], [0, 256, 601], [0, 254, 258, 601], [0, 100, 514, 600, 601]] {
      #expect(shape.product(kernels, cuts: cuts).bits == whole.bits, "cuts at \(cuts)")
    }
  }

  /// Values of every exponent, ties with even and odd neighbours, and the ends of the range.
  private static let rounded: [Float] = {
    var values: [Float] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
      Float(bitPattern: 0x7f7f_7fff), Float(bitPattern: 0x7f7f_8000), .leastNormalMagnitude,
      -.leastNormalMagnitude, .leastNormalMagnitude.nextDown, .leastNonzeroMagnitude,
      Float(bitPattern: 0x807f_ffff),
    ]
    for upper in [0x3f80, 0x3f81, 0x3fff, 0xbf80, 0xbfff, 0x0080, 0x00ff, 0x4b7f] as [UInt32] {
      for lower in [0, 1, 0x7fff, 0x8000, 0x8001, 0xffff] as [UInt32] {
        values.append(Float(bitPattern: upper << 16 | lower))
      }
    }
    return values + KernelFixture.randomBits(2_000, seed: 4)
  }()

  @Test(arguments: KernelTable.all)
  func operandsAreRoundedToTheNearestWithTiesToEven(_ set: KernelTable) throws {
    let kernels = try set.table()
    let expected = Self.rounded.map(\.roundedToBf16)
    // 1 + 2⁻⁸ lies between 1 and 1 + 2⁻⁷.
    #expect((1 + 0x1p-8 as Float).roundedToBf16 == 1 && (1 + 3 * 0x1p-8 as Float).roundedToBf16 == 1 + 0x1p-6)
    #expect(Float.greatestFiniteMagnitude.roundedToBf16 == .infinity)
    let count = expected.count
    let left = Bf16Case(rows: count, columns: 1, inner: 1, a: Self.rounded, b: [1])
    for layout in Bf16Case.Layout.allCases {
      #expect(left.product(kernels, packed: left.packed(for: kernels), layout: layout) == expected)
    }
    let right = Bf16Case(rows: 1, columns: count, inner: 1, a: [1], b: Self.rounded)
    for transposes in [false, true] {
      let packed = right.packed(for: kernels, transposes: transposes)
      #expect(right.product(kernels, packed: packed) == expected)
    }
  }

  @Test(arguments: KernelTable.all, [1, 2, 7, 33])
  func whatIsNotFiniteStaysInItsRowAndItsColumn(_ set: KernelTable, _ inner: Int) throws {
    let kernels = try set.table()
    // The last NaN has only low bits, which rounding drops.
    let strange: [Float] = [.nan, .infinity, -.infinity, Float(bitPattern: 0xff80_0001)]
    let columns = 40
    for (index, value) in strange.enumerated() {
      var a = [Float](repeating: 0.5, count: 15 * inner)
      var b = [Float](repeating: 2, count: inner * columns)
      a[4 * inner + inner - 1] = value
      b[(inner - 1) * columns + 35] = value
      let shape = Bf16Case(rows: 15, columns: columns, inner: inner, a: a, b: b)
      for layout in Bf16Case.Layout.allCases {
        let found = try #require(shape.product(kernels, packed: shape.packed(for: kernels), layout: layout))
        for row in 0..<15 {
          for column in 0..<columns {
            let result = found[row * columns + column]
            if row != 4 && column != 35 {
              #expect(result == Float(inner))
            } else if value.isNaN {
              #expect(result.isNaN, "NaN \(index) at \(row), \(column)")
            } else {
              #expect(result == (row == 4 && column == 35 ? .infinity : value))
            }
          }
        }
      }
    }
  }

  @Test(arguments: KernelTable.all)
  func productsAndSumsBelowTheNormalNumbersKeepTheBound(_ set: KernelTable) throws {
    let kernels = try set.table()
    for inner in [1, 2, 33] {
      let tiny = KernelFixture.random(5 * inner, seed: 1).map { $0 * 0x1p-70 }
      let small = KernelFixture.random(inner * 7, seed: 2).map { $0 * 0x1p-60 }
      let start = KernelFixture.random(35, seed: 3).map { $0 * 0x1p-127 }
      let shape = Bf16Case(rows: 5, columns: 7, inner: inner, a: tiny, b: small, start: start)
      for mode in Bf16Case.Start.allCases {
        let found = try #require(shape.product(kernels, packed: shape.packed(for: kernels), start: mode))
        #expect(shape.worstError(of: found, start: mode) <= 1)
      }
    }
  }

  @Test(arguments: KernelTable.all)
  func packingReadsEitherOrderOfBIntoTheSameBytes(_ set: KernelTable) throws {
    let kernels = try set.table()
    for columns in [1, 5, 32, 33, 70] {
      for inner in [1, 2, 7, 16, 33, 257, 300] {
        let shape = Bf16Case(rows: 0, columns: columns, inner: inner)
        let found = shape.packed(for: kernels, transposes: true)
        #expect(found.values.bits == shape.packed(for: kernels).values.bits, "\(columns) columns, k \(inner)")
      }
    }
  }

  @Test(arguments: KernelTable.all)
  func emptyShapesGiveZerosOrTheStart(_ set: KernelTable) throws {
    let kernels = try set.table()
    for (rows, columns, inner) in [(0, 5, 7), (5, 0, 7), (5, 7, 0)] {
      let shape = Bf16Case(rows: rows, columns: columns, inner: inner)
      let packed = shape.packed(for: kernels)
      for start in Bf16Case.Start.allCases {
        #expect(shape.product(kernels, packed: packed, start: start)?.bits == shape.chain(start: start).bits)
      }
    }
  }

  @Test(arguments: KernelFixture.levels)
  func packedMatricesMultiplyInBf16(_ level: KernelLevel) throws {
    let kernels = try #require(KernelSet(level: level)).multiplying(in: .bfloat16)
    let (rows, columns, inner) = (9, 33, 70)
    let a = KernelFixture.random(rows * inner, seed: 1)
    let b = KernelFixture.random(inner * columns, seed: 2)
    let shape = Bf16Case(rows: rows, columns: columns, inner: inner, a: a, b: b)
    let table = try KernelFixture.kernels(level)
    let expected = try #require(shape.product(table, packed: shape.packed(for: table)))
    let transposed = (0..<columns).flatMap { column in (0..<inner).map { b[$0 * columns + column] } }
    let matrices = [
      PackedMatrix(b, rows: inner, columns: columns, kernels: kernels),
      PackedMatrix(transposing: transposed, rows: columns, columns: inner, kernels: kernels),
    ]
    for matrix in matrices {
      let c = EdgeFloats(rows * columns)
      matrix.product(
        a, rows: rows, stride: inner, into: c.start, outputStride: columns, accumulating: false)
      #expect(c.values.bits == expected.bits)
      matrix.product(
        a, rows: rows, stride: inner, plus: [Float](repeating: 0, count: columns), into: c.start,
        outputStride: columns)
      #expect(c.values.bits == expected.bits)
    }
  }

  /// More rows than are packed at once.
  @Test(arguments: KernelFixture.levels)
  func weightGradientsAreSummedInBf16(_ level: KernelLevel) throws {
    let kernels = try #require(KernelSet(level: level)).multiplying(in: .bfloat16)
    let (rows, m, n) = (1_101, 50, 33)
    let a = KernelFixture.random(rows * m, seed: 1)
    let b = KernelFixture.random(rows * n, seed: 2)
    let start = KernelFixture.random(m * n, seed: 3)
    let transposed = (0..<m).flatMap { i in (0..<rows).map { a[$0 * m + i] } }
    let shape = Bf16Case(rows: m, columns: n, inner: rows, a: transposed, b: b, start: start)
    let table = try KernelFixture.kernels(level)
    let expected = try #require(shape.product(table, packed: shape.packed(for: table), start: .itself))
    let c = EdgeFloats(start)
    accumulateTransposedProduct(
      a, columns: m, stride: m, b, columns: n, rows: rows, into: c.start, outputStride: n, packing: Matrix(),
      kernels: kernels)
    #expect(c.values.bits == expected.bits)
    #expect(shape.worstError(of: c.values, start: .itself) <= 1)
  }
}
