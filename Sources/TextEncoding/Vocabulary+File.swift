/// `vocabulary.txt`: one token a line, the line number less one is its id, UTF-8.
///
/// A backslash, a line feed, a carriage return and a tab inside a token are written `\\`, `\n`, `\r`, `\t`.
extension Vocabulary {
  /// Reads a vocabulary file, in one pass.
  public init(parsing bytes: [UInt8]) throws(VocabularyError) {
    self = try bytes.withUnsafeBufferPointer { (bytes) throws(VocabularyError) in
      var filler = VocabularyFiller(capacity: bytes.count / Vocabulary.usualLine, byteCapacity: bytes.count)
      var unescaped: [UInt8] = []
      var start = 0
      while start < bytes.count {
        var end = start
        var special = false
        var isASCII = true
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") {
          let byte = bytes[end]
          // All bytes that need a look are above ASCII, below the space, or the backslash.
          if byte >= 0x80 { isASCII = false }
          if byte < 0x20 || byte == UInt8(ascii: "\\") { special = true }
          end += 1
        }
        let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
        start = end + 1
        // Two bytes of text for one of a token is more than escapes can make of it.
        guard line.count <= 2 * Vocabulary.entryByteLimit else {
          throw .entryTooLong(line: filler.line, bytes: line.count, limit: Vocabulary.entryByteLimit)
        }
        guard isASCII || String(validating: line, as: UTF8.self) != nil else {
          throw .invalidUTF8(line: filler.line)
        }
        guard special else {
          try filler.add(line)
          continue
        }
        try Vocabulary.unescape(line, line: filler.line, into: &unescaped)
        try filler.add(unescaped)
      }
      return try filler.finish()
    }
  }

  /// Bytes of a line of English, its feed included: how much room is made at first.
  private static let usualLine = 8

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

  private static func unescape(
    _ line: UnsafeBufferPointer<UInt8>, line number: Int, into entry: inout [UInt8]
  ) throws(VocabularyError) {
    entry.removeAll(keepingCapacity: true)
    var index = 0
    while index < line.count {
      let byte = line[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\\"):
        guard index < line.count else { throw .badEscape(line: number) }
        switch line[index] {
        case UInt8(ascii: "\\"): entry.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "n"): entry.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "r"): entry.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "t"): entry.append(UInt8(ascii: "\t"))
        default: throw .badEscape(line: number)
        }
        index += 1
      case 0, UInt8(ascii: "\r"), UInt8(ascii: "\t"): throw .invalidByte(line: number, byte: byte)
      default: entry.append(byte)
      }
    }
  }
}
