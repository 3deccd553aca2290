import Foundation
import StrictJSON
import TestSupport
import Testing

/// CSV and TSV that `classify` writes.
@Suite struct ClassifyTableTests {
  private let classify: CommandRunner
  private let scratch = TemporaryDirectory()

  init() throws {
    classify = try .classify()
  }

  @Test func aTableHasAHeaderAndARowForEachText() throws {
    let table = try table(classify.run("--output-format", "csv", "A great film.", "A dull film."))
    #expect(table.rows.count == 3)
    #expect(table.rows.first == ["id", "label", "score", "error"])
    let expected = try records(classify.run("--json", "A great film.", "A dull film."))
    #expect(table.column("label") == expected.compactMap { $0["label"]?.stringValue })
    #expect(
      table.column("score").compactMap { Double($0) } == expected.compactMap { $0["score"]?.doubleValue })
    #expect(table.column("id") == ["", ""])
    #expect(table.column("error") == ["", ""])
  }

  @Test func topAndAllAddPairsOfColumns() throws {
    let all = try classify.run("--output-format", "csv", "--all", "A great film.")
    let more = try classify.run("--output-format", "csv", "--top", "50", "A great film.")
    #expect(all.standardOutput == more.standardOutput)
    let table = try table(all)
    #expect(table.rows.first == ["id", "label", "score", "label_2", "score_2", "error"])
    #expect(table.rows.map(\.count) == [6, 6])
    #expect(Set(table.column("label") + table.column("label_2")) == ["positive", "negative"])
    let scores = (table.column("score") + table.column("score_2")).compactMap { Double($0) }
    #expect(scores.count == 2)
    #expect(abs(scores.reduce(0, +) - 1) < 1e-6)
  }

  @Test func tabsSeparateTheSameCells() throws {
    let csv = try classify.run("--output-format", "csv", "--all", "great", "dull")
    let tsv = try classify.run("--output-format", "tsv", "--all", "great", "dull")
    #expect(tsv.status == 0)
    #expect(tsv.output == csv.output.replacingOccurrences(of: ",", with: "\t"))
  }

  @Test(arguments: [
    (["--output-format", "csv"], "id,label,score,error\n"),
    (["--output-format", "csv", "--all"], "id,label,score,label_2,score_2,error\n"),
    (["--output-format", "tsv"], "id\tlabel\tscore\terror\n"),
    (["--output-format", "csv", "--line-buffered"], "id,label,score,error\n"),
  ])
  func noRecordsGiveTheHeaderAlone(_ options: [String], _ header: String) throws {
    let outcome = try classify.run(arguments: bytes(options))
    #expect(outcome.status == 0)
    #expect(outcome.output == header)
    #expect(outcome.message == "")
  }

  @Test func anInputThatCannotBeReadGivesNoHeader() throws {
    let path = try scratch.file("a.csv", "id,body\n1,great\n")
    let outcome = try classify.run("--output-format", "csv", "-i", path)
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
  }

  /// Ids that would break a row if they were written as they are.
  static let ids = [
    "a,b", "say \"hi\"", "two\nlines", "tab\there", "a\rb", "a\r\nb", "back\\slash", "\"", ",", " a ",
    "é\u{2028}",
  ]

  private static var lines: String {
    ids.map { id in
      String(decoding: JSONValue.object(object(["id": id, "text": "great"])).compactBytes(), as: UTF8.self)
        + "\n"
    }.joined()
  }

  private static func object(_ members: KeyValuePairs<String, String>) -> JSONObject {
    var object = JSONObject()
    for (key, value) in members { object[key] = .string(value) }
    return object
  }

  @Test func oddIdsStayWholeInCSV() throws {
    let outcome = try classify.run("--output-format", "csv", "--format", "jsonl", input: Self.lines)
    #expect(try table(outcome).column("id") == Self.ids)
    #expect(outcome.output.hasPrefix("id,label,score,error\n\"a,b\","))
  }

  @Test func oddIdsBreakNoRowOfTSV() throws {
    let outcome = try classify.run("--output-format", "tsv", "--format", "jsonl", input: Self.lines)
    #expect(outcome.lines.count == Self.ids.count + 1)
    #expect(!outcome.standardOutput.contains(UInt8(ascii: "\r")))
    let rows = outcome.lines.map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.allSatisfy { $0.count == 4 })
    #expect(
      rows.dropFirst().map(\.first) == [
        "a,b", "say \"hi\"", "two\\nlines", "tab\\there", "a\\rb", "a\\r\\nb", "back\\slash", "\"", ",",
        " a ",
        "é\u{2028}",
      ])
  }

  /// A package whose labels need quotes.
  @Test func oddLabelsStayWhole() throws {
    let labels = ["positive": "good, \"very\"", "negative": "bad\\worse"]
    let cells = labels.mapValues { "\"\($0.replacingOccurrences(of: "\"", with: "\"\""))\"" }
    let rows = RnnpkgFixtures.reviews.map { "\(cells[$0.label] ?? ""),\($0.text)\n" }
    let data = try scratch.file("odd.csv", "label,text\n" + rows.joined())
    _ = try RnnpkgFixtures.trained(scratch, on: data)
    var odd = classify
    odd.environment["RNNPKG_MODEL"] = "\(scratch.path)/out.rnnpkg"
    let csv = try table(odd.run("--output-format", "csv", "--all", "great"))
    #expect(Set(csv.column("label") + csv.column("label_2")) == Set(labels.values))
    let tsv = try odd.run("--output-format", "tsv", "--all", "great")
    let found = try #require(tsv.lines.last).split(separator: "\t", omittingEmptySubsequences: false)
    #expect(found.count == 6)
    #expect(Set([String(found[1]), String(found[3])]) == Set(labels.values))
  }

  // MARK: Bad records

  @Test func aBadRecordIsARowWithItsIdAndItsError() throws {
    let input = Array("id,text\n8,ab".utf8) + [0xff] + Array("\n9,a,b\n\"1,0\",great\n".utf8)
    let outcome = try classify.run(
      "--output-format", "csv", "--all", "-i", scratch.file("a.csv", input))
    let table = try table(outcome)
    #expect(table.rows.map(\.count) == [6, 6, 6, 6])
    #expect(table.rows[1] == ["8", "", "", "", "", "invalid_utf8: byte 0xff at offset 4 is not UTF-8"])
    #expect(table.rows[2] == ["9", "", "", "", "", "wrong_column_count: expected 2 columns, found 3"])
    #expect(table.rows[3].first == "1,0")
    #expect(table.rows[3].last == "")
    #expect(outcome.message.hasPrefix("classify: 2 records have errors; the first: "))
  }

  @Test func strictStopsAfterTheGoodRows() throws {
    let later = try classify.run(
      arguments: bytes(["--output-format", "csv", "--strict"]), input: Array("great\n".utf8) + [0xff, 0x0a])
    #expect(later.status == 65)
    #expect(later.lines.count == 2)
    let first = try classify.run(
      arguments: bytes(["--output-format", "csv", "--strict"]), input: [0xff, 0x0a] + Array("great\n".utf8))
    #expect(first.status == 65)
    #expect(first.output == "id,label,score,error\n")
  }

  // MARK: How it is written

  @Test(arguments: [["--batch-size", "1"], ["--batch-size", "3"], ["--line-buffered"], ["--threads", "2"]])
  func howTheWorkIsDoneNeverChangesABit(_ options: [String]) throws {
    let input = Array((0..<20).map { "great film \($0)\n" }.joined().utf8)
    let expected = try classify.run(arguments: bytes(["--output-format", "csv"]), input: input)
    let found = try classify.run(arguments: bytes(["--output-format", "csv"] + options), input: input)
    #expect(expected.lines.count == 21)
    #expect(found.standardOutput == expected.standardOutput)
  }

  @Test func aRowIsWrittenBeforeTheNextLineIsRead() throws {
    let process = try classify.start(arguments: bytes(["--output-format", "csv", "--line-buffered"]))
    process.send(Array("great\n".utf8))
    #expect(process.readLine() == "id,label,score,error")
    #expect(process.readLine().contains("tive,"))
    process.send(Array("dull\n".utf8))
    #expect(process.readLine().contains("tive,"))
    #expect(try process.finish().status == 0)
  }

  @Test func anOutputFileHasWhatStandardOutputWouldGet() throws {
    let expected = try classify.run("--output-format", "csv", "great", "dull")
    let outcome = try classify.run(
      "--output-format", "csv", "-o", "\(scratch.path)/out.csv", "great", "dull")
    #expect(outcome.status == 0)
    #expect(try scratch.bytes(of: "out.csv") == expected.standardOutput)
  }
}
