extension JSONError: CustomStringConvertible {
  /// One line: line and column, then what is wrong there.
  public var description: String { "line \(line), column \(column): \(reason)" }
}

extension JSONError.Reason: CustomStringConvertible {
  /// One line without the place: what was expected, and what was found, escaped.
  public var description: String {
    switch self {
    case .empty: "no JSON value, the text is empty"
    case .byteOrderMark: "byte order mark before the JSON text; remove it"
    case .tooLong(let bytes, let limit): "\(bytes) bytes of JSON (limit \(limit))"
    case .tooDeep(let limit): "arrays and objects nest too deeply (limit \(limit))"
    case .endOfInput(let expected): "the text ends early, expected \(expected)"
    case .unexpectedByte(let byte, let expected): "expected \(expected), found \(Self.show(byte))"
    case .trailingData(let byte): "expected the end after the JSON value, found \(Self.show(byte))"
    case .duplicateKey(let key): "duplicate key \(EscapedText(key))"
    case .controlCharacter(let byte):
      "control character \(Self.show(byte)) in a string; write it as an escape"
    case .invalidEscape(let byte): "invalid escape in a string, found \(Self.show(byte))"
    case .loneSurrogate(let unit): "lone surrogate \\u\(String(unit, radix: 16)) in a string"
    case .invalidUTF8(let byte): "invalid UTF-8 in a string, byte \(Self.show(byte))"
    case .invalidNumber(let expected): "malformed number, expected \(expected)"
    case .numberOutOfRange(let text): "number out of range: \(EscapedText(text, limit: 40))"
    case .numberTooLong(let limit): "number with too many characters (limit \(limit))"
    }
  }

  private static func show(_ byte: UInt8) -> String {
    if (0x21...0x7e).contains(byte) { return "'\(Character(UnicodeScalar(byte)))'" }
    let digits = String(byte, radix: 16)
    return "0x" + (digits.count == 1 ? "0" : "") + digits
  }
}
