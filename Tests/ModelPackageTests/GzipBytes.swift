import CZlib

/// Gzip members compressed by zlib.
enum GzipBytes {
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

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
