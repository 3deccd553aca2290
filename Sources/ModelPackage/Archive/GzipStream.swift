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
  /// Length and last 8 bytes of the compressed data; `nil` when only the head is read.
  private let source: (count: Int, trailer: UInt64)?
  private var checksum = CRC32()
  private var isOpen = false
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

  /// Reads from memory, which must stay where it is while this lives.
  init(_ bytes: UnsafeRawBufferPointer) throws(PackageError) {
    guard bytes.count >= Self.smallestMember, let base = bytes.baseAddress else {
      throw .truncated(bytes: bytes.count)
    }
    let trailer = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
    source = (bytes.count, trailer)
    file = nil
    archive = try Self.makeArchive()
    try open(archive_read_open_memory(archive, base, bytes.count))
  }

  /// Reads the head of a file. The end is not checked.
  init(head file: ReadableFile) throws(PackageError) {
    source = nil
    self.file = file
    archive = try Self.makeArchive()
    try open(archive_read_open_fd(archive, file.descriptor, 64 << 10))
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
    var count = 0
    var offset: la_int64_t = 0
    repeat {
      let status = archive_read_data_block(archive, &block, &count, &offset)
      if status == ARCHIVE_EOF {
        isAtEnd = true
        failure = endError()
        return nil
      }
      guard status == ARCHIVE_OK else {
        failure = compressionError()
        return nil
      }
    } while count == 0
    let bytes = UnsafeRawBufferPointer(start: block, count: count)
    position += count
    guard position <= allowance else {
      failure = .overhead(limit: PackageLimits.overheadBytes)
      return nil
    }
    if source != nil { checksum.update(bytes) }
    let zeros = bytes.reversed().prefix { $0 == 0 }.count
    trailingZeros = zeros == count ? trailingZeros + zeros : zeros
    return bytes
  }

  /// Reads on to the end.
  func drain() {
    while next() != nil {}
  }

  private var consumed: Int { Int(clamping: archive_filter_bytes(archive, -1)) }

  private func endError() -> PackageError? {
    guard let source else { return nil }
    let unread = source.count - consumed
    guard unread == 0 else { return .trailingData(bytes: unread) }
    let expected = UInt32(truncatingIfNeeded: source.trailer)
    guard checksum.value == expected else {
      return .damaged(.checksum(expected: expected, found: checksum.value))
    }
    let length = UInt32(truncatingIfNeeded: source.trailer >> 32)
    let found = UInt32(truncatingIfNeeded: position)
    guard length == found else { return .damaged(.length(expected: length, found: found)) }
    return nil
  }

  /// An error before the end of the source is damage; at its end, the data was cut.
  private func compressionError() -> PackageError {
    let reason = ArchiveMessage.text(of: archive)
    guard let source else {
      return file.map { $0.size ?? 0 <= consumed + 8 } == true
        ? .truncated(bytes: file?.size ?? 0) : .damaged(.compression(reason: reason))
    }
    return source.count - consumed <= 8
      ? .truncated(bytes: source.count) : .damaged(.compression(reason: reason))
  }
}

/// What libarchive says about its last error.
enum ArchiveMessage {
  static func text(of archive: OpaquePointer) -> String {
    guard let message = archive_error_string(archive) else { return "no reason given" }
    return String(cString: message)
  }
}
