import Testing
import TextRecords

@Suite struct RowTests {
  @Test(
    arguments: [
      (.tsv, "label\ttext\npos\tgood\n", ["good"], ["pos"]),
      (.tsv, "text\tlabel\r\ngood\tpos\r\n", ["good"], ["pos"]),
      (.tsv, "\u{feff}text\ngood\n\nbad", ["good", "", "bad"], []),
      (.tsv, "text\tlabel\ngood\tpos\n\nbad\tneg\n\n", ["good", "bad"], ["pos", "neg"]),
      (.csv, "text,label\r\ngood,pos\r\n\r\nbad,neg\r\n", ["good", "bad"], ["pos", "neg"]),
      (.tsv, "\r\n\r\ntext\r\n\r\ngood\r\n", ["", "good"], []),
      (.tsv, "\n\ngood\n\nbad\n", ["", "", "good", "", "bad"], []),
      (.tsv, "\npos\tgood\n\nneg\tbad\n", ["good", "bad"], ["pos", "neg"]),
      (.tsv, "pos\tgood\nneg\tbad\tnews\n", ["good", "bad\tnews"], ["pos", "neg"]),
      (.tsv, "good\nbad\n", ["good", "bad"], []),
      (.tsv, "text\n\"a\"\"\n\"b\n", ["\"a\"\"", "\"b"], []),
      (.tsv, "label\ttext\n\tgood\n", ["good"], []),
      (.tsv, "label\ttext\npos\t\n", [""], ["pos"]),
      (.tsv, "text\na\u{2028}b\u{0}\rc\n", ["a\u{2028}b\u{0}\rc"], []),
      (.tsv, "", [], []),
      (.tsv, "\n\n", [], []),
      (.tsv, "text\n", [], []),
      (.csv, "label,text\npos,good\n", ["good"], ["pos"]),
      (.csv, "pos,good\n", ["good"], ["pos"]),
      (.csv, "good", ["good"], []),
      (.csv, "\"text\",\"label\"\r\n\"a, b\",pos\r\n", ["a, b"], ["pos"]),
      (.csv, "text\n\"a\nb\r\nc\"\nd", ["a\nb\r\nc", "d"], []),
      (.csv, "text\n\"he said \"\"no\"\"\"\n", ["he said \"no\""], []),
      (.csv, "text\n\"\"\n\n\"\"\"\"\n", ["", "", "\""], []),
      (.csv, "label,text\n,\"\"\"a\"\",\"\n", ["\"a\","], []),
      (.csv, "text\n\"a\"", ["a"], []),
      (.csv, "\u{feff}\"text\"\n\"a\u{0}\u{2028}\"\n", ["a\u{0}\u{2028}"], []),
      (.csv, "text\na\rb\n", ["a\rb"], []),
      (.csv, "text\n a \n", [" a "], []),
    ] as [(RecordFormat, String, [String], [String])])
  func `rows give text and label`(
    _ format: RecordFormat, _ text: String, _ texts: [String], _ labels: [String]
  ) throws {
    let read = try records(text, format)
    #expect(read.map(\.summary) == texts)
    #expect(read.flatMap(\.labels) == labels)
  }

  @Test(
    arguments: [
      ("text\n\"a\"b\nc\n", ["<stray_quote>", "c"], [2, 3]),
      ("text\na\"b\nc\n", ["<stray_quote>", "c"], [2, 3]),
      ("text\n\"a\" \nc\n", ["<stray_quote>", "c"], [2, 3]),
      ("text\n\"a\nb\"c\nd\n", ["<stray_quote>", "d"], [2, 4]),
      ("text\n\"a\"\r", ["<stray_quote>"], [2]),
      ("text\n\"a\"\rb\nc", ["<stray_quote>", "c"], [2, 3]),
      ("text\na\n\"b\nc\nd\n", ["a", "<open_quote>", "c", "d"], [2, 3, 4, 5]),
      ("text\na\n\"b", ["a", "<open_quote>"], [2, 3]),
      ("text\n\"a\nb\nc,d\n\"e\n", ["<stray_quote>"], [2]),
      ("text\na,b\nc\n", ["<wrong_column_count>", "c"], [2, 3]),
      ("label,text\na\nb,c\n", ["<wrong_column_count>", "c"], [2, 3]),
      ("text\n\n\"a\n\n\"\n\nb\n", ["", "a\n\n", "", "b"], [2, 3, 6, 7]),
      ("label,text\n\n\"a\",b\n\n", ["b"], [3]),
    ] as [(String, [String], [Int])])
  func `a malformed row is a fault of that row`(
    _ text: String, _ expected: [String], _ lines: [Int]
  ) throws {
    let read = try records(text, .csv)
    #expect(read.map(\.summary) == expected)
    #expect(read.map(\.line) == lines)
    #expect(read.map(\.index) == Array(expected.indices))
  }

  @Test func `columns are found by name`() throws {
    let options = RecordReaderOptions(
      textField: "review", idField: "key", labelField: "stars", keepsFields: true)
    let read = try records("key,date,stars,review\n7,May,4,\"Fine, really\"\n,,,x\n", .csv, options)
    #expect(read.map(\.id) == ["7", nil])
    #expect(read.map(\.labels) == [["4"], []])
    #expect(read.map(\.summary) == ["Fine, really", "x"])
    #expect(read[0].fields.map(\.name) == ["key", "date", "stars", "review"])
    #expect(read[0].fields.map(\.value) == ["7", "May", "4", "Fine, really"])
  }

  @Test func `without a header the first row is a record`() throws {
    let bare = RecordReaderOptions(hasHeader: false, keepsFields: true)
    let tsv = try records("label\ttext\tmore\nb\tc\n", .tsv, bare)
    #expect(tsv.map(\.summary) == ["text\tmore", "c"])
    #expect(tsv.map(\.labels) == [["label"], ["b"]])
    #expect(tsv[1].fields.map(\.name) == ["label", "text"])
    #expect(try records("text\nb\n", .csv, bare).map(\.summary) == ["text", "b"])
    #expect(try records("\"a\n\nb,c\nd,e\n", .csv, bare).map(\.summary) == ["<open_quote>", "c", "e"])
  }

  @Test(arguments: [nil, false] as [Bool?], [RecordFormat.tsv, .csv])
  func `an empty line of a table of texts is an empty text`(_ hasHeader: Bool?, _ format: RecordFormat) throws
  {
    let read = try records("\n\ngood\n\nbad\n", format, .init(hasHeader: hasHeader, keepsFields: true))
    #expect(read.map(\.summary) == ["", "", "good", "", "bad"])
    #expect(read.map(\.line) == [1, 2, 3, 4, 5])
    #expect(read.map(\.index) == [0, 1, 2, 3, 4])
    #expect(read.allSatisfy { $0.fields.map(\.name) == ["text"] })
    #expect(read.map { $0.fields.first?.value } == ["", "", "good", "", "bad"])
  }

  @Test func `a field that must be there is missed by name`() throws {
    let table = "ID,text\n7,good\n"
    let id = try #require(try failure(table, .csv, .init(requiredFields: [.id])))
    #expect(
      message(id)
        == "records.txt: no column \"id\" in the first row; found \"ID\", \"text\"; name the id's column with --id-field"
    )
    let label = try #require(try failure("text, label\n", .csv, .init(requiredFields: [.label])))
    #expect(
      message(label)
        == "records.txt: no column \"label\" in the first row; found \"text\", \" label\"; name the label's column with "
        + "--label-field")
    #expect(try records(table, .csv).map(\.id) == [nil])
    #expect(try records("7\tgood\n", .tsv, .init(requiredFields: [.label])).map(\.labels) == [["7"]])
  }

  @Test func `a reader tells the column of the label`() throws {
    func column(_ text: String) throws -> String? {
      try RecordReader(name: "a.tsv", bytes: Array(text.utf8)).labelColumn
    }
    #expect(try column("text\tlabel\n") == "label")
    #expect(try column("pos\tgood\n") == "label")
    #expect(try column("text\tstars\n") == nil)
    #expect(try column("good\n") == nil)
  }

  @Test func `a reader tells the columns`() throws {
    func reader(_ text: String, _ name: String = "a.tsv") throws -> RecordReader {
      try RecordReader(name: name, bytes: Array(text.utf8))
    }
    #expect(try reader("id\ttext\t\n").columns == ["id", "text", ""])
    #expect(try reader("pos\tgood\n").columns == ["label", "text"])
    #expect(try reader("good\n").columns == ["text"])
    #expect(try reader("\"text\",\"a,\nb\"\n", "a.csv").columns == ["text", "a,\nb"])
    #expect(try reader("").columns == nil)
    #expect(try reader("good\n", "a.txt").columns == nil)
    let bare = try RecordReader(
      name: "a.csv", bytes: [0xff, 0x0a] + Array("pos,good\n".utf8),
      options: .init(hasHeader: false))
    #expect(bare.columns == nil)
    _ = try bare.next()
    #expect(bare.columns == nil, "a row that cannot be read tells nothing")
    _ = try bare.next()
    #expect(bare.columns == ["label", "text"])
  }

  @Test func `rows before the one that tells the columns wait for it where that is wanted`() throws {
    let text = [0xff, 0x0a] + Array("a\"\n\npos,good\n\n".utf8)
    let reader = try RecordReader(
      name: "a.csv", bytes: text, options: .init(hasHeader: false, keepsFields: true, waitsForColumns: true))
    #expect(try reader.next()?.summary == "<invalid_utf8>")
    #expect(reader.columns == ["label", "text"])
    let rest = try all(reader)
    #expect(rest.map(\.summary) == ["<stray_quote>", "good"])
    #expect(rest.map(\.line) == [2, 4])
    #expect(rest.map(\.index) == [1, 2])
    let none = try RecordReader(
      name: "a.csv", bytes: [0xff, 0x0a, 0xff], options: .init(hasHeader: false, keepsFields: true))
    #expect(try all(none).map(\.line) == [1, 2])
    #expect(none.columns == nil)
  }

  /// To read such a row as a text would be wrong in silence.
  @Test(
    arguments: [
      (.tsv, "review\n", "\"review\"; name the text's column with --text-field"),
      (.csv, "Comment\n", "\"Comment\"; name the text's column with --text-field"),
      (.csv, "\n\nlabel\n", "\"label\"; name the text's column with --text-field"),
      (
        .csv, "id;text\n",
        "\"id;text\", with \";\" between names; write commas (csv) or tabs (tsv) between columns"
      ),
      (
        .tsv, "text|label\n",
        "\"text|label\", with \"|\" between names; write commas (csv) or tabs (tsv) between columns"
      ),
      (
        .csv, "text;\n",
        "\"text;\", with \";\" between names; write commas (csv) or tabs (tsv) between columns"
      ),
      (.tsv, "id,text\n", "\"id,text\", with \",\" between names; add --format csv"),
      (.csv, "id\ttext\n", "\"id\\ttext\", with \"\\t\" between names; add --format tsv"),
      (
        .csv, "sep=;\n",
        "\"sep=;\", with \";\" between names; write commas (csv) or tabs (tsv) between columns"
      ),
      (
        .tsv, "sep=:\r\n",
        "\"sep=:\", with \":\" between names; write commas (csv) or tabs (tsv) between columns"
      ),
      (.tsv, "sep=,\n", "\"sep=,\", with \",\" between names; add --format csv"),
      (.csv, "sep=\t\n", "\"sep=\\t\", with \"\\t\" between names; add --format tsv"),
    ] as [(RecordFormat, String, String)])
  func `a single cell that names a column or columns is a header without the text`(
    _ format: RecordFormat, _ text: String, _ found: String
  ) throws {
    let error = try #require(try failure("\(text)good\n", format))
    #expect(message(error) == "records.txt: no column \"text\" in the first row; found \(found)")
    let bare = try records("\(text)good\n", format, .init(hasHeader: false))
    #expect(bare.last?.summary == "good")
  }

  @Test(
    arguments: [
      "good; bad\n", "a text;more\n", "texts|label\n", "the text, a review\n", ";\n", "reviewed\n", "sep=\n",
      "sep=;;\n", "a sep=;\n",
    ])
  func `any other single cell is a text`(_ text: String) throws {
    #expect(try records(text, .tsv).map(\.summary) == [String(text.dropLast())])
  }

  @Test func `a header that a field is named for tells of another separator too`() throws {
    let error = try #require(
      try failure("id;body\n", .csv, .init(textField: "body", hasHeader: true)))
    #expect(message(error).contains("found \"id;body\", with \";\" between names; "))
    #expect(try records("id;text\n", .csv, .init(textField: "body")).map(\.summary) == ["id;text"])
  }

  @Test(
    arguments: [
      (.csv, nil, "sep=,\ntext,label\na,pos\n", ["a"], [3]),
      (.csv, true, "sep=,\r\n\r\nlabel,text\r\npos,a\r\n", ["a"], [4]),
      (.csv, nil, "\u{feff}\"sep=,\"\ntext\n\"a\nb\"\nc\n", ["a\nb", "c"], [3, 5]),
      (.csv, nil, "sep=,\npos,a\nneg,b\n", ["a", "b"], [2, 3]),
      (.csv, false, "sep=,\ntext,a\n", ["a"], [2]),
      (.csv, nil, "sep=,\n", [], []),
      (.tsv, nil, "sep=\t\ntext\tlabel\na\tpos\n", ["a"], [3]),
      (.csv, nil, "text\nsep=,\na\n", ["<wrong_column_count>", "a"], [2, 3]),
      (.csv, false, "sep=,\nsep=,\n", [""], [2]),
      (.csv, false, "sep=;\na\n", ["sep=;", "a"], [1, 2]),
      (.lines, nil, "sep=,\na\n", ["sep=,", "a"], [1, 2]),
    ] as [(RecordFormat, Bool?, String, [String], [Int])])
  func `the first line that sets the separator for Excel is no row`(
    _ format: RecordFormat, _ hasHeader: Bool?, _ text: String, _ expected: [String], _ lines: [Int]
  ) throws {
    let read = try records(text, format, .init(hasHeader: hasHeader))
    #expect(read.map(\.summary) == expected)
    #expect(read.map(\.line) == lines)
    #expect(read.map(\.index) == Array(expected.indices))
  }

  @Test func `a TSV row wider than the header is a fault`() throws {
    let read = try records("label\ttext\na\tb\tc\n", .tsv)
    #expect(read.map(\.fault) == [.wrongColumnCount(expected: 2, found: 3)])
    #expect(try records("a\nb\tc\n", .tsv).map(\.summary) == ["a", "<wrong_column_count>"])
  }

  @Test(
    arguments: [
      (
        .csv, nil, "a,b,c\n1,2,3\n",
        "records.txt: no column \"text\" in the first row; found \"a\", \"b\", \"c\"; name the text's "
          + "column with --text-field"
      ),
      (
        .tsv, true, "pos\tgood\n",
        "records.txt: no column \"text\" in the first row; found \"pos\", \"good\"; name the text's "
          + "column with --text-field"
      ),
      (
        .tsv, nil, "a\u{1b}[2J\tb\"\tc\u{202e}\n",
        "records.txt: no column \"text\" in the first row; found \"a\\u{1b}[2J\", \"b\\\"\", "
          + "\"c\\u{202e}\"; name the text's column with --text-field"
      ),
      (.csv, true, "", "records.txt: empty; expected a header row with the column \"text\""),
      (.tsv, true, "\n", "records.txt: empty; expected a header row with the column \"text\""),
      (
        .csv, nil, "text,label,text\n",
        "records.txt: column \"text\" appears twice in the first row; rename one of them"
      ),
      (
        .csv, nil, "\n\"a\n", "records.txt: line 2: cannot read the header row: quote is never closed"
      ),
      (
        .csv, false, "a,b,c\n",
        "records.txt: expected one column (text) or two (label, text) without a header, found 3; add "
          + "a header row and leave out --no-header"
      ),
    ] as [(RecordFormat, Bool?, String, String)])
  func `a file whose columns cannot be told apart is refused`(
    _ format: RecordFormat, _ hasHeader: Bool?, _ text: String, _ expected: String
  ) throws {
    let error = try #require(try failure(text, format, .init(hasHeader: hasHeader)))
    #expect(message(error) == expected)
    #expect(error.category == .badInput)
  }

  /// Every row would be taken for names, so that no record is left.
  @Test(
    arguments: [
      (.csv, nil, "text,label\ra film,pos\rb film,neg\r", 1),
      (.csv, nil, "text,label\ra film,pos\nb film,neg\n", 1),
      (.csv, nil, "\"text\",\"la\"\"bel\"\r\"a, b\",pos\r", 1),
      (.csv, nil, "\"a\rb\",text\r1,\"c\"\r", 1),
      (.csv, nil, "\n\ntext\ra film\r\rb film", 3),
      (.csv, nil, "id,stars,more\ra,b,c\r", 1),
      (.csv, nil, "sep=,\rtext,label\ra,pos\r", 1),
      (.csv, true, "name,more\ra,b\r", 1),
      (.tsv, nil, "text\tlabel\ra film\tpos\r", 1),
      (.tsv, nil, "\"text\ttext\ra\"\tpos", 1),
    ] as [(RecordFormat, Bool?, String, Int)])
  func `a header row that ends with CR alone is refused`(
    _ format: RecordFormat, _ hasHeader: Bool?, _ text: String, _ line: Int
  ) throws {
    let error = try #require(try failure(text, format, .init(hasHeader: hasHeader)))
    #expect(
      message(error)
        == "records.txt: line \(line): the header row ends with CR only, which ends no line here; convert the line ends, "
        + "e.g. with tr '\\r' '\\n'")
    #expect(error.category == .badInput)
  }

  /// What is wrong with the rows behind the header is not the first to mend.
  @Test func `a header row that ends with CR alone is told whatever follows`() throws {
    let rows = [
      Array("a\r".utf8) + [0x8e, 0x0d], Array("\"a\r".utf8),
      [UInt8](repeating: UInt8(ascii: "a"), count: 2_000_000),
    ]
    for row in rows {
      #expect(throws: RecordReaderError.returnInHeader(path: "a.csv", line: 1)) {
        try RecordReader(
          name: "a.csv", bytes: Array("text,label\r".utf8) + row, options: .init(textLimit: 10))
      }
    }
  }

  @Test(
    arguments: [
      (.csv, nil, "text,label\r\na,pos\r\n", ["a"]),
      (.csv, nil, "text,label\r\r\na,pos\r\r\n", ["a"]),
      (.csv, nil, "\"a\r\"\"b\",text\n1,c\rd\n", ["c\rd"]),
      (.csv, nil, "text,label\r\r", []),
      (.csv, nil, "good\rfilm\nbad\n", ["good\rfilm", "bad"]),
      (.tsv, nil, "pos\tgood\rfilm\nneg\tbad\n", ["good\rfilm", "bad"]),
      (.csv, false, "text\ra\nb\n", ["text\ra", "b"]),
    ] as [(RecordFormat, Bool?, String, [String])])
  func `any other CR in a first row stays`(
    _ format: RecordFormat, _ hasHeader: Bool?, _ text: String, _ expected: [String]
  ) throws {
    #expect(try records(text, format, .init(hasHeader: hasHeader)).map(\.summary) == expected)
  }

  @Test func `many columns are not all listed`() throws {
    let names = (0..<20).map { "c\($0)" }.joined(separator: ",")
    let error = try #require(try failure("\(names)\n", .csv))
    #expect(message(error).contains("\"c11\" and 8 more; name"))
  }
}
