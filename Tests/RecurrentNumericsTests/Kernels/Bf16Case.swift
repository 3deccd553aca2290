import CRecurrentKernels
import RecurrentNumerics

extension Float {
  /// The nearest number of 8 significant bits, ties to even; zero for denormals.
  var roundedToBf16: Float {
    guard isFinite, !isZero else { return self }
    guard magnitude >= .leastNormalMagnitude else { return Float(signOf: self, magnitudeOf: 0) }
    let unit = Double(sign: .plus, exponent: Int(exponent) - 7, significand: 1)
    return Float((Double(self) / unit).rounded(.toNearestOrEven) * unit)
  }
}

/// A, B and start of one shape for bf16 products, and what the header says of their product.
struct Bf16Case {
  /// How A lies in memory.
  enum Layout: CaseIterable { case rows, columns, scattered }
  /// What the sums start from.
  enum Start: CaseIterable { case zeros, bias, itself, other, table }

  static let gap = 3
  let rows: Int
  let columns: Int
  let inner: Int
  private let a: [Float]
  private let b: [Float]
  private let start: [Float]
  private let layouts: [(a: EdgeFloats, rowStride: Int, columnStride: Int)]

  init(rows: Int, columns: Int, inner: Int, a: [Float]? = nil, b: [Float]? = nil, start: [Float]? = nil) {
    self.rows = rows
    self.columns = columns
    self.inner = inner
    let a = a ?? KernelFixture.random(rows * inner, seed: UInt64(rows &* 1000 &+ inner))
    self.a = a
    self.b = b ?? KernelFixture.random(inner * columns, seed: UInt64(columns) &+ 7)
    self.start = start ?? KernelFixture.random(max(rows, 1) * columns, seed: 5)
    layouts = Layout.allCases.map { layout in
      let (rowStride, columnStride) =
        switch layout {
        case .rows: (inner + Self.gap, 1)
        case .columns: (1, rows + Self.gap)
        case .scattered: (2 * inner + Self.gap, 2)
        }
      // The gaps hold what must not be read, and the last element ends at the edge of readable memory.
      let isEmpty = rows == 0 || inner == 0
      let floats = EdgeFloats(isEmpty ? 0 : (rows - 1) * rowStride + (inner - 1) * columnStride + 1)
      for index in 0..<floats.count { floats.start[index] = .nan }
      for row in 0..<rows {
        for p in 0..<inner { floats.start[row * rowStride + p * columnStride] = a[row * inner + p] }
      }
      return (floats, rowStride, columnStride)
    }
  }

  /// B, or some rows of it, packed out of either order.
  func packed(for kernels: rk_kernels, inner range: Range<Int>? = nil, transposes: Bool = false) -> EdgeFloats
  {
    let range = range ?? 0..<inner
    let part = range.flatMap { p in (0..<columns).map { b[p * columns + $0] } }
    let source = EdgeFloats(
      transposes
        ? (0..<columns).flatMap { column in range.map { b[$0 * columns + column] } } : part)
    let packed = EdgeFloats((kernels.bf16_packed_size(range.count, columns) + 3) / 4)
    if transposes {
      kernels.bf16_pack(range.count, columns, source.start, 1, range.count, packed.start)
    } else {
      kernels.bf16_pack(range.count, columns, source.start, columns, 1, packed.start)
    }
    return packed
  }

  /// Rows of a table start the sums in an order of their own, some of them twice.
  private func tableRow(_ row: Int) -> Int { (row * 7 + 3) % rows / 2 }

  private func firstSum(_ row: Int, _ column: Int, _ start: Start) -> Float {
    switch start {
    case .zeros: 0
    case .bias: self.start[column]
    case .itself, .other: self.start[row * columns + column]
    case .table: self.start[tableRow(row) * columns + column]
    }
  }

  /// C of some rows, without gaps; nil where a gap changed.
  func product(
    _ kernels: rk_kernels, packed: EdgeFloats, rows range: Range<Int>? = nil, layout: Layout = .rows,
    start: Start = .zeros
  ) -> [Float]? {
    let range = range ?? 0..<rows
    let stride = columns + Self.gap
    let c = EdgeFloats(max(range.count * stride - Self.gap, 0))
    for index in 0..<c.count { c.start[index] = -77 }
    for (at, row) in range.enumerated() where start == .itself {
      for column in 0..<columns { c.start[at * stride + column] = firstSum(row, column, start) }
    }
    let others = EdgeFloats(
      start == .table
        ? self.start
        : start == .bias
          ? (0..<columns).map { firstSum(0, $0, start) }
          : range.flatMap { row in (0..<columns).map { firstSum(row, $0, start) } })
    let (sums, sumStride): (UnsafePointer<Float>?, Int) =
      switch start {
      case .zeros: (nil, 0)
      case .bias: (UnsafePointer(others.start), 0)
      case .itself: (UnsafePointer(c.start), stride)
      case .other, .table: (UnsafePointer(others.start), columns)
      }
    let (a, rowStride, columnStride) = layouts[Layout.allCases.firstIndex(of: layout) ?? 0]
    let tableRows = start == .table ? range.map { Int32(tableRow($0)) } : nil
    kernels.bf16_gemm(
      range.count, columns, inner, a.start + range.lowerBound * rowStride, rowStride, columnStride,
      packed.start, sums, sumStride, tableRows, c.start, stride)
    var result: [Float] = []
    for at in 0..<range.count {
      result += UnsafeBufferPointer(start: c.start + at * stride, count: columns)
      if at + 1 < range.count {
        for gap in columns..<stride where c.start[at * stride + gap] != -77 { return nil }
      }
    }
    return result
  }

  /// C of all rows, with k cut into products that add to it.
  func product(_ kernels: rk_kernels, cuts: [Int]) -> [Float] {
    let c = EdgeFloats([Float](repeating: .nan, count: rows * columns))
    let (a, rowStride, columnStride) = layouts[0]
    for (start, end) in zip(cuts, cuts.dropFirst()) {
      let b = packed(for: kernels, inner: start..<end)
      kernels.bf16_gemm(
        rows, columns, end - start, a.start + start * columnStride, rowStride, columnStride, b.start,
        start > 0 ? UnsafePointer(c.start) : nil, columns, nil, c.start, columns)
    }
    return c.values
  }

  /// Rounded operands multiplied and added in ascending order: the bits of levels without bf16 instructions.
  func chain(start: Start = .zeros) -> [Float] {
    let (a, b) = (a.map(\.roundedToBf16), b.map(\.roundedToBf16))
    return (0..<rows).flatMap { row in
      (0..<columns).map { column in
        var sum = firstSum(row, column, start)
        for p in 0..<inner { sum.addProduct(a[row * inner + p], b[p * columns + column]) }
        return sum
      }
    }
  }

  /// The worst error of `found` against the sum of rounded operands in Double, as a part of the header's bound.
  func worstError(of found: [Float], start: Start = .zeros) -> Double {
    let (a, b) = (a.map { Double($0.roundedToBf16) }, b.map { Double($0.roundedToBf16) })
    var worst = 0.0
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = Double(firstSum(row, column, start))
        var magnitude = abs(sum)
        for p in 0..<inner {
          let term = a[row * inner + p] * b[p * columns + column]
          sum += term
          magnitude += abs(term)
        }
        let allowed = Double(inner + 2) * 0x1p-23 * magnitude + Double(inner + 1) * 0x1p-125
        worst = max(worst, abs(Double(found[row * columns + column]) - sum) / allowed)
      }
    }
    return worst
  }
}
