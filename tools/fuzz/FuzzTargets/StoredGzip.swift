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
    return data + little(checksum(content)) + little(UInt32(truncatingIfNeeded: content.count))
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }

  private static func little<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
