import CZlib

/// gzip members, stored or compressed.
enum GzipBytes {
  /// A member whose blocks are stored: any byte can be changed without upsetting the inflater.
  static func stored(_ content: [UInt8], checksum: UInt32? = nil, length: UInt32? = nil) -> [UInt8] {
    var bytes: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
    var start = 0
    repeat {
      let end = min(start + 65_535, content.count)
      let count = UInt16(end - start)
      bytes.append(end == content.count ? 1 : 0)
      bytes += [UInt8(count & 0xff), UInt8(count >> 8), UInt8(~count & 0xff), UInt8(~count >> 8)]
      bytes += content[start..<end]
      start = end
    } while start < content.count
    bytes += littleEndian(checksum ?? crc32(content))
    return bytes + littleEndian(length ?? UInt32(truncatingIfNeeded: content.count))
  }

  /// A member compressed by zlib.
  /// - Parameter comment: letters of a comment in its header, which says nothing of the content; `nil` for no comment.
  static func compressed(_ content: [UInt8], comment: Int? = nil) -> [UInt8] {
    var bound = compressBound(UInt(content.count))
    var deflated = [UInt8](repeating: 0, count: Int(bound))
    let status = compress(&deflated, &bound, content, UInt(content.count))
    precondition(status == Z_OK)
    // Raw deflate lies between zlib's 2 bytes of header and 4 of checksum.
    var bytes: [UInt8] = [0x1f, 0x8b, 8, comment == nil ? 0 : 0x10, 0, 0, 0, 0, 0, 3]
    if let comment { bytes += [UInt8](repeating: 0x63, count: comment) + [0] }
    bytes += deflated[2..<Int(bound) - 4]
    bytes += littleEndian(UInt32(truncatingIfNeeded: CZlib.crc32(0, content, UInt32(content.count))))
    return bytes + littleEndian(UInt32(truncatingIfNeeded: content.count))
  }

  /// The polynomial, bit by bit.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xffff_ffff
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }
    return ~value
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
