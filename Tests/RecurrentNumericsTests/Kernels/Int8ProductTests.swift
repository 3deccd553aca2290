import CRecurrentKernels
import RecurrentNumerics
import Testing

/// Products with int8 weights of every table, to the bit: against the definition, and all tables against generic.
@Suite struct Int8ProductTests {
  @Test(arguments: KernelTable.all)
  func smallProductsAreTheDefinitionOfTheHeader(_ set: KernelTable) throws {
    let kernels = try set.table()
    for (rows, columns, inner) in [
      (1, 1, 1), (2, 5, 3), (3, 17, 4), (5, 33, 16), (7, 70, 63), (13, 40, 257), (9, 65, 31),
    ] {
      let shape = Int8Case(rows: rows, columns: columns, inner: inner)
      let packed = shape.packed(for: kernels)
      for accumulates in [false, true] {
        let found = try #require(shape.product(kernels, packed: packed, accumulates: accumulates))
        #expect(
          found.bits == shape.expected(accumulates: accumulates).bits, "\(rows) x \(inner) x \(columns)")
      }
    }
  }

  @Test(arguments: KernelTable.all.dropFirst(), [1, 15, 16, 17, 63, 64, 65, 128, 200])
  func everyTableGivesTheBitsOfGenericForAnyShape(_ set: KernelTable, _ columns: Int) throws {
    let kernels = try set.table()
    let generic = try KernelFixture.kernels(.generic)
    for inner in [1, 3, 4, 5, 16, 100, 255, 600] {
      let shape = Int8Case(rows: 70, columns: columns, inner: inner)
      let packed = shape.packed(for: kernels)
      let genericPacked = shape.packed(for: generic)
      for accumulates in [false, true] {
        let expected = try #require(shape.product(generic, packed: genericPacked, accumulates: accumulates))
        for rows in Array(1...13) + [25, 47, 49, 70] {
          let found = shape.product(kernels, packed: packed, rows: 0..<rows, accumulates: accumulates)
          if found?.bits != Array(expected.prefix(rows * columns)).bits {
            Issue.record("\(rows) rows, \(columns) columns, k \(inner), accumulates \(accumulates)")
            return
          }
        }
      }
    }
  }

  /// Rows longer than the buffer on the stack are quantised in parts; sums reach ±127²·65,536.
  @Test(arguments: KernelTable.all, [1500, 16_384, 16_388, 32_769, 65_535, 65_536])
  func longRowsAreSummedExactly(_ set: KernelTable, _ inner: Int) throws {
    let kernels = try set.table()
    let random = KernelFixture.random(inner, seed: 3)
    // The first and second column agree with the first row in sign or oppose it everywhere: the largest sums there are.
    let shape = Int8Case(
      rows: 3, columns: 3, inner: inner, a: { row, p in row == 0 ? 1 : row == 1 ? random[p] : -1 },
      b: [Float](repeating: 3, count: inner) + [Float](repeating: -3, count: inner) + random.reversed())
    let found = try #require(shape.product(kernels, packed: shape.packed(for: kernels), accumulates: false))
    #expect(found.bits == shape.expected(accumulates: false).bits)
    #expect(abs(found[0] - Float(3 * inner)) <= Float(inner) * 0x1p-14)
    #expect(found[1] == -found[0] && found[6] == -found[0] && found[7] == found[0])
  }

  @Test(arguments: KernelTable.all)
  func extremeRowsAreAsDefinedAndLeaveOthersAlone(_ set: KernelTable) throws {
    let kernels = try set.table()
    let plain = KernelFixture.random(100, seed: 1)
    let rows: [(Int) -> Float] = [
      { plain[$0] }, { _ in 0 }, { plain[$0] * 1e30 }, { plain[$0] * 1e-30 }, { plain[$0] * 0x1p-132 },
      { $0 == 50 ? .nan : plain[$0] }, { $0 == 99 ? .infinity : plain[$0] }, { $0 == 0 ? -.infinity : 0 },
      { $0 == 98 ? .greatestFiniteMagnitude : plain[$0] }, { $0 == 3 ? 1e30 : plain[$0] },
      { $0 == 97 ? -.nan : 0x1p-140 }, { _ in -0.0 }, { plain[$0] * 0.75e-36 }, { plain[$0] },
    ]
    let columnFactors: [Float] = [1, 0, 1e30, 1e-30, 0x1p-140, 1, 1, .greatestFiniteMagnitude / 2]
    var b = columnFactors.enumerated().flatMap { column, factor in
      KernelFixture.random(100, seed: UInt64(column)).map { $0 * factor }
    }
    b[5 * 100 + 7] = .nan
    b[6 * 100 + 99] = -.infinity
    let shape = Int8Case(rows: rows.count, columns: 8, inner: 100, a: { rows[$0]($1) }, b: b)
    let packed = shape.packed(for: kernels)
    for accumulates in [false, true] {
      let found = try #require(shape.product(kernels, packed: packed, accumulates: accumulates))
      // What differs between NaNs is not told.
      let canonical = { (values: [Float]) in values.map { $0.isNaN ? Float.nan : $0 }.bits }
      #expect(canonical(found) == canonical(shape.expected(accumulates: accumulates)))
      let isNaN = found.map(\.isNaN)
      for row in 0..<rows.count {
        for column in 0..<8 {
          let expected = [5, 6, 7, 10].contains(row) || [5, 6].contains(column)
          #expect(isNaN[row * 8 + column] == expected, "row \(row), column \(column)")
        }
      }
    }
  }

  @Test(arguments: KernelTable.all)
  func rowsComputedAloneEqualTheirRowsInAnyBatch(_ set: KernelTable) throws {
    let kernels = try set.table()
    let shape = Int8Case(
      rows: 40, columns: 70, inner: 300, a: { row, p in Float((row * 37 + p * p) % 101 - 50) })
    let packed = shape.packed(for: kernels)
    let alone = (0..<40).map {
      shape.product(kernels, packed: packed, rows: $0..<$0 + 1, accumulates: false)
    }
    for rows in 1...40 {
      for first in [0, 40 - rows] {
        let found = try #require(
          shape.product(kernels, packed: packed, rows: first..<first + rows, accumulates: false))
        for row in 0..<rows {
          #expect(
            Array(found[row * 70..<(row + 1) * 70]) == alone[first + row],
            "row \(row) of \(rows) from \(first)")
        }
      }
    }
  }

  /// With q off by half a step at most, |error| ≤ Σ (|a| s/2 + |b| r/2 + r s/4), and a little for the rounding of
  /// scales and of the result.
  @Test(arguments: KernelTable.all)
  func errorsStayWithinHalfAStepOfEachFactor(_ set: KernelTable) throws {
    let kernels = try set.table()
    for inner in [1, 10, 256, 600] {
      let shape = Int8Case(rows: 7, columns: 19, inner: inner)
      let found = try #require(shape.product(kernels, packed: shape.packed(for: kernels), accumulates: false))
      for row in 0..<7 {
        let a = shape.row(row).doubles
        let r = a.reduce(0) { max($0, abs($1)) } / 127
        for column in 0..<19 {
          let b = shape.column(column).doubles
          let s = b.reduce(0) { max($0, abs($1)) } / 127
          var exact = 0.0
          var allowed = 0.0
          for (x, y) in zip(a, b) {
            exact += x * y
            allowed += abs(x) * s / 2 + abs(y) * r / 2 + r * s / 4
          }
          #expect(abs(Double(found[row * 19 + column]) - exact) <= allowed * 1.001 + abs(exact) * 0x1p-22)
        }
      }
    }
  }

  @Test(arguments: KernelTable.all)
  func packingWhatTheWeightsStandForGivesTheSameBytes(_ set: KernelTable) throws {
    let kernels = try set.table()
    for seed in 0..<20 as Range<UInt64> {
      let inner = 40
      let columns = 70
      var random = KernelFixture.random(inner * columns, seed: seed)
      // Scales of every size, and steps of exact halves.
      for column in 0..<columns {
        let factor = Float(sign: .plus, exponent: column * 3 - 100, significand: 1)
        for p in 0..<inner { random[column * inner + p] *= factor }
      }
      let shape = Int8Case(rows: 0, columns: columns, inner: inner, b: random)
      let reference = QuantizedReference(columns: (0..<columns).map(shape.column))
      let again = Int8Case(rows: 0, columns: columns, inner: inner, b: reference.columns.flatMap { $0 })
      #expect(again.packed(for: kernels).values.bits == shape.packed(for: kernels).values.bits)
      // The products are exact, so that a float engine sees the same model.
      for (column, scale) in zip(reference.weights, reference.scales) {
        for weight in column { #expect(Double(Float(weight) * scale) == Double(weight) * Double(scale)) }
      }
    }
  }

  @Test(arguments: KernelTable.all)
  func packingReadsEitherOrderOfBIntoTheSamePanels(_ set: KernelTable) throws {
    let kernels = try set.table()
    for columns in [1, 33, 70] {
      for inner in [1, 7, 16, 17, 257] {
        let shape = Int8Case(rows: 0, columns: columns, inner: inner)
        let packed = shape.packed(for: kernels).values.bits
        let rowMajor = EdgeFloats(
          (0..<inner).flatMap { p in (0..<columns).map { shape.b.start[$0 * inner + p] } })
        let found = EdgeFloats((kernels.int8_packed_size(inner, columns) + 3) / 4)
        kernels.int8_pack(inner, columns, rowMajor.start, columns, 1, found.start)
        #expect(found.values.bits == packed, "\(columns) columns, k \(inner)")
      }
    }
  }

  @Test(arguments: KernelTable.all)
  func emptyShapesGiveZerosOrLeaveC(_ set: KernelTable) throws {
    let kernels = try set.table()
    for (rows, columns, inner) in [(0, 5, 7), (5, 0, 7), (5, 7, 0)] {
      let shape = Int8Case(rows: rows, columns: columns, inner: inner)
      let packed = shape.packed(for: kernels)
      for accumulates in [false, true] {
        let found = try #require(shape.product(kernels, packed: packed, accumulates: accumulates))
        let expected = (0..<rows).flatMap { shape.firstRow($0, accumulates: accumulates) }
        #expect(found == expected)
      }
    }
  }

  @Test(arguments: KernelFixture.levels)
  func anInt8MatrixIsTheProductWithTheTranspose(_ level: KernelLevel) throws {
    let kernels = try #require(KernelSet(level: level)).multiplying(in: .int8)
    let shape = Int8Case(rows: 5, columns: 33, inner: 70)
    let matrix = PackedMatrix(transposing: shape.b.start, rows: 33, columns: 70, kernels: kernels)
    #expect(matrix.inner == 70 && matrix.columns == 33)
    for accumulates in [false, true] {
      let c = EdgeFloats((0..<5).flatMap { shape.firstRow($0, accumulates: true) })
      matrix.product(
        shape.a.start, rows: 5, stride: 70 + Int8Case.gap, into: c.start, outputStride: 33,
        accumulating: accumulates)
      #expect(c.values.bits == shape.expected(accumulates: accumulates).bits)
    }
  }
}
