import ModelConversion
import Testing

/// Answers of a source, a JSON object a line.
@Suite struct ReferenceRecordTests {
  private func parse(_ text: String) throws -> [ReferenceRecord] {
    try ReferenceRecord.parse(Array(text.utf8))
  }

  @Test func linesAreCountedAndEmptyOnesSkipped() throws {
    let records = try parse(
      "{\"text\": \"a\", \"logits\": [1, -2.5]}\r\n \t\r\n{\"tokens\": [4, 5], \"logits\": [0, 1e-3]}\n")
    #expect(
      records == [
        ReferenceRecord(line: 1, text: "a", logits: [1, -2.5]),
        ReferenceRecord(line: 3, tokens: [4, 5], logits: [0, 1e-3]),
      ])
  }

  @Test func badRecordsAreRefusedByLine() throws {
    for (text, error) in [
      ("\n", ReferenceError.empty), ("", .empty),
      ("{\"logits\": [1]}", .record(line: 1, reason: "it has neither text nor tokens")),
      ("\n{\"tokens\": [], \"logits\": [1]}", .record(line: 2, reason: "tokens is empty")),
      (
        "\n{\"text\": \"a\", \"logits\": [0, -1e308]}",
        .record(line: 2, reason: "logits[1] is -1e+308, more than a 32-bit number can be")
      ),
    ] {
      #expect(throws: error) { try parse(text) }
    }
    for text in ["{", "[]", "{\"text\": \"a\"}", "{\"text\": \"a\", \"logits\": [1], \"score\": 2}"] {
      #expect(throws: ReferenceError.self, "\(text)") { try parse(text) }
    }
    #expect(
      "\(ReferenceError.record(line: 2, reason: "tokens is empty"))" == "line 2: tokens is empty")
  }
}
