import Foundation
import StrictJSON
import TestSupport
import Testing

/// `classify --keep-fields`: columns and keys of the input in the output.
@Suite struct ClassifyKeepFieldsTests {
  private let classify: CommandRunner
  private let scratch = TemporaryDirectory()

  init() throws {
    classify = try .classify()
  }

  // MARK: JSON

  @Test func anObjectIsKeptAsItIsWritten() throws {
    let line =
      #"{"id": 7,"text":"great\u0041","n":18446744073709551616,"x":1.50,"more":[1,{"a":null}], "label":"pos","":"é"}"#
    let outcome = try classify.run("--json", "--keep-fields", "--format", "jsonl", input: line + "\r\n")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasSuffix(",\"fields\":\(line)}\n"), "\(outcome.output)")
    let record = try #require(try records(outcome).first?.objectValue)
    #expect(record.keys.suffix(2) == ["model", "fields"])
    let plain = try classify.run("--json", "--format", "jsonl", input: line)
    var rest = record
    rest["fields"] = nil
    #expect(try records(plain).first?.objectValue == rest)
  }

  /// A reader that ends lines at a CR too must not see two.
  @Test func anObjectStaysOnOneLine() throws {
    let outcome = try classify.run(
      "--json", "--keep-fields", "--format", "jsonl", input: "{\"text\":\r\t\"great\"\r}\n")
    #expect(outcome.output.hasSuffix(",\"fields\":{\"text\": \t\"great\" }}\n"), "\(outcome.output)")
  }

  @Test func columnsAreStringsInTheirOrder() throws {
    let path = try scratch.file("a.csv", "stars,text,id,note\n5,great,7,\"say \"\"hi\"\",\nthen\tgo\"\n")
    let record = try #require(try records(classify.run("--json", "--keep-fields", "-i", path)).first)
    let fields = try #require(record["fields"]?.objectValue)
    #expect(fields.keys == ["stars", "text", "id", "note"])
    #expect(fields.map(\.value) == ["5", "great", "7", "say \"hi\",\nthen\tgo"])
    #expect(record["id"] == "7")
  }

  @Test func theArrayHasFieldsToo() throws {
    let path = try scratch.file("a.tsv", "text\tstars\ngreat\t5\ndull\t1\n")
    let outcome = try classify.run("--output-format", "json", "--keep-fields", "-i", path)
    let elements = try #require(try JSONValue(parsing: outcome.output).arrayValue)
    #expect(elements.map { $0["fields"]?["stars"]?.stringValue } == ["5", "1"])
  }

  @Test func aBadRecordKeepsWhatCanBeRead() throws {
    let lines = ["{\"id\":\"b\",\"stars\":5}", "{\"text\":7}", "nonsense", "{\"text\":\"great\"}"]
    let outcome = try classify.run(
      "-q", "--json", "--keep-fields", "--format", "jsonl", input: lines.joined(separator: "\n"))
    let found = try records(outcome)
    #expect(found.map { $0["error"] == nil } == [false, false, false, true])
    #expect(found[0].objectValue?.keys == ["id", "index", "error", "fields"])
    let fields = found.compactMap { $0["fields"]?.objectValue }
    #expect(fields.map(\.keys) == [["id", "stars"], ["text"], [], ["text"]])
    #expect(fields[0]["stars"] == 5)
  }

  /// Inputs without fields, and the option that names their format.
  static let bareInputs: [(options: [String], input: String)] = [
    ([], "great\n"), (["-0"], "great\0"), (["--format", "fasttext"], "__label__x great\n"),
  ]

  @Test(arguments: bareInputs.indices)
  func anInputWithoutFieldsHasNone(_ index: Int) throws {
    let (options, input) = Self.bareInputs[index]
    let json = try classify.run(
      arguments: bytes(["--json", "--keep-fields"] + options), input: Array(input.utf8))
    #expect(try records(json).map { $0["fields"] } == [.object(JSONObject())])
    let table = try table(
      classify.run(
        arguments: bytes(["--output-format", "csv", "--keep-fields"] + options), input: Array(input.utf8)))
    #expect(table.rows.map(\.count) == [4, 4])
  }

  @Test func aTextOfTheCommandLineHasNoFields() throws {
    #expect(
      try records(classify.run("--json", "--keep-fields", "great")).map { $0["fields"] } == [
        .object(JSONObject())
      ])
  }

  // MARK: Tables

  /// A table whose cells hold all that could break a row.
  private static let odd = """
    id,text,label,"a,b",error
    1,great film,positive,plain,
    "2,0","a ""weak"" film, dull",negative,"two
    lines",x\ty
    3,C:\\new\\table,\u{20}x\u{20},"a\rb","\"\"\"\"\"\"\"
    ,,,,

    """

  @Test func whatIsWrittenAsCSVReadsBackAsItWas() throws {
    let input = try scratch.file("in.csv", Self.odd)
    let output = "\(scratch.path)/out.csv"
    let first = try classify.run("--output-format", "csv", "--keep-fields", "-o", output, "-i", input)
    #expect(first.status == 0 && first.message == "", "\(first.message)")
    let before = try CSVTable(Array(Self.odd.utf8))
    let after = try CSVTable(scratch.bytes(of: "out.csv"))
    #expect(
      after.rows.first == [
        "id", "label", "score", "error", "input_id", "text", "input_label", "a,b", "input_error",
      ])
    #expect(after.rows.map { Array($0.suffix(5)) }.dropFirst() == before.rows.dropFirst())
    #expect(after.column("id") == before.column("id"))
    // The program's own reader.
    let again = try records(classify.run("--json", "--keep-fields", "-i", output))
    #expect(
      again.map { ($0["fields"]?.objectValue ?? JSONObject()).map { $0.value.stringValue ?? "" } }
        == Array(after.rows.dropFirst()))
    let direct = try records(classify.run("--json", "-i", input))
    #expect(again.map { $0["scores"] } == direct.map { $0["scores"] })
    #expect(again.map { $0["id"] } == direct.map { $0["id"] })
  }

  /// TSV is taken literally by the reader, so it is written literally: what comes from TSV comes out unchanged.
  @Test func whatComesFromTSVGoesIntoTSVUnchanged() throws {
    let rows = ["C:\\new\\table\t\"q\t1,5", "a \\t b\\\\\t''\t ", "great\t\t\u{85}"]
    let input = try scratch.file("in.tsv", "text\tnote\tn\n" + rows.map { "\($0)\n" }.joined())
    let first = try classify.run("--output-format", "tsv", "--keep-fields", "-i", input)
    #expect(first.lines.first == "id\tlabel\tscore\terror\ttext\tnote\tn")
    let kept = first.lines.dropFirst().map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).dropFirst(4).joined(separator: "\t")
    }
    #expect(kept == rows)
    let output = try scratch.file("out.tsv", first.standardOutput)
    let second = try classify.run("--json", "-i", output)
    #expect(try records(second) == records(classify.run("--json", "-i", input)))
  }

  @Test func whatTSVCannotHoldIsEscaped() throws {
    let path = try scratch.file("a.csv", "text,\"no\nte\"\ngreat,\"a\tb\nc\rd\\e\"\n")
    let outcome = try classify.run("--output-format", "tsv", "--keep-fields", "-i", path)
    #expect(outcome.lines.first == "id\tlabel\tscore\terror\ttext\tno\\nte")
    #expect(outcome.lines.last?.hasSuffix("\t\tgreat\ta\\tb\\nc\\rd\\e") == true, "\(outcome.output)")
    #expect(outcome.lines.count == 2)
  }

  @Test func aNameThatIsTakenIsMarked() throws {
    let path = try scratch.file("a.csv", "score,text,label,input_label,label_2,id\n1,great,x,y,z,7\n")
    let one = try table(classify.run("--output-format", "csv", "--keep-fields", "-i", path))
    #expect(
      one.rows.first == [
        "id", "label", "score", "error", "input_score", "text", "input_input_label", "input_label", "label_2",
        "input_id",
      ])
    #expect(one.rows.last?.suffix(6) == ["1", "great", "x", "y", "z", "7"])
    let all = try table(classify.run("--output-format", "csv", "--all", "--keep-fields", "-i", path))
    #expect(
      all.rows.first == [
        "id", "label", "score", "label_2", "score_2", "error", "input_score", "text", "input_input_label",
        "input_label", "input_label_2", "input_id",
      ])
  }

  @Test func aBadRowIsAsWideAsTheOthers() throws {
    let input = Array("id,text,n\n8,ab".utf8) + [0xff] + Array(",1\n9,a\n10,great,2\n".utf8)
    let table = try table(
      classify.run(
        "-q", "--output-format", "csv", "--keep-fields", "-i", scratch.file("a.csv", input)))
    #expect(table.rows.map(\.count) == [7, 7, 7, 7])
    #expect(table.rows[1] == ["8", "", "", "invalid_utf8: byte 0xff at offset 4 is not UTF-8", "", "", ""])
    #expect(table.rows[3].suffix(3) == ["10", "great", "2"])
  }

  @Test func rowsWithoutAHeaderHaveTheNamesOfTheOptions() throws {
    let path = try scratch.file("a.tsv", "positive\tgreat\nnegative\tdull\n")
    let outcome = try classify.run("--output-format", "csv", "--keep-fields", "--no-header", "-i", path)
    let table = try table(outcome)
    #expect(table.rows.first == ["id", "label", "score", "error", "input_label", "text"])
    #expect(table.column("input_label") == ["positive", "negative"])
  }

  @Test(arguments: [["--batch-size", "1"], ["--batch-size", "3"], ["--line-buffered"]])
  func howTheWorkIsDoneNeverChangesABit(_ options: [String]) throws {
    let path = try scratch.file("a.csv", "n,text\n" + (0..<20).map { "\($0),great film\n" }.joined())
    for format in ["csv", "jsonl"] {
      let arguments = ["--output-format", format, "--keep-fields", "-i", path]
      let expected = try classify.run(arguments: bytes(arguments))
      let found = try classify.run(arguments: bytes(arguments + options))
      #expect(expected.status == 0)
      #expect(found.standardOutput == expected.standardOutput)
    }
  }

  // MARK: Several inputs

  @Test func inputsOfTheSameColumnsShareOneHeader() throws {
    let first = try scratch.file("a.csv", "text,n\ngreat,1\n")
    let second = try scratch.file("b.tsv", "text\tn\ndull\t2\n")
    let empty = try scratch.file("c.csv", "")
    let table = try table(
      classify.run(
        "--output-format", "csv", "--keep-fields", "-i", empty, "-i", first, "-i", empty, "-i", second))
    #expect(table.rows.count == 3)
    #expect(table.column("n") == ["1", "2"])
  }

  @Test func aTableWithoutRowsHasItsHeader() throws {
    let path = try scratch.file("a.csv", "text,n\n")
    #expect(
      try classify.run("--output-format", "csv", "--keep-fields", "-i", path).output
        == "id,label,score,error,text,n\n")
  }

  @Test func otherColumnsAreRefusedBeforeTheFirstOfTheirRows() throws {
    let first = try scratch.file("a.csv", "text,n\ngreat,1\n")
    let second = try scratch.file("b.csv", "n,text\n2,dull\n")
    let lines = try scratch.file("c.txt", "great\n")
    let outcome = try classify.run("--output-format", "csv", "--keep-fields", "-i", first, "-i", second)
    #expect(outcome.status == 65)
    #expect(outcome.output == "", "the first file was classified before the second was looked at")
    #expect(
      outcome.message
        == "classify: \(second): column 1 is \"n\", but \"text\" in \(first); a table that keeps fields has the same columns "
        + "throughout: write --output-format jsonl, or run classify once for each\n")
    // What cannot be opened twice is looked at when its turn comes.
    let streamed = try classify.run(
      "--output-format", "csv", "--keep-fields", "-i", first, "-i", "-", "--format", "csv",
      input: "n,text\n2,dull\n")
    #expect(streamed.status == 65)
    #expect(streamed.lines.count == 2)
    #expect(
      streamed.message.hasPrefix("classify: standard input: column 1 is \"n\", but \"text\" in "),
      "\(streamed.message)")
    let bare = try classify.run("--output-format", "tsv", "--keep-fields", "-i", lines, "-i", first)
    #expect(bare.status == 65)
    #expect(
      bare.message.hasPrefix("classify: \(first): 2 columns, but 0 in \(lines); "),
      "\(bare.message)")
    #expect(
      try classify.run("--json", "--keep-fields", "-i", first, "-i", second, "-i", lines).lines.count == 3)
  }

  @Test(arguments: ["csv", "jsonl"])
  func aColumnThatAppearsTwiceIsRefused(_ format: String) throws {
    let path = try scratch.file("a.csv", "text,n,n\ngreat,1,2\n")
    let outcome = try classify.run("--output-format", format, "--keep-fields", "-i", path)
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(
      outcome.message
        == "classify: \(path): column \"n\" appears twice in the first row; rename one of them\n")
    #expect(
      try classify.run("--output-format", format, "-i", path).status == 0, "nobody asks for the fields here")
  }

  /// Without a header the first row that can be read tells the columns.
  @Test func firstRowsThatCannotBeReadAreRowsLikeOthers() throws {
    let path = try scratch.file("a.csv", [0xff] + Array(",x\na\"\n\npositive,great\n".utf8))
    let arguments = ["--keep-fields", "--no-header", "-q", "-i", path, "--output-format"]
    let table = try table(classify.run(arguments: bytes(arguments + ["csv"])))
    #expect(table.rows.first == ["id", "label", "score", "error", "input_label", "text"])
    #expect(table.rows.map(\.count) == [6, 6, 6, 6])
    #expect(table.column("text") == ["", "", "great"])
    #expect(
      table.column("error").map { String($0.prefix(12)) } == ["invalid_utf8", "stray_quote:", ""])
    let found = try records(classify.run(arguments: bytes(arguments + ["jsonl"])))
    #expect(found.map { $0["fields"]?.objectValue?.keys } == [[], [], ["label", "text"]])
    #expect(found.map { $0["index"] } == [0, 1, 2])
  }

  @Test func rowsOfWhichNoneCanBeReadAreRefusedByTables() throws {
    let path = try scratch.file("a.csv", [0xff] + Array(",x\na\"\n".utf8))
    let arguments = ["--keep-fields", "--no-header", "-q", "-i", path, "--output-format"]
    let table = try classify.run(arguments: bytes(arguments + ["csv"]))
    #expect(table.status == 65)
    #expect(table.output == "")
    #expect(
      table.message
        == "classify: \(path): line 1: byte 0xff at offset 0 is not UTF-8; --keep-fields takes the columns from the first row "
        + "that can be read: mend this one, or write --output-format jsonl\n")
    #expect(try records(classify.run(arguments: bytes(arguments + ["jsonl"]))).count == 2)
  }

  /// The columns are known by then, so that the row is one more that cannot be read.
  @Test func aFirstRowOfALaterFileIsARowLikeOthers() throws {
    let first = try scratch.file("a.csv", "positive,great\n")
    let second = try scratch.file(
      "b.csv", Array("positive,b".utf8) + [0xff] + Array("d\nnegative,dull\n".utf8))
    let found = try table(
      classify.run(
        "--keep-fields", "--no-header", "-q", "--output-format", "csv", "-i", first, "-i", second))
    #expect(found.rows.map(\.count) == [6, 6, 6, 6])
    #expect(found.column("text") == ["great", "", "dull"])
    #expect(found.rows[2][3].hasPrefix("invalid_utf8: "))
  }

  /// Swift's strings take composed and decomposed letters for the same; names are bytes.
  @Test func namesAreComparedByteByByte() throws {
    let both = try scratch.file("a.csv", "text,\u{e9},e\u{301}\ngreat,1,2\n")
    for format in ["csv", "jsonl"] {
      #expect(
        try classify.run("--output-format", format, "--keep-fields", "-i", both).status == 0, "\(format)")
    }
    let composed = try scratch.file("b.csv", "text,\u{e9}\ngreat,1\n")
    let decomposed = try scratch.file("c.csv", "text,e\u{301}\ngreat,1\n")
    #expect(
      try classify.run("--output-format", "csv", "--keep-fields", "-i", composed, "-i", decomposed).status
        == 65)
  }

  /// `a` TAB `b` and `a\\tb` are written alike in TSV.
  @Test func noTwoColumnsAreWrittenAlike() throws {
    let path = try scratch.file("a.csv", "text,\"a\tb\",a\\tb\ngreat,1,2\n")
    let outcome = try classify.run("--output-format", "tsv", "--keep-fields", "-i", path)
    #expect(outcome.lines.first == "id\tlabel\tscore\terror\ttext\ta\\tb\tinput_a\\tb")
  }

  @Test func columnsWithoutNamesAreToldApartFromTwins() throws {
    let path = try scratch.file("a.csv", "id,text,,,\n1,great,,,\n")
    let outcome = try classify.run("--json", "--keep-fields", "-i", path)
    #expect(outcome.status == 65)
    #expect(
      outcome.message
        == "classify: \(path): 3 columns have no name in the first row; name or remove them, or leave out --keep-fields\n"
    )
  }

  /// Columns fill a batch as bytes of text do, and the output is handed on before the batch ends: 500 rows of these took 1.5 GB.
  @Test(arguments: ["csv", "jsonl"]) func wideRowsTakeLittleMemory(_ format: String) throws {
    let names = (0..<100_000).map { "c\($0)" }.joined(separator: ",")
    let row = "great" + String(repeating: ",", count: 100_000) + "\n"
    let path = try scratch.file("wide.csv", "text,\(names)\n" + String(repeating: row, count: 500))
    var limited = classify
    limited.addressSpace = 700 << 20
    let outcome = try limited.run(
      "--output-format", format, "--keep-fields", "--threads", "2", "-o", "\(scratch.path)/out", "-i", path)
    #expect(outcome.status == 0, "\(outcome.message)")
  }

  @Test func strictStopsAtTheFirstBadRow() throws {
    let path = try scratch.file("a.csv", "text,n\ngreat,1\ndull\n")
    let outcome = try classify.run("--strict", "--output-format", "csv", "--keep-fields", "-i", path)
    #expect(outcome.status == 65)
    #expect(outcome.lines.count == 2)
  }
}
