import CArchive
import FileAccess

/// The bytes inside one gzip member, block by block, with the checks that libarchive leaves out: checksum, length, a
/// second member, bytes after the end.
///
/// libarchive gets exactly one filter and the `raw` format, so that nothing is detected by content. The source must
/// outlive the stream.
final class GzipStream {
  private let archive: OpaquePointer
  /// Kept open while libarchive reads from its descriptor.
  private let file: ReadableFile?
  /// Length of the compressed data.
  private let count: Int
  /// The last 8 bytes, checksum and length; `nil` when only the head is read.
  private let trailer: UInt64?
  private var checksum = CRC32()
  private var isAtEnd = false

  /// Bytes given out.
  private(set) var position = 0
  /// How many bytes may be given out. The reader raises it by the size of each file it accepts.
  var allowance = PackageLimits.overheadBytes
  /// Zero bytes at the end of what was given out.
  private(set) var trailingZeros = 0
  /// Why `next()` gave nothing, when it is not the end.
  private(set) var failure: PackageError?

  /// The smallest gzip member: header, an empty block, trailer.
  private static let smallestMember = 20
  private static let trailerLength = 8
  private static let bufferLength = 64 << 10

  /// Reads from memory, which must stay where it is while this lives.
  init(_ bytes: UnsafeRawBufferPointer) throws(PackageError) {
    guard bytes.count >= Self.smallestMember, let base = bytes.baseAddress else {
      throw .truncated(bytes: bytes.count)
    }
    count = bytes.count
    trailer = Self.word(bytes.suffix(Self.trailerLength))
    file = nil
    archive = try Self.makeArchive()
    try open(archive_read_open_memory(archive, base, bytes.count))
  }

  /// Reads from a file, part by part.
  /// - Parameter checksEnd: whether checksum and length at the end are checked when it is reached; the head of a file
  ///   can be read without.
  init(_ file: ReadableFile, checksEnd: Bool) throws(PackageError) {
    count = file.size ?? 0
    guard count >= Self.smallestMember else { throw .truncated(bytes: count) }
    self.file = file
    if checksEnd {
      do {
        trailer = Self.word(try file.bytes(at: count - Self.trailerLength, count: Self.trailerLength))
      } catch { throw .file(error) }
    } else {
      trailer = nil
    }
    archive = try Self.makeArchive()
    try open(archive_read_open_fd(archive, file.descriptor, Self.bufferLength))
  }

  deinit { archive_read_free(archive) }

  private static func makeArchive() throws(PackageError) -> OpaquePointer {
    guard let archive = archive_read_new() else { throw .archive(entry: nil, reason: "out of memory") }
    guard archive_read_support_format_raw(archive) == ARCHIVE_OK,
      archive_read_append_filter(archive, ARCHIVE_FILTER_GZIP) == ARCHIVE_OK
    else {
      let reason = ArchiveMessage.text(of: archive)
      archive_read_free(archive)
      throw .archive(entry: nil, reason: reason)
    }
    return archive
  }

  private func open(_ status: Int32) throws(PackageError) {
    var entry: OpaquePointer?
    guard status == ARCHIVE_OK, archive_read_next_header(archive, &entry) == ARCHIVE_OK else {
      throw compressionError()
    }
  }

  /// The next block, valid until the next call; `nil` at the end and after a failure.
  func next() -> UnsafeRawBufferPointer? {
    guard failure == nil, !isAtEnd else { return nil }
    var block: UnsafeRawPointer?
    var length = 0
    var offset: la_int64_t = 0
    repeat {
      let status = archive_read_data_block(archive, &block, &length, &offset)
      if status == ARCHIVE_EOF {
        isAtEnd = true
        failure = endError()
        return nil
      }
      guard status == ARCHIVE_OK else {
        failure = compressionError()
        return nil
      }
    } while length == 0
    let bytes = UnsafeRawBufferPointer(start: block, count: length)
    position += length
    guard position <= allowance else {
      failure = .overhead(limit: PackageLimits.overheadBytes)
      return nil
    }
    if trailer != nil { checksum.update(bytes) }
    let zeros = bytes.reversed().prefix { $0 == 0 }.count
    trailingZeros = zeros == length ? trailingZeros + zeros : zeros
    return bytes
  }

  /// Reads on to the end.
  func drain() {
    while next() != nil {}
  }

  private var consumed: Int { Int(clamping: archive_filter_bytes(archive, -1)) }

  private func endError() -> PackageError? {
    guard let trailer else { return nil }
    let unread = count - consumed
    guard unread == 0 else { return .trailingData(bytes: unread) }
    let expected = UInt32(truncatingIfNeeded: trailer)
    guard checksum.value == expected else {
      return .damaged(.checksum(expected: expected, found: checksum.value))
    }
    let length = UInt32(truncatingIfNeeded: trailer >> 32)
    let found = UInt32(truncatingIfNeeded: position)
    guard length == found else { return .damaged(.length(expected: length, found: found)) }
    return nil
  }

  /// An error before the end of the source is damage; at its end, the data was cut.
  private func compressionError() -> PackageError {
    count - consumed <= Self.trailerLength
      ? .truncated(bytes: count) : .damaged(.compression(reason: ArchiveMessage.text(of: archive)))
  }

  /// Little-endian; fewer bytes than 8 leave zeros above.
  private static func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var word: UInt64 = 0
    for (index, byte) in bytes.enumerated() { word |= UInt64(byte) << (8 * index) }
    return word
  }
}

/// What libarchive says about its last error.
enum ArchiveMessage {
  static func text(of archive: OpaquePointer) -> String {
    guard let message = archive_error_string(archive) else { return "no reason given" }
    return String(cString: message)
  }
}
