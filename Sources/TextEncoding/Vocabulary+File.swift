/// `vocabulary.txt`: one token a line, the line number less one is its id, UTF-8.
///
/// A backslash, a line feed, a carriage return and a tab inside a token are written `\\`, `\n`, `\r`, `\t`.
extension Vocabulary {
  /// Reads a vocabulary file.
  public init(parsing bytes: [UInt8]) throws(VocabularyError) {
    var entries: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = entries.count + 1
      guard line <= Vocabulary.entryLimit else { throw .tooManyEntries(line, limit: Vocabulary.entryLimit) }
      // Four bytes of text for one of a token is more than escapes can make of it.
      guard end - start <= 2 * Vocabulary.entryByteLimit else {
        throw .entryTooLong(line: line, bytes: end - start, limit: Vocabulary.entryByteLimit)
      }
      entries.append(try Vocabulary.unescape(bytes[start..<end], line: line))
      start = end + 1
    }
    try self.init(entries: entries)
  }

  /// The file's bytes; reading them gives the same vocabulary.
  public var fileBytes: [UInt8] {
    var result: [UInt8] = []
    for id in 0..<count {
      for byte in Array((token(Int32(id)) ?? "").utf8) {
        switch byte {
        case UInt8(ascii: "\\"): result += Array("\\\\".utf8)
        case UInt8(ascii: "\n"): result += Array("\\n".utf8)
        case UInt8(ascii: "\r"): result += Array("\\r".utf8)
        case UInt8(ascii: "\t"): result += Array("\\t".utf8)
        default: result.append(byte)
        }
      }
      result.append(UInt8(ascii: "\n"))
    }
    return result
  }

  private static func unescape(_ line: ArraySlice<UInt8>, line number: Int) throws(VocabularyError) -> [UInt8]
  {
    var entry: [UInt8] = []
    entry.reserveCapacity(line.count)
    var isASCII = true
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\\"):
        guard index < line.endIndex else { throw .badEscape(line: number) }
        switch line[index] {
        case UInt8(ascii: "\\"): entry.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "n"): entry.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "r"): entry.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "t"): entry.append(UInt8(ascii: "\t"))
        default: throw .badEscape(line: number)
        }
        index += 1
      case 0: throw .invalidByte(line: number, byte: byte)
      case UInt8(ascii: "\r"): throw .invalidByte(line: number, byte: byte)
      default:
        if byte >= 0x80 { isASCII = false }
        entry.append(byte)
      }
    }
    guard isASCII || String(validating: entry, as: UTF8.self) != nil else { throw .invalidUTF8(line: number) }
    return entry
  }
}
