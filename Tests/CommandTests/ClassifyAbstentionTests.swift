import Foundation
import StrictJSON
import TestSupport
import Testing

/// `classify --abstain-below`, and the package's own limit.
@Suite struct ClassifyAbstentionTests {
  private let classify: CommandRunner
  private let scratch = TemporaryDirectory()

  init() throws {
    classify = try .classify()
  }

  @Test func textHasAQuestionMarkForTheLabel() throws {
    let plain = try #require(try classify.run("great").lines.first).split(separator: "\t")
    #expect(try classify.run("--abstain-below", "1", "great").lines == ["?\t\(plain[1])"])
    #expect(try classify.run("--abstain-below", "0", "great").lines == ["\(plain[0])\t\(plain[1])"])
  }

  @Test func theOtherLabelsStay() throws {
    let plain = try #require(try classify.run("--all", "great").lines.first).split(separator: "\t")
    let found = try classify.run("--all", "--abstain-below", "1", "great")
    #expect(found.lines == ["?\t\(plain[1])\t\(plain[2])\t\(plain[3])"])
  }

  @Test func tablesHaveAQuestionMarkForTheLabel() throws {
    let plain = try CSVTable(classify.run("--output-format", "csv", "--all", "great").standardOutput)
    var expected = plain
    expected.rows[1][1] = "?"
    let found = try CSVTable(
      classify.run("--output-format", "csv", "--all", "--abstain-below", "1", "great").standardOutput)
    #expect(found == expected)
    #expect(
      try classify.run("--output-format", "tsv", "--abstain-below", "1", "great").output.contains("\n\t?\t"))
  }

  @Test func jsonSaysSoAndKeepsTheBestLabel() throws {
    let plain = try #require(try records(classify.run("--json", "great")).first?.objectValue)
    let found = try #require(
      try records(classify.run("--json", "--abstain-below", "1", "great")).first?.objectValue)
    var expected = plain
    expected["abstained"] = true
    #expect(found == expected)
    #expect(found.keys == plain.keys)
  }

  /// The score is compared as it is written: a script that compares the two comes to the same end.
  @Test func aScoreOfJustTheLimitIsAnAnswer() throws {
    let outcome = try classify.run("--json", "great")
    let text = String(try #require(outcome.output.firstMatch(of: /"score":([0-9.e-]+)/)).output.1)
    let score = try #require(Float(text))
    for (limit, isAbstained) in [
      (text, false), (score.nextUp.description, true), (score.nextDown.description, false),
    ] {
      let record = try #require(
        try records(classify.run("--json", "--abstain-below", limit, "great")).first)
      #expect(record["abstained"]?.boolValue == isAbstained, "\(limit)")
    }
  }

  @Test func badRecordsStayErrors() throws {
    let plain = try classify.run(arguments: bytes(["-q"]), input: [0xff, 0x0a])
    let found = try classify.run(arguments: bytes(["-q", "--abstain-below", "1"]), input: [0xff, 0x0a])
    #expect(found.standardOutput == plain.standardOutput)
  }

  @Test func thePackagesLimitHoldsUnlessAnotherIsGiven() throws {
    var cautious = classify
    cautious.environment["RNNPKG_MODEL"] = try ChangedManifest.package(in: scratch) { manifest in
      manifest.set("model.output.abstainBelow", to: .number(1))
    }
    let found = try #require(try cautious.run("great").lines.first)
    #expect(found.hasPrefix("?\t"))
    #expect(try cautious.run("--abstain-below", "0", "great").output == classify.run("great").output)
  }
}
