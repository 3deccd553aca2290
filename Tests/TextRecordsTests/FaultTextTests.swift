import Testing
import TextRecords

@Suite struct FaultTextTests {
  @Test(
    arguments: [
      (.invalidUTF8(byte: 0xff, offset: 12), "invalid_utf8", "byte 0xff at offset 12 is not UTF-8"),
      (.invalidUTF8(byte: 0x05, offset: 0), "invalid_utf8", "byte 0x05 at offset 0 is not UTF-8"),
      (.missingField(name: "text"), "missing_field", "no field \"text\""),
      (
        .wrongType(.label, name: "a\nb"), "wrong_type",
        "field \"a\\nb\" has the wrong type: a label is a string, a signed 64-bit integer, true or false, or an array of these"
      ),
      (.malformedJSON("column 3: expected a value"), "malformed_json", "column 3: expected a value"),
      (.openQuote, "open_quote", "quote is never closed"),
      (.strayQuote, "stray_quote", "stray quote: write a quote inside a quoted field twice"),
      (
        .wrongColumnCount(expected: 2, found: 3), "wrong_column_count",
        "expected 2 columns, found 3"
      ),
      (
        .wrongColumnCount(expected: 1, found: 2), "wrong_column_count", "expected 1 column, found 2"
      ),
      (.textTooLong(bytes: 9, limit: 8), "text_too_long", "9 bytes, more than the limit of 8"),
    ] as [(RecordFault, String, String)])
  func `a fault has a code and a line of text`(
    _ fault: RecordFault, _ code: String, _ text: String
  ) {
    #expect(fault.code == code)
    #expect("\(fault)" == text)
  }
}
