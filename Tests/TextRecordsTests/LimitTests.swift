import Testing
import TextRecords

@Suite struct LimitTests {
  private static let long = String(repeating: "x", count: 3_000_000)

  @Test func `a text may be as long as the limit and no longer`() throws {
    let read = try records(
      "abc\nabcd\nabc\r\nabcd\r\nab", .lines, .init(textLimit: 3))
    #expect(read.map(\.summary) == ["abc", "<text_too_long>", "abc", "<text_too_long>", "ab"])
    #expect(read[3].fault == .textTooLong(bytes: 4, limit: 3))
    #expect(
      try records("abc\u{0}äöü\u{0}", .nul, .init(textLimit: 3)).map(\.fault)
        == [nil, .textTooLong(bytes: 6, limit: 3)])
    for format in [RecordFormat.tsv, .csv, .fasttext] {
      #expect(
        try records("abc\nabcd\n", format, .init(textLimit: 3)).map(\.fault)
          == [nil, .textTooLong(bytes: 4, limit: 3)])
    }
  }

  @Test(arguments: ["\n", "\r\n"])
  func `a text that outgrows the buffer is passed over`(_ lineEnd: String) throws {
    let text = "a\(lineEnd)\(Self.long)\(lineEnd)b\(lineEnd)\(Self.long)"
    let read = try records(text, .lines, .init(textLimit: 10))
    let fault = RecordFault.textTooLong(bytes: 3_000_000, limit: 10)
    #expect(read.map(\.fault) == [nil, fault, nil, fault])
    #expect(read.map(\.line) == [1, 2, 3, 4])
  }

  @Test func `a long text within the limit is read whole`() throws {
    let read = try records("\(Self.long)\na\n\(Self.long)", .lines)
    #expect(read.map(\.summary.utf8.count) == [3_000_000, 1, 3_000_000])
    let row = try records("text\n\"\(Self.long)\n\"\nb\n", .csv)
    #expect(row.map(\.summary.utf8.count) == [3_000_001, 1])
    #expect(row.map(\.line) == [2, 4])
  }

  @Test func `a quoted text that outgrows the buffer is passed over to its closing quote`() throws {
    let text = "text\n\"\(Self.long)\n\(Self.long)\"\nb\n"
    let read = try records(text, .csv, .init(textLimit: 10))
    #expect(read.map(\.summary) == ["<text_too_long>", "b"])
    #expect(read.map(\.line) == [2, 4])
    // Whatever ends the row, it has as many bytes.
    for lineEnd in ["\n", "\r\n"] {
      let row = try records("text\nb\n\"\(Self.long)\"\(lineEnd)b\n", .csv, .init(textLimit: 10))
      #expect(row.map(\.fault) == [nil, .textTooLong(bytes: 3_000_002, limit: 10 + (1 << 20)), nil])
    }
    let open = try records("text\n\"\(Self.long)\n\(Self.long)\nb\n", .csv, .init(textLimit: 10))
    #expect(open.map(\.fault) == [.openQuote])
  }

  /// Six bytes for one, as Python's json.dumps writes what is not ASCII.
  @Test(arguments: [(#"\u0041"#, "A", 600_000), (#"\u0436"#, "ж", 300_000), (#"\ud83d\ude00"#, "😀", 150_000)])
  func `escapes make no text too long`(_ escape: String, _ character: String, _ count: Int) throws {
    let text = String(repeating: escape, count: count)
    let lines = [#"{"id":1,"text":"\#(text)"}"#, #"{"id":2,"text":"\#(text)!"}"#, #"{"id":3,"text":"a"}"#]
    let read = try records(lines.joined(separator: "\n"), .jsonl, .init(textLimit: 600_000))
    #expect(read.map(\.fault) == [nil, .textTooLong(bytes: 600_001, limit: 600_000), nil])
    #expect(read.map(\.id) == ["1", "2", "3"])
    #expect(read[0].summary == String(repeating: character, count: count))
  }

  /// Values that nest take many times the memory of a text as long.
  @Test(
    arguments: [
      (#"{"text":"a","more":""#, "xyz", #""}"#, 22), (#"{"text":"\n\\u0041"#, "xyz", #""}"#, 18),
      (#"{"text":"a","more":["#, "[],", "0]}", 23), (#"{"text":"a"#, "xyz", #"\"#, 11),
    ])
  func `a line of JSON that is long without its escapes is too long`(
    _ start: String, _ repeated: String, _ end: String, _ size: Int
  ) throws {
    let line = start + String(repeating: repeated, count: 1_000_000) + end
    let read = try records("\(line)\n{\"text\":\"b\"}", .jsonl, .init(textLimit: 1_000_000))
    #expect(
      read.map(\.fault) == [.textTooLong(bytes: 3_000_000 + size, limit: 1_000_000 + (1 << 20)), nil])
  }

  @Test func `records survive every place of the buffer's end`() throws {
    // Rows of all lengths up to 400 bytes in 1 MB, so that reads end everywhere in a row.
    let texts = (0..<5_000).map { String(repeating: "é\"\n,", count: $0 % 80) + "\($0)" }
    let csv =
      "label,text\r\n"
      + texts.map { "x,\"\($0.replacing("\"", with: "\"\""))\"\r\n" }.joined()
    let read = try records(csv, .csv)
    #expect(read.count == texts.count)
    #expect(zip(read, texts).allSatisfy { $0.summary == $1 && $0.labels == ["x"] })
  }
}
