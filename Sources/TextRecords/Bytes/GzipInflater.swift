import CZlib

/// Unpacks gzip data, one member after another.
final class GzipInflater {
  private let path: String
  /// In memory of its own: zlib remembers where it lies.
  private let stream: UnsafeMutablePointer<z_stream>
  private var memberEnded = false

  /// Bits of the window (15) and the mark for gzip data only (16).
  private static let windowBits: Int32 = 15 + 16

  init(path: String) throws(RecordReaderError) {
    self.path = path
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = inflateInit2_(
      stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw damage(status) }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Whether all data so far makes whole members.
  var isAtMemberEnd: Bool { memberEnded }

  /// Unpacks from `input` to `output`; gives how much of each was used.
  func inflate(
    _ input: UnsafeMutablePointer<UInt8>, count: Int,
    into output: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(RecordReaderError) -> (consumed: Int, produced: Int) {
    var input = input
    var count = count
    var skipped = 0
    if memberEnded {
      // Some tools fill the last block with zeros.
      while count > 0, input.pointee == 0 {
        input += 1
        count -= 1
        skipped += 1
      }
      if count == 0 { return (skipped, 0) }
      let status = inflateReset(stream)
      guard status == Z_OK else { throw damage(status) }
      memberEnded = false
    }
    stream.pointee.next_in = input
    stream.pointee.avail_in = UInt32(clamping: count)
    stream.pointee.next_out = output
    stream.pointee.avail_out = UInt32(clamping: capacity)
    let offered = (input: stream.pointee.avail_in, output: stream.pointee.avail_out)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    switch status {
    case Z_STREAM_END: memberEnded = true
    case Z_OK, Z_BUF_ERROR: break
    default: throw damage(status)
    }
    return (
      skipped + Int(offered.input - stream.pointee.avail_in), Int(offered.output - stream.pointee.avail_out)
    )
  }

  private func damage(_ status: Int32) -> RecordReaderError {
    .damagedGzip(path: path, reason: text(of: status))
  }

  private func text(of status: Int32) -> String {
    if let message = stream.pointee.msg { return String(cString: message) }
    return status == Z_MEM_ERROR ? "not enough memory" : "zlib status \(status)"
  }
}
