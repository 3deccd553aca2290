/// Weights `[rows, columns]` as 8-bit integers with a scale for each row: `i8`.
///
///     s_r   = max_c |w(r,c)| / 127, rounded to 17 significant bits; 0 where that is no normal number
///     q_rc  = w(r,c) / s_r, rounded half to even; 0 where s_r is 0
///
/// A row's largest magnitude is thus 127, and every q s is exact in 32 bits. The products of `Precision.int8` make the same
/// integers and scales of w, and of the q s that a file holds: what is stored is what is multiplied. Files that break these
/// rules are refused, so that this holds for all of them.
struct RowQuantization {
  /// Row by row, one byte a number.
  private(set) var bytes: [UInt8] = []
  private(set) var scales: [Float] = []

  /// The largest scale whose 127-fold is finite.
  static let largestScale = Float.greatestFiniteMagnitude / 127

  /// Rounds finite numbers.
  init(_ values: [Float], rowWidth: Int) {
    precondition(
      rowWidth > 0 && values.count.isMultiple(of: rowWidth), "\(values.count) numbers in rows of \(rowWidth)")
    bytes.reserveCapacity(values.count)
    scales.reserveCapacity(values.count / rowWidth)
    for start in stride(from: 0, to: values.count, by: rowWidth) {
      let row = values[start..<start + rowWidth]
      let scale = Self.scale(row.reduce(0) { max($0, $1.magnitude) })
      scales.append(scale)
      for value in row {
        let quotient = scale > 0 ? (value / scale).rounded(.toNearestOrEven) : 0
        bytes.append(UInt8(bitPattern: Int8(quotient)))
      }
    }
  }

  private static func scale(_ largest: Float) -> Float {
    let scale = largest / 127
    guard scale >= .leastNormalMagnitude else { return 0 }
    let bits = scale.bitPattern
    let rounded = Float(bitPattern: (bits + 0x3f + (bits >> 7 & 1)) & ~0x7f)
    return rounded <= largestScale ? rounded : Float(bitPattern: bits & ~0x7f)
  }

  /// The numbers q s.
  static func widen(_ bytes: UnsafeRawBufferPointer, scales: [Float]) -> [Float] {
    // The initializer below writes to the storage that all empty arrays share: a race, if a harmless one.
    guard !bytes.isEmpty else { return [] }
    let width = scales.isEmpty ? 0 : bytes.count / scales.count
    return [Float](unsafeUninitializedCapacity: bytes.count) { output, filled in
      for (row, scale) in scales.enumerated() {
        for index in row &* width..<(row &+ 1) &* width {
          output.initializeElement(at: index, to: Float(Int8(bitPattern: bytes[index])) * scale)
        }
      }
      filled = bytes.count
    }
  }

  /// Checks that a file holds what `init` makes.
  static func check(
    _ stored: StoredNumbers, tensor: String, scaleTensor: String
  ) throws(TensorFileError) {
    for (row, scale) in stored.scales.enumerated() {
      let isNormal = scale >= .leastNormalMagnitude && scale <= largestScale && scale.bitPattern & 0x7f == 0
      guard isNormal || scale.bitPattern == 0 else {
        throw .scale(tensor: scaleTensor, row: row, found: scale)
      }
    }
    let width = stored.bytes.count / stored.scales.count
    for (row, scale) in stored.scales.enumerated() {
      let start = stored.bytes.startIndex + row * width
      let bytes = stored.bytes[start..<start + width]
      let largest = largestMagnitude(bytes)
      if largest > 127 {
        let column = bytes.firstIndex(of: 0x80).map { $0 - start } ?? 0
        throw .quantizedValue(tensor: tensor, row: row, column: column)
      }
      let expected = scale > 0 ? 127 : 0
      guard largest == expected else {
        throw .quantizedRow(tensor: tensor, row: row, expected: expected, found: largest)
      }
    }
  }

  private static func largestMagnitude(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var largest: UInt8 = 0
      for byte in bytes { largest = max(largest, Int8(bitPattern: byte).magnitude) }
      return Int(largest)
    }
  }
}
