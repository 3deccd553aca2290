/// Why bytes are not the JSON document they should be, and where.
public struct JSONError: Error, Equatable, Sendable {
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

  public var reason: Reason
  /// Line of the offending byte, from 1.
  public var line: Int
  /// Column of the offending byte, from 1, counted in bytes.
  public var column: Int
  /// Offset of the offending byte, from 0.
  public var offset: Int

  public init(_ reason: Reason, line: Int, column: Int, offset: Int) {
    self.reason = reason
    self.line = line
    self.column = column
    self.offset = offset
  }
}
