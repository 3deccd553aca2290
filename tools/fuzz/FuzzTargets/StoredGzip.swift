import CZlib

/// Gzip data that is as good as any: stored blocks and the right checksum.
enum StoredGzip {
  static func bytes(of content: [UInt8]) -> [UInt8] {
    var data: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
      let count = min(content.count - start, 0xffff)
      data.append(start + count == content.count ? 1 : 0)
      data += little(UInt16(count)) + little(~UInt16(count))
      data += content[start..<start + count]
      start += count
    } while start < content.count
    return data + little(UInt32(truncatingIfNeeded: crc32(0, content, uInt(content.count))))
      + little(UInt32(truncatingIfNeeded: content.count))
  }

  private static func little<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
