/// Types of numbers that other systems write and packages do not hold, by their names in a tensor file's header.
enum ForeignTensorType: String {
  /// The upper half of a 32-bit number; widening is exact.
  case bf16 = "BF16"
  /// IEEE 754 binary64; rounded to nearest, ties to even. What is beyond 32 bits becomes an infinity, which is refused.
  case f64 = "F64"

  /// Bytes of one number.
  var byteWidth: Int {
    switch self {
    case .bf16: 2
    case .f64: 8
    }
  }

  /// The numbers at `bytes` as F32, little-endian like they are.
  func float32(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / byteWidth * 4)
    bytes.withUnsafeBytes { bytes in
      for offset in stride(from: 0, to: bytes.count, by: byteWidth) {
        let bits: UInt32
        switch self {
        case .bf16:
          bits =
            UInt32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))) << 16
        case .f64:
          let wide = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
          bits = Float(Double(bitPattern: wide)).bitPattern
        }
        withUnsafeBytes(of: bits.littleEndian) { result.append(contentsOf: $0) }
      }
    }
    return result
  }
}
