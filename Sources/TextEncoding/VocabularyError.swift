/// Why a vocabulary is refused. Lines count from 1.
public enum VocabularyError: Error, Equatable {
  case missingSpecial(line: Int, expected: String)
  case emptyEntry(line: Int)
  case duplicateEntry(line: Int, firstLine: Int)
  case entryTooLong(line: Int, bytes: Int, limit: Int)
  case tooManyEntries(Int, limit: Int)
  case invalidUTF8(line: Int)
  case invalidByte(line: Int, byte: UInt8)
  case badEscape(line: Int)
}

extension VocabularyError: CustomStringConvertible {
  /// One line: which line of the file is refused and why, without the text in it.
  public var description: String {
    switch self {
    case .missingSpecial(let line, let expected): "line \(line) must be the special token \(expected)"
    case .emptyEntry(let line): "line \(line) is empty"
    case .duplicateEntry(let line, let firstLine): "line \(line) repeats the token of line \(firstLine)"
    case .entryTooLong(let line, let bytes, let limit):
      "line \(line) has \(bytes) bytes; the limit is \(limit)"
    case .tooManyEntries(let count, let limit): "\(count) entries or more; the limit is \(limit)"
    case .invalidUTF8(let line): "line \(line) is not valid UTF-8"
    case .invalidByte(let line, let byte): "line \(line) holds the byte 0x\(String(byte, radix: 16))"
    case .badEscape(let line): "line \(line) has a backslash that is not \\\\, \\n, \\r or \\t"
    }
  }
}
