import CRecurrentKernels
import RecurrentNumerics
import Testing

/// One table of kernels; AVX-512 counts twice, with VNNI and without.
struct Int8Kernels: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let level: KernelLevel
  let isWithoutVNNI: Bool

  static let all: [Int8Kernels] = KernelFixture.levels.flatMap { level in
    var kernels = [Int8Kernels(testDescription: level.rawValue, level: level, isWithoutVNNI: false)]
    if level == .avx512 {
      kernels.append(Int8Kernels(testDescription: "avx512 without VNNI", level: level, isWithoutVNNI: true))
    }
    return kernels
  }

  func table() throws -> rk_kernels {
    guard isWithoutVNNI else { return try KernelFixture.kernels(level) }
    return try #require(rk_kernels_without_vnni(RK_AVX512)?.pointee)
  }
}

/// What int8 weights have to be: the header's definition, column after column.
struct QuantizedReference {
  let scales: [Float]
  let weights: [[Int32]]

  /// - Parameter columns: B, column after column.
  init(columns: [[Float]]) {
    scales = columns.map { column in
      guard let scale = Self.scale(of: column) else { return .nan }
      return Self.roundedTo17Bits(scale)
    }
    weights = zip(columns, scales).map { column, scale in
      column.map { scale > 0 ? Int32(($0 / scale).rounded(.toNearestOrEven)) : 0 }
    }
  }

  /// max|x| / 127, 0 below the normal numbers, nil where x has a NaN or an infinity.
  static func scale(of values: [Float]) -> Float? {
    guard values.allSatisfy(\.isFinite) else { return nil }
    let scale = values.reduce(0) { max($0, abs($1)) } / 127
    return scale >= .leastNormalMagnitude ? scale : 0
  }

  /// In Double, where a multiple of 2^(e - 16) is a whole number away.
  private static func roundedTo17Bits(_ value: Float) -> Float {
    guard value > 0 else { return 0 }
    let unit = Double(sign: .plus, exponent: Int(value.exponent) - 16, significand: 1)
    return Float((Double(value) / unit).rounded(.toNearestOrEven) * unit)
  }

  /// What the weights stand for.
  var columns: [[Float]] { zip(weights, scales).map { column, scale in column.map { Float($0) * scale } } }

  /// One row of the product.
  func product(row: [Float], c: [Float]) -> [Float] {
    let scale = Self.scale(of: row) ?? .nan
    let factor = 127 / row.reduce(0) { max($0, abs($1)) }
    let left = row.map { scale > 0 ? Int64(($0 * factor).rounded(.toNearestOrEven)) : 0 }
    return weights.indices.map { j in
      let sum = zip(left, weights[j]).reduce(0) { $0 + $1.0 * Int64($1.1) }
      return c[j].addingProduct(scale * Float(sum), scales[j])
    }
  }
}

/// A, B and first C of one shape, with rows of A and C that are wider than the product.
struct Int8Case {
  static let gap = 3
  let rows: Int
  let columns: Int
  let inner: Int
  let a: EdgeFloats
  /// B, column after column.
  let b: EdgeFloats
  private let firstC: [Float]
  private var aStride: Int { inner + Self.gap }
  private var cStride: Int { columns + Self.gap }

  init(
    rows: Int, columns: Int, inner: Int, a: ((_ row: Int, _ p: Int) -> Float)? = nil, b values: [Float]? = nil
  ) {
    self.rows = rows
    self.columns = columns
    self.inner = inner
    let random = KernelFixture.random(rows * inner, seed: UInt64(rows &* 1000 &+ inner))
    // The gaps hold what must not be read, and the last row ends at the edge of readable memory.
    let left = EdgeFloats(max(rows * (inner + Self.gap) - Self.gap, 0))
    for index in 0..<left.count { left.start[index] = .nan }
    for row in 0..<rows {
      for p in 0..<inner {
        left.start[row * (inner + Self.gap) + p] = a?(row, p) ?? random[row * inner + p]
      }
    }
    self.a = left
    b = EdgeFloats(values ?? KernelFixture.random(inner * columns, seed: UInt64(columns) &+ 7))
    firstC = KernelFixture.random(rows * columns, seed: 5)
  }

  func row(_ index: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: a.start + index * aStride, count: inner))
  }

  func column(_ index: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: b.start + index * inner, count: inner))
  }

  func firstRow(_ index: Int, accumulates: Bool) -> [Float] {
    accumulates
      ? Array(firstC[index * columns..<(index + 1) * columns]) : [Float](repeating: 0, count: columns)
  }

  func packed(for kernels: rk_kernels) -> EdgeFloats {
    let packed = EdgeFloats((kernels.int8_packed_size(inner, columns) + 3) / 4)
    kernels.int8_pack(inner, columns, b.start, 1, inner, packed.start)
    return packed
  }

  /// C after the product of some rows, without the gaps; nil where a gap changed.
  func product(
    _ kernels: rk_kernels, packed: EdgeFloats, rows range: Range<Int>? = nil, accumulates: Bool
  ) -> [Float]? {
    let range = range ?? 0..<rows
    let c = EdgeFloats(max(range.count * cStride - Self.gap, 0))
    for index in 0..<c.count { c.start[index] = accumulates ? -77 : .nan }
    for (at, row) in range.enumerated() where accumulates {
      for column in 0..<columns { c.start[at * cStride + column] = firstC[row * columns + column] }
    }
    kernels.int8_gemm(
      range.count, columns, inner, a.start + range.lowerBound * aStride, aStride, packed.start,
      accumulates ? UnsafePointer(c.start) : nil, cStride, nil, c.start, cStride)
    var result: [Float] = []
    for at in range.indices {
      let start = (at - range.lowerBound) * cStride
      result += UnsafeBufferPointer(start: c.start + start, count: columns)
      guard at + 1 < range.upperBound else { break }
      for gap in columns..<cStride {
        guard accumulates ? c.start[start + gap] == -77 : c.start[start + gap].isNaN else { return nil }
      }
    }
    return result
  }

  /// The product as the header defines it.
  func expected(accumulates: Bool) -> [Float] {
    let reference = QuantizedReference(columns: (0..<columns).map(column))
    return (0..<rows).flatMap {
      reference.product(row: row($0), c: firstRow($0, accumulates: accumulates))
    }
  }
}
