import Foundation
import StrictJSON
import TestSupport
import Testing

/// How `classify` reads each format and what it does with records that cannot be read.
@Suite struct ClassifyInputTests {
  private let classify: CommandRunner
  private let scratch = TemporaryDirectory()

  init() throws {
    classify = try .classify()
  }

  /// An input, and the ids that its two texts, `great film` and `dull, "weak" film`, have in it.
  struct Sample: CustomTestStringConvertible, Sendable {
    let file: String
    let content: String
    var options: [String] = []
    var ids: [String?] = [nil, nil]
    /// The options that say what the file's ending says, where none does yet.
    var formatOptions: [String] {
      guard !options.contains("--format"), !options.contains("-0") else { return [] }
      let formats = ["tsv": "tsv", "csv": "csv", "jsonl": "jsonl", "ft": "fasttext"]
      return ["--format", formats[(file as NSString).pathExtension] ?? "lines"]
    }
    var testDescription: String { "\(file) \(options.joined(separator: " "))" }
  }

  static let samples = [
    Sample(file: "a.txt", content: "great film\ndull, \"weak\" film\n"),
    Sample(file: "a", content: "great film\ndull, \"weak\" film\n"),
    Sample(
      file: "a.tsv", content: "id\ttext\tlabel\n7\tgreat film\tpositive\n8\tdull, \"weak\" film\tnegative\n",
      ids: ["7", "8"]),
    Sample(
      file: "plain.tsv", content: "positive\tgreat film\nnegative\tdull, \"weak\" film\n",
      options: ["--no-header"]),
    Sample(
      file: "a.csv", content: "text,id\r\ngreat film,x\r\n\"dull, \"\"weak\"\" film\",y\r\n", ids: ["x", "y"]),
    Sample(
      file: "body.csv", content: "n,body\n1,great film\n2,\"dull, \"\"weak\"\" film\"\n",
      options: ["--text-field", "body", "--id-field", "n"], ids: ["1", "2"]),
    Sample(
      file: "a.jsonl",
      content: "{\"id\":7,\"text\":\"great film\"}\n{\"text\":\"dull, \\\"weak\\\" film\",\"id\":\"8\"}\n",
      ids: ["7", "8"]),
    Sample(
      file: "key.jsonl", content: "{\"body\":\"great film\"}\n{\"body\":\"dull, \\\"weak\\\" film\"}\n",
      options: ["--text-field", "body"]),
    Sample(
      file: "a.ft", content: "__label__positive great film\n__label__negative dull, \"weak\" film\n"),
    Sample(file: "a.bin", content: "great film\0dull, \"weak\" film\0", options: ["-0"]),
    Sample(file: "a.bin", content: "great film\0dull, \"weak\" film", options: ["--format", "nul"]),
    Sample(
      file: "a.txt", content: "text\ngreat film\n\"dull, \"\"weak\"\" film\"\n", options: ["--format", "csv"]),
  ]

  @Test(arguments: samples)
  func everyFormatGivesTheTextsAndIdsItHolds(_ sample: Sample) throws {
    let path = try scratch.file(sample.file, sample.content)
    let expected = try classify.run("--json", "great film", "dull, \"weak\" film")
    let options = ["--json"] + sample.options
    let found = try classify.run(arguments: bytes(options + ["-i", path]))
    #expect(found.status == 0)
    #expect(found.message == "")
    #expect(withoutIds(try records(found)) == withoutIds(try records(expected)))
    #expect(try records(found).map { $0["id"]?.stringValue } == sample.ids)
  }

  @Test(arguments: samples)
  func standardInputTakesEveryFormat(_ sample: Sample) throws {
    let path = try scratch.file(sample.file, sample.content)
    let fromFile = try classify.run(arguments: bytes(["--json", "-i", path] + sample.options))
    let options = ["--json"] + sample.options + sample.formatOptions
    let piped = try classify.run(arguments: bytes(options), input: Array(sample.content.utf8))
    let named = try classify.run(arguments: bytes(options + ["-i", "-"]), input: Array(sample.content.utf8))
    #expect(fromFile.status == 0 && !fromFile.standardOutput.isEmpty)
    #expect(piped.status == 0)
    #expect(piped.standardOutput == fromFile.standardOutput)
    #expect(named.standardOutput == fromFile.standardOutput)
  }

  @Test func inputsFollowOneAnotherAndAreCountedThrough() throws {
    let first = try scratch.file("a.txt", "great\ndull\n")
    let second = try scratch.file("b.csv", "id,text\nz,film\n")
    let outcome = try classify.run(
      "--json", "-i", first, "-i", "-", "--input", second, input: "from the pipe\n")
    let found = try records(outcome)
    #expect(found.map { $0["index"] } == [0, 1, 2, 3])
    #expect(found.map { $0["id"]?.stringValue } == [nil, nil, nil, "z"])
  }

  /// A table of texts alone: what goes in line by line comes out line by line.
  @Test(arguments: ["b.tsv", "b.csv"])
  func anEmptyLineOfATableOfTextsIsARecord(_ name: String) throws {
    let found = try records(classify.run("--json", "-i", try scratch.file(name, "text\ngreat\n\ndull\n")))
    #expect(found.map { $0["index"] } == [0, 1, 2])
    let empty = try records(classify.run("--json", input: "\n")).first
    #expect(found.count == 3 && found[1]["score"] == empty?["score"])
    let wide = try scratch.file(
      "wide-\(name)", name == "b.tsv" ? "id\ttext\n1\tgreat\n\n" : "id,text\n1,great\n\n")
    #expect(try records(classify.run("--json", "-i", wide)).count == 1)
  }

  @Test func theLineThatSetsTheSeparatorForExcelIsNoRecord() throws {
    let path = try scratch.file("a.csv", "sep=,\r\nid,text\r\nx,great\r\ny\r\n")
    let outcome = try classify.run("--json", "-i", path)
    let found = try records(outcome)
    #expect(found.map { $0["id"] } == ["x", nil])
    #expect(found.map { $0["index"] } == [0, 1])
    #expect(outcome.message.contains("\(path): line 4: "), "\(outcome.message)")
  }

  /// Another program that has the pipe open made it non-blocking, as some shells and event loops leave it.
  @Test func aPipeThatDoesNotBlockIsWaitedFor() throws {
    // A program that is gone must not end the tests.
    _ = signal(SIGPIPE, SIG_IGN)
    let input = Pipe()
    let output = Pipe()
    let errors = Pipe()
    let reading = input.fileHandleForReading.fileDescriptor
    try #require(fcntl(reading, F_SETFL, fcntl(reading, F_GETFL) | O_NONBLOCK) == 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: classify.path)
    process.arguments = ["-m", try SmallPackage.path(), "--line-buffered"]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let expected = try classify.run("great", "dull")
    for text in ["great\n", "dull\n"] {
      // The pipe is empty for a moment, before the first text and between the two.
      usleep(200_000)
      try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }
    usleep(200_000)
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    let answers = try output.fileHandleForReading.readToEnd() ?? Data()
    let message = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(process.terminationStatus == 0)
    #expect(message == "")
    #expect(String(decoding: answers, as: UTF8.self) == expected.output)
  }

  @Test(arguments: [
    ("a.jsonl", "{\"text\":\"great film\",\"label\":4.0}\n{\"text\":\"great film\",\"label\":{\"a\":1}}\n"),
    ("a.ft", "__label__ great film\n__label__x great film\n"),
    ("a.tsv", "label\ttext\tlabel\n1\tgreat film\t2\n3\tgreat film\t4\n"),
  ])
  func aLabelIsNotReadAndSoNeverAFault(_ name: String, _ content: String) throws {
    let expected = try classify.run("great film", "great film")
    let found = try classify.run("-i", try scratch.file(name, content))
    #expect(found.status == 0)
    #expect(found.message == "")
    #expect(found.standardOutput == expected.standardOutput)
  }

  @Test func aNumberIsAnId() throws {
    let found = try records(
      classify.run("--json", "--format", "jsonl", input: "{\"id\":7.0,\"text\":\"great\"}\n"))
    #expect(found.map { $0["id"] } == ["7"])
  }

  // MARK: Bad records

  @Test func aBadRecordKeepsItsId() throws {
    let table = Array("id,text\n8,ab".utf8) + [0xff] + Array("\n9,a,b\n10,a\"b\n11,great\n".utf8)
    let found = try records(classify.run("--json", "-q", "-i", try scratch.file("a.csv", table)))
    #expect(found.map { $0["id"] } == ["8", "9", "10", "11"])
    #expect(
      found.map { $0["error"]?["code"]?.stringValue } == [
        "invalid_utf8", "wrong_column_count", "stray_quote", nil,
      ])
    let line = Array("{\"id\":\"8\",\"text\":\"ab".utf8) + [0xff] + Array("\"}\n".utf8)
    let outcome = try classify.run("--json", "-q", "-i", try scratch.file("a.jsonl", line))
    #expect(
      outcome.output == "{\"id\":\"8\",\"index\":0,\"error\":{\"code\":\"invalid_utf8\","
        + "\"message\":\"byte 0xff at offset 20 is not UTF-8\"}}\n")
  }

  @Test func badRecordsKeepTheirPlaceAndTheRunGoesOn() throws {
    let good = "{\"id\":\"a\",\"text\":\"great\"}"
    let lines = [good, "{\"id\":\"b\"}", "{\"id\":\"c\",\"text\":5}", "nonsense", good]
    let outcome = try classify.run("--json", "--format", "jsonl", input: lines.joined(separator: "\n"))
    #expect(outcome.status == 0)
    let found = try records(outcome)
    #expect(found.map { $0["index"] } == [0, 1, 2, 3, 4])
    #expect(
      found.map { $0["error"]?["code"]?.stringValue } == [
        nil, "missing_field", "wrong_type", "malformed_json", nil,
      ])
    #expect(found[1]["id"] == "b")
    #expect(found[1].objectValue?.keys == ["id", "index", "error"])
    #expect(found[1]["error"]?.objectValue?.keys == ["code", "message"])
    #expect(found[0]["score"] == found[4]["score"])
    #expect(
      outcome.message
        == "classify: 3 records have errors; the first: standard input: line 2: no field \"text\"\n")
  }

  @Test func textOutputNamesTheErrorInItsLine() throws {
    let outcome = try classify.run(arguments: [], input: Array("great\nab".utf8) + [0xff, 0x0a])
    #expect(outcome.status == 0)
    #expect(outcome.lines.count == 2)
    #expect(outcome.lines.last == "error\tinvalid_utf8\tbyte 0xff at offset 2 is not UTF-8")
    #expect(
      outcome.message
        == "classify: 1 record has an error: standard input: line 2: byte 0xff at offset 2 is not UTF-8\n")
  }

  @Test func quietSaysNothingOfBadRecords() throws {
    let outcome = try classify.run(arguments: bytes(["-q"]), input: [0xff, 0x0a])
    #expect(outcome.status == 0)
    #expect(outcome.message == "")
    #expect(outcome.lines.count == 1)
  }

  @Test func strictStopsAtTheFirstBadRecordAfterTheGoodOnes() throws {
    let outcome = try classify.run(
      arguments: bytes(["--strict"]), input: Array("great\ndull\n".utf8) + [0xff] + Array("\nfilm\n".utf8))
    #expect(outcome.status == 65)
    #expect(outcome.lines.count == 2)
    #expect(outcome.message == "classify: standard input: line 3: byte 0xff at offset 0 is not UTF-8\n")
  }

  @Test func anArgumentThatIsNotUTF8IsAnErrorRecord() throws {
    let arguments = bytes(["--json", "great"]) + [Array("ab".utf8) + [0xc3]] + bytes(["dull"])
    let outcome = try classify.run(arguments: arguments)
    #expect(outcome.status == 0)
    let found = try records(outcome)
    #expect(found.count == 3)
    #expect(found[1]["index"] == 1)
    #expect(found[1]["error"]?["code"] == "invalid_utf8")
    #expect(found[1]["error"]?["message"] == "byte 0xc3 at offset 2 is not UTF-8")
    #expect(found[2]["error"] == nil)
    let strict = try classify.run(arguments: bytes(["--strict"]) + arguments)
    #expect(strict.status == 65)
    #expect(strict.message == "classify: text 2: byte 0xc3 at offset 2 is not UTF-8\n")
  }

  @Test func anArgumentAfterTwoDashesMayBeNeitherUTF8NorAnOption() throws {
    let outcome = try classify.run(arguments: bytes(["--json", "--"]) + [[0x2d, 0xff]])
    #expect(try records(outcome).first?["error"]?["message"] == "byte 0xff at offset 1 is not UTF-8")
  }

  @Test func aRepairedTextIsNotMistakenForABrokenOne() throws {
    let outcome = try classify.run(arguments: bytes(["--json", "ab\u{fffd}"]) + [[0x61, 0x62, 0xff]])
    #expect(try records(outcome).map { $0["error"] == nil } == [true, false])
  }

  @Test func aNULBelongsToTheText() throws {
    let outcome = try classify.run("--json", input: "great\0 dull film\ngreat\n")
    let found = try records(outcome)
    #expect(found.count == 2)
    #expect(found[0]["tokens"] != found[1]["tokens"])
    #expect(found[0]["error"] == nil)
  }

  @Test func aLineOfTenMegabytesIsOneRecord() throws {
    let word = [UInt8](repeating: UInt8(ascii: "a"), count: 63) + [UInt8(ascii: " ")]
    let line = Array(repeating: word, count: (10 << 20) / word.count).joined()
    let outcome = try classify.run(
      arguments: bytes(["--json", "--max-tokens", "100"]), input: Array(line) + Array("\ngreat\n".utf8))
    let found = try records(outcome)
    #expect(found.count == 2)
    #expect(found[0]["truncated"] == true)
    #expect(found[1]["error"] == nil)
  }

  @Test func aTextOverTheLimitIsAnErrorRecord() throws {
    let line = [UInt8](repeating: UInt8(ascii: "a"), count: (16 << 20) + 1)
    let outcome = try classify.run(arguments: bytes(["--json"]), input: line + Array("\ngreat\n".utf8))
    let found = try records(outcome)
    #expect(found.map { $0["error"]?["code"]?.stringValue } == ["text_too_long", nil])
    #expect(found.first?["error"]?["message"] == "16777217 bytes, more than the limit of 16777216")
  }

  /// As json.dumps of Python writes what is not ASCII: six bytes for two of text.
  @Test func aTextInEscapesIsNotOverTheLimit() throws {
    let count = 1_600_000
    let text = String(repeating: #"\u0436\u0020"#, count: count)
    let line = #"{"id":"long","text":"\#(text)"}"# + "\n" + #"{"id":"b","text":"great"}"#
    let outcome = try classify.run("--json", "--max-tokens", "100", "--format", "jsonl", input: line)
    let found = try records(outcome)
    #expect(found.map { $0["id"] } == ["long", "b"])
    #expect(found.map { $0["tokens"]?.integerValue } == [Int64(count), 1])
  }

  @Test func anObjectOverTheLimitKeepsItsId() throws {
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 18 << 20)
    let outcome = try classify.run(
      arguments: bytes(["--json", "-q", "--format", "jsonl"]),
      input: Array("{\"id\":\"long\",\"text\":\"".utf8) + text + Array("\"}\n".utf8))
    let found = try records(outcome)
    #expect(found.map { $0["id"] } == ["long"])
    #expect(found.map { $0["error"]?["code"]?.stringValue } == ["text_too_long"])
  }

  @Test(arguments: [("jsonl", "{\"text\":\"great\"}\n"), ("lines", "great\n"), ("nul", "great\0")])
  func aFileThatEndsInJSONIsReadInTheFormatThatIsGiven(_ format: String, _ content: String) throws {
    let path = try scratch.file("a.json", content)
    let outcome = try classify.run("--format", format, "-i", path)
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.output == (try classify.run("great")).output)
  }

  /// The members of each record other than its id.
  private func withoutIds(_ records: [JSONValue]) -> [[JSONObject.Member]] {
    records.map { record in (record.objectValue?.members ?? []).filter { $0.key != "id" } }
  }
}
