/// What is wrong with one record. Reading goes on with the next record.
public enum RecordFault: Error, Equatable, Hashable, Sendable {
  /// A byte that is not UTF-8; the offset counts bytes from the start of the record.
  case invalidUTF8(byte: UInt8, offset: Int)
  /// A JSON object without the key of the text or of an id that must be there, or a fastText label without a name.
  case missingField(name: String)
  /// A JSON value that cannot be what the key stands for.
  case wrongType(RecordField, name: String)
  /// A line that is not one JSON object.
  case malformedJSON(String)
  /// A CSV quote that is never closed.
  case openQuote
  /// A CSV quote inside an unquoted field, or text after a closing quote.
  case strayQuote
  /// A row with more or fewer columns than the file's first row.
  case wrongColumnCount(expected: Int, found: Int)
  /// A text (or a whole record) that is larger than allowed.
  case textTooLong(bytes: Int, limit: Int)

  /// A stable name of the fault for programs: `invalid_utf8`, `open_quote`, …
  public var code: String {
    switch self {
    case .invalidUTF8: "invalid_utf8"
    case .missingField: "missing_field"
    case .wrongType: "wrong_type"
    case .malformedJSON: "malformed_json"
    case .openQuote: "open_quote"
    case .strayQuote: "stray_quote"
    case .wrongColumnCount: "wrong_column_count"
    case .textTooLong: "text_too_long"
    }
  }
}
