import CArchive

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
  static func compressed(_ content: [UInt8]) -> [UInt8] {
    final class Sink { var bytes: [UInt8] = [] }
    let sink = Sink()
    let archive = archive_write_new()
    defer { archive_write_free(archive) }
    archive_write_set_format_raw(archive)
    archive_write_add_filter_gzip(archive)
    archive_write_set_bytes_in_last_block(archive, 1)
    archive_write_open(
      archive, Unmanaged.passUnretained(sink).toOpaque(), nil,
      { _, client, buffer, count in
        guard let client, let buffer else { return -1 }
        Unmanaged<Sink>.fromOpaque(client).takeUnretainedValue().bytes += UnsafeRawBufferPointer(
          start: buffer, count: count)
        return count
      }, nil)
    let entry = archive_entry_new()
    defer { archive_entry_free(entry) }
    archive_entry_set_filetype(entry, 0o100000)
    archive_write_header(archive, entry)
    _ = content.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
    archive_write_close(archive)
    return withExtendedLifetime(sink) { sink.bytes }
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
