import StrictJSON

extension RecordFault: CustomStringConvertible {
  /// What is wrong, in one line: `byte 0xff at offset 12`.
  public var description: String {
    switch self {
    case .invalidUTF8(let byte, let offset):
      "byte \(hexadecimal(byte)) at offset \(offset) is not UTF-8"
    case .missingField(let name): "no field \(EscapedText(name))"
    case .wrongType(let field, let name): "field \(EscapedText(name)) has the wrong type: \(field.types)"
    case .malformedJSON(let what): what
    case .openQuote: "quote is never closed"
    case .strayQuote: "stray quote: write a quote inside a quoted field twice"
    case .wrongColumnCount(let expected, let found):
      "expected \(expected) \(expected == 1 ? "column" : "columns"), found \(found)"
    case .textTooLong(let bytes, let limit):
      "\(bytes) bytes, more than the limit of \(limit)"
    }
  }
}

extension RecordField {
  /// The JSON values that it takes.
  fileprivate var types: String {
    switch self {
    case .text: "a text is a string"
    case .id: "an id is a string, a signed 64-bit integer, a number of magnitude below 2^53 or null"
    case .label: "a label is a string, a signed 64-bit integer, true or false, or an array of these"
    }
  }
}

/// `0xff`.
func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16)
  return digits.count == 1 ? "0x0\(digits)" : "0x\(digits)"
}
