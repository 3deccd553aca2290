import CArchive
import Cryptography
import FileAccess
import StrictJSON

/// The files of a package, one after the other, out of the tar archive inside a gzip stream.
///
/// libarchive parses the headers, with exactly one format and no filter, and a warning counts as refusal. Content goes
/// into memory under limits; no name from the archive ever becomes a path.
final class ArchiveReader {
  /// The header of one file, checked.
  struct Entry {
    var member: PackageMember
    var size: Int
  }

  private let archive: OpaquePointer
  private let stream: GzipStream
  private var last: PackageMember?
  private var seen: Set<PackageMember> = []
  private var count = 0
  private var total = 0
  /// Where the last file's content and the zeros that fill its last block end.
  private var contentEnd = 0

  private static let blockSize = 512
  /// An archive ends with two blocks of zeros.
  private static let endLength = 2 * blockSize

  init(_ stream: GzipStream) throws(PackageError) {
    guard let archive = archive_read_new() else { throw .archive(entry: nil, reason: "out of memory") }
    self.archive = archive
    self.stream = stream
    guard archive_read_support_format_tar(archive) == ARCHIVE_OK else { throw failure(entry: nil) }
    // `self` keeps the stream alive for as long as the archive is.
    let client = Unmanaged.passUnretained(stream).toOpaque()
    let status = archive_read_open(
      archive, client, nil,
      { _, client, buffer in
        guard let client, let buffer else { return -1 }
        let stream = Unmanaged<GzipStream>.fromOpaque(client).takeUnretainedValue()
        guard let block = stream.next() else { return stream.failure == nil ? 0 : -1 }
        buffer.pointee = block.baseAddress
        return block.count
      }, nil)
    guard status == ARCHIVE_OK else { throw failure(entry: nil, isFirst: true) }
  }

  deinit { archive_read_free(archive) }

  /// The next file's header; `nil` at the end of the archive.
  func next() throws(PackageError) -> Entry? {
    var header: OpaquePointer?
    let status = archive_read_next_header(archive, &header)
    if status == ARCHIVE_EOF {
      if let failure = stream.failure { throw failure }
      return nil
    }
    guard status == ARCHIVE_OK, let header else {
      // In a locale without it, a name beyond ASCII is a warning; no name that is allowed has any of that.
      if status == ARCHIVE_WARN, let name = header.flatMap({ archive_entry_pathname($0) }),
        case let name = String(cString: name), PackageMember(rawValue: name) == nil
      {
        throw .entryName(name)
      }
      throw failure(entry: nil, isFirst: count == 0)
    }
    count += 1
    guard count <= PackageLimits.members else { throw .tooManyEntries(limit: PackageLimits.members) }
    guard let pointer = archive_entry_pathname(header) else {
      throw .entryName("a name that is no plain text")
    }
    // libarchive bounds names at 1 MiB. Bytes that are no UTF-8 are repaired: such a name matches none that is allowed.
    let name = String(cString: pointer)
    try checkPlainFile(header, name: name)
    guard let member = PackageMember(rawValue: name), name.utf8.elementsEqual(member.rawValue.utf8) else {
      throw .entryName(name)
    }
    guard seen.insert(member).inserted else { throw .duplicateEntry(name) }
    if let last, member < last { throw .wrongOrder(entry: name, after: last.rawValue) }
    last = member
    let size = archive_entry_size(header)
    guard archive_entry_size_is_set(header) != 0, size >= 0, size <= Int64(member.sizeLimit) else {
      throw .entryTooLarge(entry: name, size: size, limit: member.sizeLimit)
    }
    total += Int(size)
    guard total <= PackageLimits.totalBytes else {
      throw .packageTooLarge(size: total, limit: PackageLimits.totalBytes)
    }
    stream.allowance = total + PackageLimits.overheadBytes
    return Entry(member: member, size: Int(size))
  }

  /// The content of the file whose header came last, and its SHA-256.
  func content(of entry: Entry) throws(PackageError) -> (bytes: [UInt8], digest: String) {
    var bytes: [UInt8] = []
    // Not all of a size that the data may not keep.
    bytes.reserveCapacity(min(entry.size, Self.trustedCapacity))
    let capacity = bytes.capacity
    bytes.withUnsafeMutableBytes {
      MemoryAdvice.willFill(UnsafeMutableRawBufferPointer(start: $0.baseAddress, count: capacity))
    }
    var digest = SHA256()
    while true {
      var block: UnsafeRawPointer?
      var count = 0
      var offset: la_int64_t = 0
      let status = archive_read_data_block(archive, &block, &count, &offset)
      if status == ARCHIVE_EOF { break }
      guard status == ARCHIVE_OK else { throw failure(entry: entry.member.rawValue) }
      guard count > 0 else { continue }
      guard offset == Int64(bytes.count) else {
        throw .notPlainFile(entry: entry.member.rawValue, kind: .sparse)
      }
      guard count <= entry.size - bytes.count else {
        throw .sizeMismatch(
          entry: entry.member.rawValue, expected: entry.size, found: Int64(bytes.count + count))
      }
      let part = UnsafeRawBufferPointer(start: block, count: count)
      digest.update(part)
      bytes.append(contentsOf: part)
    }
    if let failure = stream.failure { throw failure }
    guard bytes.count == entry.size else {
      throw .sizeMismatch(entry: entry.member.rawValue, expected: entry.size, found: Int64(bytes.count))
    }
    contentEnd = Int(clamping: archive_filter_bytes(archive, 0))
    return (bytes, digest.hexadecimal)
  }

  /// Checks that the archive ends as it should, and that nothing follows. To be called when `next()` gave `nil`.
  func finish() throws(PackageError) {
    let parsed = Int(clamping: archive_filter_bytes(archive, 0))
    stream.drain()
    if let failure = stream.failure { throw failure }
    let end = stream.position - contentEnd
    guard stream.trailingZeros >= end, end >= Self.endLength, stream.position % Self.blockSize == 0 else {
      let rest = stream.position - parsed
      if rest > 0 { throw .trailingData(bytes: rest) }
      throw .archive(entry: nil, reason: "the end of the archive is missing")
    }
  }

  private func checkPlainFile(_ header: OpaquePointer, name: String) throws(PackageError) {
    let isHardLink =
      archive_entry_hardlink(header) != nil || archive_entry_hardlink_utf8(header) != nil
      || archive_entry_hardlink_w(header) != nil
    guard !isHardLink else { throw .notPlainFile(entry: name, kind: .hardLink) }
    guard archive_entry_sparse_count(header) == 0 else { throw .notPlainFile(entry: name, kind: .sparse) }
    let kind: PackageError.EntryKind? =
      switch UInt32(archive_entry_filetype(header)) & ArchiveFileType.mask {
      case ArchiveFileType.regular: nil
      case ArchiveFileType.directory: .directory
      case ArchiveFileType.symbolicLink: .symbolicLink
      case ArchiveFileType.pipe: .pipe
      case ArchiveFileType.socket: .socket
      case ArchiveFileType.characterDevice, ArchiveFileType.blockDevice: .device
      default: .other
      }
    if let kind { throw .notPlainFile(entry: name, kind: kind) }
    guard archive_entry_perm(header) & 0o7000 == 0 else {
      throw .notPlainFile(entry: name, kind: .privileged)
    }
  }

  private static let trustedCapacity = 32 << 20

  /// The reason libarchive stopped: the stream's, if it has one.
  private func failure(entry: String?, isFirst: Bool = false) -> PackageError {
    if let failure = stream.failure { return failure }
    if isFirst && stream.trailingZeros < Self.blockSize && archive_format(archive) == 0 {
      return .notAPackage(.gzipOfOther)
    }
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "no reason given"
    return .archive(entry: entry, reason: reason)
  }
}
