import CZlib

/// One gzip member, made part by part; each part is compressed or stored.
final class GzipWriter {
  enum Storage {
    /// zlib's best, once and for all: a level chosen per package would be one more thing that must match.
    case compressed
    /// Quickly, to see what compressing would save.
    case tried
    /// As it is, in blocks of up to 65,535 bytes.
    case stored

    fileprivate var level: Int32 {
      switch self {
      case .compressed: Z_BEST_COMPRESSION
      case .tried: Z_BEST_SPEED
      case .stored: Z_NO_COMPRESSION
      }
    }
  }

  /// In memory of its own: zlib remembers where it lies.
  private let stream: UnsafeMutablePointer<z_stream>
  private let output: UnsafeMutableBufferPointer<UInt8>
  private var bytes: [UInt8] = []
  private var level = Storage.compressed.level

  /// Bits of the window (15), and the mark for a gzip header (16), whose time stamp zlib leaves 0.
  private static let windowBits: Int32 = 15 + 16
  /// zlib's standard memory.
  private static let memoryLevel: Int32 = 8
  /// What stays in the cache until it is copied behind the rest.
  private static let outputLength = 64 << 10

  init() throws(PackageError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    output = .allocate(capacity: Self.outputLength)
    try check(
      deflateInit2_(
        stream, level, Z_DEFLATED, Self.windowBits, Self.memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)))
    emptyOutput()
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    output.deallocate()
  }

  func append(_ part: [UInt8], _ storage: Storage) throws(PackageError) {
    if storage.level != level {
      // The last block of the old level goes out first, as far as there is room.
      var status = Z_BUF_ERROR
      while status == Z_BUF_ERROR {
        emptyOutput()
        status = deflateParams(stream, storage.level, Z_DEFAULT_STRATEGY)
      }
      try check(status)
      level = storage.level
    }
    try part.withUnsafeBufferPointer { (part) throws(PackageError) in
      var start = 0
      while start < part.count {
        // zlib counts in 32 bits.
        let step = UnsafeBufferPointer(rebasing: part[start..<min(start + 1 << 30, part.count)])
        // zlib only reads there.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: step.baseAddress)
        stream.pointee.avail_in = UInt32(step.count)
        while stream.pointee.avail_in > 0 {
          if stream.pointee.avail_out == 0 { emptyOutput() }
          try check(deflate(stream, Z_NO_FLUSH))
        }
        start += step.count
      }
    }
  }

  /// The whole member. Nothing may be appended after it.
  func finish() throws(PackageError) -> [UInt8] {
    var status = Z_OK
    while status == Z_OK || status == Z_BUF_ERROR {
      emptyOutput()
      status = deflate(stream, Z_FINISH)
    }
    guard status == Z_STREAM_END else { throw failure(status) }
    emptyOutput()
    return bytes
  }

  private func emptyOutput() {
    if stream.pointee.next_out != nil {
      bytes.append(contentsOf: output[..<(output.count - Int(stream.pointee.avail_out))])
    }
    stream.pointee.next_out = output.baseAddress
    stream.pointee.avail_out = UInt32(output.count)
  }

  private func check(_ status: Int32) throws(PackageError) {
    guard status == Z_OK else { throw failure(status) }
  }

  private func failure(_ status: Int32) -> PackageError {
    if let message = stream.pointee.msg { return .archive(entry: nil, reason: String(cString: message)) }
    return .archive(entry: nil, reason: status == Z_MEM_ERROR ? "out of memory" : "zlib status \(status)")
  }
}
