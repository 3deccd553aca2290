import Foundation
import StrictJSON
import TestSupport
import Testing

/// `rnnpkg test --suite`.
@Suite struct RnnpkgBehaviourTests {
  private let scratch = TemporaryDirectory()
  private let package: String

  init() throws {
    package = try SmallPackage.copied(to: scratch)
  }

  /// Two rows: one that no model fails, and one that each model fails in one case of two.
  private func suite() throws -> String {
    let folder = "\(scratch.path)/suite"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try scratch.file("suite/easy.jsonl", #"{"text": "A warm film.", "variant": "A  warm film."}"# + "\n")
    _ = try scratch.file(
      "suite/split.jsonl",
      #"{"text": "A warm film.", "label": "positive"}"# + "\n"
        + #"{"text": "A warm film. ", "label": "negative"}"#)
    return folder
  }

  private func test(_ arguments: String...) throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(["test", package] + arguments)
  }

  private func json(_ text: String) throws -> JSONObject {
    try #require(try JSONValue(parsing: Array(text.utf8)).objectValue)
  }

  @Test func theReportHasARowForEachFileAndATotal() throws {
    let outcome = try test("--suite", suite())
    #expect(outcome.status == 0 && outcome.message.isEmpty, "\(outcome.message)")
    let rows = outcome.lines.map { $0.split(separator: " ").map(String.init) }
    #expect(rows.contains(["easy", "invariance", "1", "0", "0.0", "%"]))
    #expect(rows.contains(["split", "minimum", "functionality", "2", "1", "50.0", "%"]))
    #expect(rows.contains(["total", "3", "1", "33.3", "%"]))
    #expect(!outcome.output.contains("expected"))
  }

  @Test func failingCasesAreListedWhenAskedFor() throws {
    let output = try test("--suite", suite() + "/split.jsonl", "--failures").output
    #expect(output.contains(": A warm film.") && output.contains("expected ") && output.contains(", found "))
    #expect(!output.contains("easy"))
  }

  /// What follows a line feed in a text would look like a case of its own.
  @Test func aTextOfSeveralLinesIsListedInOne() throws {
    let text = #"A warm film.\n  line 7: A film.\n\u001b[2J"#
    let suite = try scratch.file(
      "lines.jsonl",
      #"{"text": "\#(text)", "label": "positive"}"# + "\n" + #"{"text": "\#(text) ", "label": "negative"}"#)
    let outcome = try test("--suite", suite, "--failures")
    #expect(outcome.status == 0, "\(outcome.message)")
    let cases = outcome.lines.drop { $0 != "" }.dropFirst().drop { $0 != "" }
    #expect(cases.count == 4, "\(outcome.output)")
    let line = try #require(cases.first { $0.hasPrefix("  line ") })
    #expect(line.contains(#": A warm film.\n  line 7: A film.\n\u{1b}[2J"#), "\(line)")
  }

  @Test func theExitCodeTellsARowOverTheLimit() throws {
    let suite = try suite()
    for limit in ["50%", "0.5", "1", "100%"] {
      #expect(try test("--suite", suite, "--fail-over", limit).status == 0, "\(limit)")
    }
    for limit in ["49.9%", "0.49", "0"] {
      let outcome = try test("--suite", suite, "--fail-over", limit)
      #expect(outcome.status == 1, "\(limit)")
      #expect(
        outcome.message
          == "rnnpkg: 1 of 2 rows fail in more than \(limit) of their cases: split 50.0 %\n")
      #expect(outcome.output.contains("total"), "the report is printed all the same")
    }
  }

  @Test func optionsThatDoNotGoTogetherAreUsageErrors() throws {
    let suite = try suite()
    let data = try scratch.file("test.tsv", RnnpkgFixtures.table)
    for arguments in [
      [], [data, "--suite", suite], [data, "--failures"], [data, "--fail-over", "5%"], [data, "--record"],
      ["--suite", suite, "--fail-under", "accuracy=0.5"], ["--suite", suite, "--record", "name"],
      ["--suite", suite, "--fail-over", "15"], ["--suite", suite, "--fail-over", "x%"],
      ["--suite", suite, "--report", "text", "--json"],
    ] {
      #expect(try RnnpkgFixtures.run(["test", package] + arguments).status == 64, "\(arguments)")
    }
  }

  @Test func badSuitesAreRefusedBeforeAnythingIsWritten() throws {
    let before = try scratch.bytes(of: "small.rnnpkg")
    let bad = try scratch.file("bad.jsonl", #"{"text": "A", "label": "Positive"}"#)
    let outcome = try test("--suite", bad, "--record")
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    #expect(outcome.message.contains(#"bad.jsonl:1: the label "Positive" is none of the package's"#))
    #expect(try test("--suite", scratch.path + "/nowhere").status == 66)
    #expect(try scratch.bytes(of: "small.rnnpkg") == before)
  }

  @Test func jsonHoldsRowsAndFailingCases() throws {
    let suite = try suite()
    let outcome = try test("--suite", suite, "--json")
    let report = try json(outcome.output)
    #expect(report["cases"] == 3 && report["failures"] == 1 && report["model"] == "small@1.0.0")
    let rows = try #require(report["rows"]?.arrayValue)
    #expect(rows.map { $0["name"] } == ["easy", "split"])
    #expect(rows[0]["failed"] == [] && rows[1]["failureRate"] == 0.5)
    let failed = try #require(rows[1]["failed"]?.arrayValue)
    #expect(failed.count == 1 && failed[0]["expected"] != failed[0]["found"])
    #expect(try test("--suite", suite, "--report", "json").output == outcome.output)
  }

  @Test func recordedRowsStandInTheManifestAndTheAnswersStay() throws {
    let answer = try CommandRunner("classify").run("--model", package, "A warm film.").output
    for _ in 0..<2 { #expect(try test("--suite", suite(), "--record").status == 0) }
    let manifest = try json(RnnpkgFixtures.run(["show", package, "--json"]).output)
    let rows = try #require(manifest["behaviour"]?.arrayValue)
    #expect(rows.map { $0["name"] } == ["easy", "split"], "a second record takes the place of the first")
    #expect(rows[1]["cases"] == 2 && rows[1]["failures"] == 1 && rows[1]["sha256"]?.stringValue?.count == 64)
    #expect(manifest["engine"]?["min"] == "1.2")
    let shown = try RnnpkgFixtures.run(["show", package]).output
    #expect(shown.contains("behaviour   split: 1 of 2 cases failed (50.0 %)\n"))
    #expect(try RnnpkgFixtures.run(["show", package, "--card"]).output.contains("| split | 2 | 1 |"))
    #expect(try CommandRunner("classify").run("--model", package, "A warm film.").output == answer)
    #expect(try RnnpkgFixtures.run(["verify", package]).status == 0)
  }
}
