import CArchive

/// Makes the bytes of a package: the same files give the same bytes with the same zlib.
///
/// Nothing of the machine or the hour goes in: times are 0, owners 0 and nameless, modes 0644, the gzip time stamp off.
enum ArchiveWriter {
  /// zlib's best, once and for all: a level chosen per package would be one more thing that must match.
  static let compressionLevel = "9"

  static func bytes(of files: [(member: PackageMember, bytes: [UInt8])]) throws(PackageError) -> [UInt8] {
    guard let archive = archive_write_new() else { throw .archive(entry: nil, reason: "out of memory") }
    defer { archive_write_free(archive) }
    let sink = Sink()
    try withExtendedLifetime(sink) { () throws(PackageError) in
      try check(archive_write_set_format_pax_restricted(archive), archive)
      try check(archive_write_add_filter_gzip(archive), archive)
      try check(
        archive_write_set_filter_option(archive, "gzip", "compression-level", compressionLevel), archive)
      try check(archive_write_set_filter_option(archive, "gzip", "timestamp", nil), archive)
      // No padding after the compressed data.
      try check(archive_write_set_bytes_in_last_block(archive, 1), archive)
      let client = Unmanaged.passUnretained(sink).toOpaque()
      let status = archive_write_open(
        archive, client, nil,
        { _, client, buffer, count in
          guard let client, let buffer else { return -1 }
          let sink = Unmanaged<Sink>.fromOpaque(client).takeUnretainedValue()
          sink.bytes.append(contentsOf: UnsafeRawBufferPointer(start: buffer, count: count))
          return count
        }, nil)
      try check(status, archive)
      for file in files { try write(file.member, file.bytes, to: archive) }
      try check(archive_write_close(archive), archive)
    }
    return sink.bytes
  }

  private static func write(
    _ member: PackageMember, _ bytes: [UInt8], to archive: OpaquePointer
  ) throws(PackageError) {
    guard let entry = archive_entry_new() else { throw .archive(entry: nil, reason: "out of memory") }
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, member.rawValue)
    archive_entry_set_size(entry, la_int64_t(bytes.count))
    archive_entry_set_filetype(entry, ArchiveFileType.regular)
    archive_entry_set_perm(entry, 0o644)
    archive_entry_set_mtime(entry, 0, 0)
    archive_entry_set_uid(entry, 0)
    archive_entry_set_gid(entry, 0)
    try check(archive_write_header(archive, entry), archive)
    let written = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
    guard written == bytes.count else {
      throw .archive(entry: member.rawValue, reason: ArchiveMessage.text(of: archive))
    }
  }

  private static func check(_ status: Int32, _ archive: OpaquePointer) throws(PackageError) {
    guard status == ARCHIVE_OK else { throw .archive(entry: nil, reason: ArchiveMessage.text(of: archive)) }
  }

  /// Where libarchive's output goes.
  private final class Sink {
    var bytes: [UInt8] = []
  }
}
