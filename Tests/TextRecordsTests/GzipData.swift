/// Gzip data written by hand, so that the reader meets data that its own library did not make.
enum GzipData {
  /// One member that holds `bytes` unpacked, in stored blocks.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var data: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
      let count = min(bytes.count - start, 0xffff)
      let isLast = start + count == bytes.count
      data += [isLast ? 1 : 0] + little(UInt16(count)) + little(~UInt16(count))
      data += bytes[start..<start + count]
      start += count
    } while start < bytes.count
    return data + little(checksum(bytes)) + little(UInt32(bytes.count))
  }

  /// `one fine day` three times and `last`, packed with back references.
  static let packed: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0xcf, 0x4b, 0x55, 0x48, 0xcb, 0x04,
    0x12, 0x29, 0x89, 0x95, 0x5c, 0xf9, 0x38, 0x39, 0x39, 0x89, 0xc5, 0x25, 0x00, 0xed, 0x25, 0x32, 0xce,
    0x2b, 0x00, 0x00, 0x00,
  ]

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xffff_ffff
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }
    return ~value
  }

  private static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
