/// Gzip members whose blocks are stored, written by hand: no compressor is needed, and any byte can be changed without upsetting
/// the inflater.
public enum StoredGzip {
  /// A member that holds `content`, in blocks of up to 65,535 bytes.
  /// - Parameters:
  ///   - checksum: what the trailer says; the right CRC-32 when `nil`.
  ///   - length: likewise, the number of bytes modulo 2³².
  public static func member(_ content: [UInt8], checksum: UInt32? = nil, length: UInt32? = nil) -> [UInt8] {
    var bytes: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
    var start = 0
    repeat {
      let end = min(start + 0xffff, content.count)
      let count = UInt16(end - start)
      bytes.append(end == content.count ? 1 : 0)
      bytes += littleEndian(count) + littleEndian(~count) + content[start..<end]
      start = end
    } while start < content.count
    return bytes + littleEndian(checksum ?? crc32(content))
      + littleEndian(length ?? UInt32(truncatingIfNeeded: content.count))
  }

  /// The polynomial, bit by bit.
  public static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xffff_ffff
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }
    return ~value
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
