import Testing
import TextRecords

/// Which records with a fault keep their ids.
@Suite struct FaultyRecordIDTests {
  /// `!` stands for the byte 0xff, which is never UTF-8.
  private func broken(_ text: String) -> [UInt8] {
    text.utf8.map { $0 == UInt8(ascii: "!") ? 0xff : $0 }
  }

  @Test(
    arguments: [
      (.csv, "id,text\n7,ab!cd\n", 4, "7"),
      (.csv, "text,id\nab!cd,7\n", 2, "7"),
      (.csv, "id,text\n\"7, \"\"x\"\"\",!\n", 11, "7, \"x\""),
      (.csv, "id,text\n7,\"a\n!\"\n", 5, "7"),
      (.csv, "id,text\n7!,a\n", 1, nil),
      (.csv, "id,text\n,!\n", 1, nil),
      (.csv, "id,text\n\"\",!\n", 3, nil),
      (.csv, "label,text\nx,!\n", 2, nil),
      (.csv, "id,text\n7,!,b\n", 2, "7"),
      (.csv, "text,id\n!,7,b\n", 0, nil),
      (.tsv, "id\ttext\n7\tab!cd\n", 4, "7"),
      (.tsv, "text\tmore\tid\n!\t!\t7", 0, "7"),
      (.tsv, "text\tid\na\t!\n", 2, nil),
    ] as [(RecordFormat, String, Int, String?)])
  func `a row that is not UTF-8 keeps an id that is`(
    _ format: RecordFormat, _ text: String, _ offset: Int, _ id: String?
  ) throws {
    let read = try records(broken(text), format)
    #expect(read.map(\.fault) == [.invalidUTF8(byte: 0xff, offset: offset)])
    #expect(read.map(\.id) == [id])
  }

  @Test(
    arguments: [
      (.csv, "id,text\n7,a,b\n", "wrong_column_count", "7"),
      (.csv, "id,text\n\"7\",a,b\n", "wrong_column_count", "7"),
      (.csv, "id,text,label\n7,a\n", "wrong_column_count", "7"),
      (.csv, "id,text\n7\n", "wrong_column_count", nil),
      (.csv, "id,text\n,a,b\n", "wrong_column_count", nil),
      (.csv, "text,id\na,7,b\n", "wrong_column_count", nil),
      (.csv, "id,text\n7,a\"b\n", "stray_quote", "7"),
      (.csv, "id,text\n\"7\"\"\",a\"b\n", "stray_quote", "7\""),
      (.csv, "id,text\n7\"x,a\n", "stray_quote", nil),
      (.csv, "id,text\n\"7\"x,a\n", "stray_quote", nil),
      (.csv, "text,id\na\"b,7\n", "stray_quote", nil),
      (.csv, "id,text\n7,\"a\n", "open_quote", "7"),
      (.csv, "id,text\n7,\"a", "open_quote", "7"),
      (.csv, "id,text\n\"7,a\n", "open_quote", nil),
      (.csv, "text,id\n\"a,7\n", "open_quote", nil),
      (.tsv, "id\ttext\n7\ta\tb\n", "wrong_column_count", "7"),
      (.tsv, "id\ttext\n\"7\ta\tb\n", "wrong_column_count", "\"7"),
      (.tsv, "id\ttext\n7\n", "wrong_column_count", nil),
      (.tsv, "text\tid\na\t7\tb\n", "wrong_column_count", nil),
    ] as [(RecordFormat, String, String, String?)])
  func `a row of the wrong shape keeps an id of the first column`(
    _ format: RecordFormat, _ text: String, _ code: String, _ id: String?
  ) throws {
    let read = try records(text, format)
    #expect(read.map { $0.fault?.code } == [code])
    #expect(read.map(\.id) == [id])
  }

  /// One that lies whole in the buffer, and one that outgrows it.
  @Test(arguments: [RecordFormat.csv, .tsv], [(1 << 20) + 9, 3_000_000])
  func `a row that is too long keeps an id of the first column`(_ format: RecordFormat, _ size: Int) throws {
    let separator = format == .csv ? "," : "\t"
    let long = String(repeating: "x", count: size)
    let options = RecordReaderOptions(textLimit: 10)
    func ids(_ header: [String], _ row: [String]) throws -> [String?] {
      let rows = [header, row, ["8", "8"]].map { $0.joined(separator: separator) }
      let read = try records(rows.joined(separator: "\n"), format, options)
      #expect(read.map { $0.fault?.code } == ["text_too_long", nil])
      return read.map(\.id)
    }
    #expect(try ids(["id", "text"], ["7", long]) == ["7", "8"])
    #expect(try ids(["text", "id"], [long, "7"]) == [nil, "8"])
    #expect(try ids(["id", "text"], [long, "7"]) == [nil, "8"])
  }

  @Test func `a quoted text that is too long leaves the id before it`() throws {
    let long = String(repeating: "x\n", count: 1_500_000)
    let options = RecordReaderOptions(textLimit: 10)
    let closed = try records("id,text\n\"7\",\"\(long)\"\n8,b\n", .csv, options)
    #expect(closed.map(\.summary) == ["<text_too_long>", "b"])
    #expect(closed.map(\.id) == ["7", "8"])
    let open = try records("id,text\n7,\"\(long)\n8,b\n", .csv, options)
    #expect(open.map(\.summary) == ["<open_quote>"])
    #expect(open.map(\.id) == ["7"])
  }

  @Test func `rows without a header have no id`() throws {
    let bare = RecordReaderOptions(hasHeader: false)
    let read = try records(broken("!\t7\n1\ta\n!\t7\n1\n"), .tsv, bare)
    #expect(read.map(\.summary) == ["<invalid_utf8>", "a", "<invalid_utf8>", "<wrong_column_count>"])
    #expect(read.allSatisfy { $0.id == nil })
  }

  @Test(
    arguments: [
      (#"{"id":"7","text":"a!"}"#, 19, "7"),
      (#"{"text":"!","id":7.0}"#, 9, "7"),
      (#"{"id":"!","text":"a"}"#, 7, nil),
      (#"{"i!d":"7","text":"a"}"#, 3, nil),
      (#"{"id":[],"text":"!"}"#, 17, nil),
      (#"{"id":"7","text":"!"#, 18, nil),
      (#"["id","7","!"]"#, 11, nil),
    ] as [(String, Int, String?)])
  func `a JSON object that is not UTF-8 keeps an id that is`(
    _ line: String, _ offset: Int, _ id: String?
  ) throws {
    let read = try records(broken(line), .jsonl)
    #expect(read.map(\.fault) == [.invalidUTF8(byte: 0xff, offset: offset)])
    #expect(read.map(\.id) == [id])
  }

  @Test func `a line of JSON that is malformed has no id`() throws {
    let read = try records(#"{"id":"7","text":"a"x}"#, .jsonl)
    #expect(read.map(\.summary) == ["<malformed_json>"])
    #expect(read.map(\.id) == [nil])
  }

  /// One that lies whole in the buffer, one that outgrows it, and one that is shorter than escapes could have made it.
  @Test(
    arguments: [(10, (1 << 20) + 99), (10, 3_000_000), (500_000, 2_000_000)],
    [
      (#""id":"8","#, "8"), (#" "n" : [1,{"id":7}] , "id" : 8.0 ,"#, "8"),
      (#""id":"8,\",\"id\":\"9","#, #"8,","id":"9"#),
      (#""n":{"id":"7"},"#, nil), (#""n":"\"id\":\"7\",","#, nil), (#""id":null,"#, nil),
      (#""id":[8],"#, nil),
      (#""id":8x,"#, nil), ("", nil),
    ] as [(String, String?)])
  func `a line of JSON that is too long keeps an id at its start`(
    _ sizes: (limit: Int, text: Int), _ start: (members: String, id: String?)
  ) throws {
    let long = String(repeating: "x", count: sizes.text)
    let line = #"{\#(start.members)"text":"\#(long)","id":"late"}"#
    let read = try records("\(line)\n{\"id\":1,\"text\":\"a\"}", .jsonl, .init(textLimit: sizes.limit))
    #expect(read.map(\.summary) == ["<text_too_long>", "a"])
    #expect(read.map(\.id) == [start.id, "1"])
  }

  @Test(arguments: [1, 7, 64]) func `where a block ends changes no id`(_ largest: Int) throws {
    let text = broken("id,text\n7,!\n\"8\",a,b\n9,\"a\"b\n10,\"a\nb")
    let options = RecordReaderOptions(format: .csv)
    let pieces = try all(RecordReader(name: "a", bytes: text, options: options, largestBlock: largest))
    #expect(pieces.map(\.id) == ["7", "8", "9", "10", nil])
  }
}
