#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One record as it is written in the file.
struct RecordSpan {
  /// The record without its line end; valid until the window is asked for the next record. Empty
  /// where the record was too long to keep.
  let bytes: UnsafeBufferPointer<UInt8>
  /// The line on which the record starts, from 1.
  let line: Int
  /// What keeps the record from being taken apart.
  let fault: RecordFault?
  /// The first bytes of a record that was too long to keep, copied; else empty.
  var head: [UInt8] = []
}

/// A moving view of a file that cuts it into records.
///
/// Nearly all records lie whole in the buffer and are handed out in place. The buffer grows for a
/// longer record up to the limit; beyond it the record is skipped, not kept.
final class RecordWindow {
  /// How much of a record that is too long to keep is handed out: enough for an id at its start.
  static let headSize = 4_096

  /// The most bytes that are looked at for UTF-16 without a mark. More would miss files with a dash or an accented letter
  /// soon after their start.
  private static let largestTellingStart = 16

  private let source: ByteSource
  private let limit: Int
  private var buffer: UnsafeMutablePointer<UInt8>
  /// The size of the buffer; a read fills what is free of it.
  private var capacity: Int
  private var start = 0
  private var end = 0
  private var isSourceAtEnd = false
  private var nextLine = 1

  /// - Parameter isNULSeparated: whether NULs end records, so that they tell nothing of the encoding.
  init(source: ByteSource, limit: Int, isNULSeparated: Bool) throws(RecordReaderError) {
    self.source = source
    self.limit = limit
    // A quarter is kept free for each read, so that what a block fills is three quarters.
    capacity = source.blockSize / 3 * 4 + 4
    buffer = .allocate(capacity: capacity)
    if let form = try utf16Form(isNULSeparated: isNULSeparated) {
      throw .utf16(path: source.path, form: form)
    }
    try skipByteOrderMark()
  }

  deinit { buffer.deallocate() }

  /// The next record that `delimiter` ends, or the end of the file; `nil` after the last.
  ///
  /// A CR before an LF belongs to the line end.
  func nextSpan(endingWith delimiter: UInt8) throws(RecordReaderError) -> RecordSpan? {
    var searched = 0
    while true {
      if let found = offset(of: delimiter, from: searched) {
        return take(found, andDelimiter: delimiter)
      }
      searched = end - start
      if searched - 1 > limit { return try skipLongRecord(endingWith: delimiter) }
      if try !fill() { return searched == 0 ? nil : take(searched, andDelimiter: nil) }
    }
  }

  /// The next CSV record; `nil` after the last.
  func nextCSVSpan() throws(RecordReaderError) -> RecordSpan? {
    var scanner = CSVScanner()
    while true {
      let isComplete = scanner.scan(UnsafeBufferPointer(start: buffer + start, count: end - start))
      if isComplete {
        return take(
          scanner.position, andDelimiter: UInt8.lineFeed, fault: scanner.isStray ? .strayQuote : nil)
      }
      if end - start - 1 > limit { return try skipLongCSVRecord(scanner) }
      if try !fill() {
        if start == end { return nil }
        if scanner.isInQuotes { return takeFirstLineOfOpenQuote() }
        // The end of the file after a closing quote and a bare CR.
        let isStray = scanner.isStray || scanner.isAfterQuoteAndReturn
        return take(end - start, andDelimiter: nil, fault: isStray ? .strayQuote : nil)
      }
    }
  }

  // MARK: Cutting

  /// Hands out `count` bytes and moves behind them and the delimiter.
  private func take(
    _ count: Int, andDelimiter delimiter: UInt8?, fault: RecordFault? = nil
  ) -> RecordSpan {
    let first = UnsafePointer(buffer + start)
    let line = nextLine
    nextLine += newlines(first, count)
    start += count
    var kept = count
    if let delimiter {
      start += 1
      if delimiter == .lineFeed {
        nextLine += 1
        if kept > 0, first[kept - 1] == .carriageReturn { kept -= 1 }
      }
    }
    let isTooLong = kept > limit
    return RecordSpan(
      bytes: UnsafeBufferPointer(start: first, count: isTooLong ? 0 : kept), line: line,
      fault: isTooLong ? .textTooLong(bytes: kept, limit: limit) : fault,
      head: isTooLong ? firstBytes(first, kept) : [])
  }

  /// A quote that the rest of the file does not close is the fault of its line alone, where the rest is no longer than the
  /// longest record; of more, nobody can tell where records would begin (`skipLongCSVRecord`).
  private func takeFirstLineOfOpenQuote() -> RecordSpan {
    if let found = offset(of: .lineFeed, from: 0) {
      return take(found, andDelimiter: .lineFeed, fault: .openQuote)
    }
    return take(end - start, andDelimiter: nil, fault: .openQuote)
  }

  /// Moves behind a record that is too long and tells its length.
  private func skipLongRecord(endingWith delimiter: UInt8) throws(RecordReaderError) -> RecordSpan {
    let line = nextLine
    let head = firstBytes(buffer + start, end - start)
    var count = 0
    var last: UInt8 = 0
    while true {
      let found = offset(of: delimiter, from: 0)
      let step = found ?? (end - start)
      if step > 0 { last = buffer[start + step - 1] }
      count += step
      nextLine += newlines(buffer + start, step)
      start += step
      if found != nil {
        start += 1
        if delimiter == .lineFeed {
          nextLine += 1
          if last == .carriageReturn { count -= 1 }
        }
        return skipped(count, line: line, head: head)
      }
      if try !fill() { return skipped(count, line: line, head: head) }
    }
  }

  private func skipLongCSVRecord(_ started: CSVScanner) throws(RecordReaderError) -> RecordSpan {
    var scanner = started
    let line = nextLine
    let head = firstBytes(buffer + start, end - start)
    var count = 0
    var last: UInt8 = 0
    while true {
      let isComplete = scanner.scan(UnsafeBufferPointer(start: buffer + start, count: end - start))
      if scanner.position > 0 { last = buffer[start + scanner.position - 1] }
      count += scanner.position
      nextLine += newlines(buffer + start, scanner.position)
      start += scanner.position
      scanner.position = 0
      if isComplete {
        start += 1
        nextLine += 1
        if last == .carriageReturn { count -= 1 }
        return skipped(count, line: line, head: head)
      }
      if try !fill() {
        let empty = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        if scanner.isInQuotes { return RecordSpan(bytes: empty, line: line, fault: .openQuote, head: head) }
        return skipped(count, line: line, head: head)
      }
    }
  }

  private func skipped(_ count: Int, line: Int, head: [UInt8]) -> RecordSpan {
    RecordSpan(
      bytes: UnsafeBufferPointer(start: nil, count: 0), line: line,
      fault: .textTooLong(bytes: count, limit: limit), head: head)
  }

  /// A copy of the first of `count` bytes, which the next read may overwrite.
  private func firstBytes(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: bytes, count: min(count, Self.headSize)))
  }

  private func offset(of byte: UInt8, from searched: Int) -> Int? {
    offsetOfByte(byte, in: buffer + start + searched, count: end - start - searched)
      .map { $0 + searched }
  }

  private func newlines(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var total = 0
    var position = 0
    while let found = offsetOfByte(.lineFeed, in: bytes + position, count: count - position) {
      total += 1
      position += found + 1
    }
    return total
  }

  // MARK: Filling

  /// Reads more behind what is there; false at the end of the file.
  private func fill() throws(RecordReaderError) -> Bool {
    if isSourceAtEnd { return false }
    makeRoom()
    let count = try source.read(into: buffer + end, capacity: capacity - end)
    end += count
    isSourceAtEnd = count == 0
    return count > 0
  }

  private func makeRoom() {
    if start == end {
      start = 0
      end = 0
    }
    let needed = capacity / 4
    if capacity - end >= needed { return }
    if end - start <= capacity - 2 * needed {
      buffer.update(from: buffer + start, count: end - start)
    } else {
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
      larger.update(from: buffer + start, count: end - start)
      buffer.deallocate()
      buffer = larger
      capacity *= 2
    }
    end -= start
    start = 0
  }

  // MARK: The file's start

  private func skipByteOrderMark() throws(RecordReaderError) {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    for (position, byte) in mark.enumerated() {
      guard try self.byte(at: position) == byte else { return }
    }
    start = mark.count
  }

  /// How the file's start tells that it is UTF-16; `nil` where it does not.
  ///
  /// No more is read than it takes to tell: a record must not wait for what comes behind it.
  private func utf16Form(isNULSeparated: Bool) throws(RecordReaderError) -> UTF16Form? {
    let first = try byte(at: 0)
    if first == 0xff, try byte(at: 1) == 0xfe { return .marked }
    if first == 0xfe, try byte(at: 1) == 0xff { return .marked }
    // A lone line feed is an empty line, whose answer may be awaited.
    if isNULSeparated || first == .lineFeed { return nil }
    // Without a mark: characters below U+0100, each with its NUL.
    let form = first == 0 ? UTF16Form.bigEndian : .littleEndian
    let zeros = form == .bigEndian ? 0 : 1
    var count = 0
    while count < Self.largestTellingStart, let byte = try byte(at: count) {
      guard (byte == 0) == (count % 2 == zeros) else { return nil }
      count += 1
      // A line is enough, whose answer may be awaited. What is there already may not count: it depends on blocks.
      if count % 2 == 0, buffer[count - 1] == .lineFeed || buffer[count - 2] == .lineFeed { break }
    }
    return count >= 4 && count % 2 == 0 ? form : nil
  }

  /// Of the file's first bytes; before a record is taken.
  private func byte(at position: Int) throws(RecordReaderError) -> UInt8? {
    while end <= position {
      if try !fill() { return nil }
    }
    return buffer[position]
  }
}

/// Where `byte` first stands in `bytes`.
func offsetOfByte(_ byte: UInt8, in bytes: UnsafePointer<UInt8>, count: Int) -> Int? {
  guard count > 0, let found = memchr(bytes, Int32(byte), count) else { return nil }
  return UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
}

extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let tab = UInt8(ascii: "\t")
  static let comma = UInt8(ascii: ",")
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let space = UInt8(ascii: " ")
}
