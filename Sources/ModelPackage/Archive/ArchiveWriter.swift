/// Makes the bytes of a package: the same files give the same bytes with the same zlib.
///
/// Nothing of the machine or the hour goes in: times are 0, owners 0 and nameless, modes 0644, no gzip time stamp.
enum ArchiveWriter {
  private static let blockSize = 512

  /// Files that compress so well that no reader would take the package are stored as they are.
  static func bytes(of files: [(member: PackageMember, bytes: [UInt8])]) throws(PackageError) -> [UInt8] {
    let bytes = try bytes(of: files) { content throws(PackageError) in try storage(of: content) }
    let inside = files.reduce(2 * blockSize) { $0 + 2 * blockSize + $1.bytes.count }
    guard inside > PackageLimits.bytesInside(bytes.count) else { return bytes }
    return try self.bytes(of: files) { _ in .stored }
  }

  private static func bytes(
    of files: [(member: PackageMember, bytes: [UInt8])],
    _ storage: ([UInt8]) throws(PackageError) -> GzipWriter.Storage
  ) throws(PackageError) -> [UInt8] {
    let gzip = try GzipWriter()
    for file in files {
      try gzip.append(header(of: file.member, size: file.bytes.count), .compressed)
      try gzip.append(file.bytes, try storage(file.bytes))
      let rest = file.bytes.count % blockSize
      if rest > 0 { try gzip.append([UInt8](repeating: 0, count: blockSize - rest), .compressed) }
    }
    // An archive ends with two blocks of zeros.
    try gzip.append([UInt8](repeating: 0, count: 2 * blockSize), .compressed)
    return try gzip.finish()
  }

  /// Stored where compressing would save less than a quarter, as with trained weights.
  ///
  /// A cold start waits for zlib. 3.34 million weights, one core of an EPYC at some 3 GHz, zlib 1.2.13:
  ///
  ///     type   bytes       deflated            inflating   inflating them stored
  ///     f16     6 676 412   6 146 418  92 %    21–40 ms    1.2 ms
  ///     int8    3 699 460   3 446 021  93 %    25 ms       0.6 ms
  ///
  /// So 7 % of the size cost 97 % of the time. Stored blocks are plain deflate: every gzip reads them. Text stays
  /// compressed: a vocabulary of 190 KB shrinks to 47 % and inflates in 0.6 ms. So do numbers with a pattern, such as f32
  /// weights that were halves before (58 %).
  private static func storage(of bytes: [UInt8]) throws(PackageError) -> GzipWriter.Storage {
    // A file so small costs nothing either way.
    guard bytes.count >= 64 << 10 else { return .compressed }
    let trial = try GzipWriter()
    try trial.append(bytes, .tried)
    return try trial.finish().count > bytes.count / 4 * 3 ? .stored : .compressed
  }

  /// The POSIX header of a plain file (`ustar`), byte for byte as libarchive writes it.
  private static func header(of member: PackageMember, size: Int) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: blockSize)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    put(member.rawValue, at: 0)
    put("000644 \0000000 \0000000 \0", at: 100)
    put(octal(size, digits: 11) + " " + octal(0, digits: 11) + " ", at: 124)
    // The checksum is taken with spaces in its own place.
    put("        0", at: 148)
    put("ustar\000", at: 257)
    put("000000 \0000000 \0", at: 329)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(octal(sum, digits: 6) + "\0 ", at: 148)
    return header
  }

  private static func octal(_ value: Int, digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: max(digits - text.count, 0)) + text
  }
}
