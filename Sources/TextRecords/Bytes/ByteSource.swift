/// The content of a file: its bytes, unpacked where they are gzip data.
///
/// The first two bytes decide, not the file's name; that tells only of a file which ends before them that it was cut.
final class ByteSource {
  /// How much is read at once: of bytes in memory no more than there are.
  let blockSize: Int

  /// The path of the file as it was given, for errors.
  let path: String

  private let file: FileBytes
  private let block: UnsafeMutablePointer<UInt8>
  private var blockStart = 0
  private var blockEnd = 0
  private var inflater: GzipInflater?
  private var isStarted = false
  private var isFileAtEnd = false

  convenience init(path: String) throws(RecordReaderError) {
    self.init(path: path, file: try FileBytes(path: path))
  }

  /// - Parameter largestBlock: the most that is read at once.
  init(path: String, file: FileBytes, largestBlock: Int = 192 << 10) {
    self.path = path
    self.file = file
    // Two bytes tell what the content is.
    blockSize = max(min(largestBlock, file.sizeInMemory ?? largestBlock), 2)
    block = .allocate(capacity: blockSize)
  }

  deinit { block.deallocate() }

  /// Fills up to `capacity` bytes at `target`; 0 at the end of the content.
  func read(
    into target: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(RecordReaderError) -> Int {
    if !isStarted { try start() }
    if let inflater { return try unpack(with: inflater, into: target, capacity: capacity) }
    if blockStart < blockEnd {
      let count = min(capacity, blockEnd - blockStart)
      target.update(from: block + blockStart, count: count)
      blockStart += count
      return count
    }
    return isFileAtEnd ? 0 : try file.read(into: target, count: capacity)
  }

  /// Reads until it is known whether this is gzip data; one byte tells that it is not.
  private func start() throws(RecordReaderError) {
    let magic: (UInt8, UInt8) = (0x1f, 0x8b)
    while !isFileAtEnd, blockEnd == 0 || (blockEnd == 1 && block[0] == magic.0) {
      try extendBlock()
    }
    isStarted = true
    if blockEnd >= 2, block[0] == magic.0, block[1] == magic.1 {
      inflater = try GzipInflater(path: path)
    } else if blockEnd == 0 || (blockEnd == 1 && block[0] == magic.0),
      path.lowercased().hasSuffix(RecordFormat.gzipEnding)
    {
      throw .truncatedGzip(path: path)
    }
  }

  private func extendBlock() throws(RecordReaderError) {
    let count = try file.read(into: block + blockEnd, count: blockSize - blockEnd)
    if count == 0 { isFileAtEnd = true }
    blockEnd += count
  }

  private func unpack(
    with inflater: GzipInflater, into target: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(RecordReaderError) -> Int {
    while true {
      if blockStart == blockEnd, !isFileAtEnd {
        blockStart = 0
        blockEnd = 0
        try extendBlock()
      }
      if isFileAtEnd, blockStart == blockEnd, inflater.isAtMemberEnd { return 0 }
      let used = try inflater.inflate(
        block + blockStart, count: blockEnd - blockStart, into: target, capacity: capacity)
      blockStart += used.consumed
      if used.produced > 0 { return used.produced }
      if isFileAtEnd, used.consumed == 0 { throw .truncatedGzip(path: path) }
    }
  }
}
