/// Why bytes are not the JSON document they should be, and where.
public struct JSONError: Error, Equatable, Sendable {
  /// What is wrong at a byte of the document. Texts in it are the document's, not made safe for a terminal.
  public enum Reason: Equatable, Sendable {
    case empty
    case byteOrderMark
    case tooLong(bytes: Int, limit: Int)
    case tooDeep(limit: Int)
    case endOfInput(expected: String)
    case unexpectedByte(UInt8, expected: String)
    case trailingData(UInt8)
    case duplicateKey(String)
    case controlCharacter(UInt8)
    case invalidEscape(UInt8)
    case loneSurrogate(UInt16)
    case invalidUTF8(UInt8)
    case invalidNumber(expected: String)
    case numberOutOfRange(String)
    case numberTooLong(limit: Int)
  }

  /// What is wrong; the place is apart, in `line`, `column` and `offset`.
  public var reason: Reason
  /// Line of the offending byte, from 1.
  public var line: Int
  /// Column of the offending byte, from 1, counted in bytes.
  public var column: Int
  /// Offset of the offending byte, from 0.
  public var offset: Int

  /// An error at a place that the caller has worked out: that line, column and offset agree is not checked.
  public init(_ reason: Reason, line: Int, column: Int, offset: Int) {
    self.reason = reason
    self.line = line
    self.column = column
    self.offset = offset
  }
}
