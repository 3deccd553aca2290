import CZlib
import FileAccess

/// The bytes inside one gzip member, block by block. zlib checks the checksum and the length at the end; nothing may
/// follow it, a second member neither.
///
/// A source in memory must outlive the stream.
final class GzipStream {
  /// In memory of its own: zlib remembers where it lies.
  private let stream: UnsafeMutablePointer<z_stream>
  private let source: Source
  /// Length of the compressed data.
  private let count: Int
  private let input: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableRawBufferPointer
  /// Bytes of the source handed to zlib.
  private var taken = 0
  /// The end, or what is wrong, behind the block given out last.
  private var end: Result<Void, PackageError>?

  /// Bytes given out.
  private(set) var position = 0
  /// How many bytes may be given out. The reader raises it by the size of each file it accepts.
  var allowance = PackageLimits.overheadBytes
  /// Zero bytes at the end of what was given out.
  private(set) var trailingZeros = 0
  /// Why `next()` gave nothing, when it is not the end.
  private(set) var failure: PackageError?

  private enum Source {
    case memory(UnsafeRawBufferPointer)
    case file(ReadableFile)
  }

  /// Bits of the window (15), and the mark for gzip data only (16).
  private static let windowBits: Int32 = 15 + 16
  /// The smallest gzip member: header, an empty block, trailer.
  private static let smallestMember = 20
  private static let trailerLength = 8
  /// What stays in the cache between zlib, the checksums and the copy.
  private static let blockLength = 64 << 10

  /// Reads from memory, which must stay where it is while this lives.
  convenience init(_ bytes: UnsafeRawBufferPointer) throws(PackageError) {
    try self.init(.memory(bytes), count: bytes.count)
  }

  /// Reads from a file, part by part.
  convenience init(_ file: ReadableFile) throws(PackageError) {
    try self.init(.file(file), count: file.size ?? 0)
  }

  private init(_ source: Source, count: Int) throws(PackageError) {
    guard count >= Self.smallestMember else { throw .truncated(bytes: count) }
    self.source = source
    self.count = count
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(byteCount: Self.blockLength, alignment: 64)
    output = .allocate(byteCount: Self.blockLength, alignment: 64)
    let status = inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw .damaged(.compression(reason: reason(status))) }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
    output.deallocate()
  }

  /// The next block, valid until the next call; `nil` at the end and after a failure.
  func next() -> UnsafeRawBufferPointer? {
    guard failure == nil else { return nil }
    let length = inflateBlock()
    guard length > 0 else {
      if case .failure(let error) = end { failure = error }
      return nil
    }
    let bytes = UnsafeRawBufferPointer(rebasing: output[..<length])
    position += length
    guard position <= allowance else {
      failure = .overhead(limit: PackageLimits.overheadBytes)
      return nil
    }
    guard position <= PackageLimits.bytesInside(count) else {
      failure = .ratio(limit: PackageLimits.ratio)
      return nil
    }
    let zeros = bytes.reversed().prefix { $0 == 0 }.count
    trailingZeros = zeros == length ? trailingZeros + zeros : zeros
    return bytes
  }

  /// Reads on to the end.
  func drain() {
    while next() != nil {}
  }

  /// Fills the output block as far as `end` lets it.
  private func inflateBlock() -> Int {
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(output.count)
    do throws(PackageError) {
      while end == nil, stream.pointee.avail_out > 0 { try inflateMore() }
    } catch {
      end = .failure(error)
    }
    return output.count - Int(stream.pointee.avail_out)
  }

  private func inflateMore() throws(PackageError) {
    if stream.pointee.avail_in == 0 { try takeInput() }
    let isStarved = stream.pointee.avail_in == 0
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_STREAM_END:
      let unread = count - taken + Int(stream.pointee.avail_in)
      guard unread == 0 else { throw .trailingData(bytes: unread) }
      end = .success(())
    case Z_OK, Z_BUF_ERROR:
      if isStarved, stream.pointee.avail_out > 0 { throw .truncated(bytes: count) }
    case let status: throw damage(status)
    }
  }

  /// Gives zlib the next bytes of the source; none at its end.
  private func takeInput() throws(PackageError) {
    let part: UnsafeRawBufferPointer
    switch source {
    case .memory(let bytes):
      part = UnsafeRawBufferPointer(rebasing: bytes[taken..<min(taken + Self.blockLength, count)])
    case .file(let file):
      let length: Int
      do throws(FileError) {
        let room = UnsafeMutableRawBufferPointer(rebasing: input[..<min(input.count, count - taken)])
        length = try file.read(into: room, at: taken)
      } catch { throw .file(error) }
      part = UnsafeRawBufferPointer(rebasing: input[..<length])
    }
    // zlib only reads there.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: part.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(part.count)
    taken += part.count
  }

  /// What is wrong where zlib gave up: checksum and length by their numbers when the end says another than found.
  private func damage(_ status: Int32) -> PackageError {
    let words = trailer()
    let found = UInt32(truncatingIfNeeded: stream.pointee.adler)
    let length = UInt32(truncatingIfNeeded: Int(stream.pointee.total_out))
    switch count - Int(stream.pointee.total_in) {
    case 4 where words.checksum != found: return .damaged(.checksum(expected: words.checksum, found: found))
    case 0 where words.length != length: return .damaged(.length(expected: words.length, found: length))
    default: return .damaged(.compression(reason: reason(status)))
    }
  }

  /// The last 8 bytes of the source; zeros where it cannot be read.
  private func trailer() -> (checksum: UInt32, length: UInt32) {
    var bytes: [UInt8]
    switch source {
    case .memory(let all): bytes = Array(all.suffix(Self.trailerLength))
    case .file(let file):
      bytes = (try? file.bytes(at: count - Self.trailerLength, count: Self.trailerLength)) ?? []
    }
    bytes += [UInt8](repeating: 0, count: Self.trailerLength - bytes.count)
    return bytes.withUnsafeBytes { bytes in
      (
        UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)),
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
      )
    }
  }

  private func reason(_ status: Int32) -> String {
    if let message = stream.pointee.msg { return String(cString: message) }
    return status == Z_MEM_ERROR ? "out of memory" : "zlib status \(status)"
  }
}
