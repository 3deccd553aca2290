import Foundation
import StrictJSON
import TestSupport
import Testing

/// `classify --truncate error`: a text beyond the limit on tokens is an error, not an answer to a part of it.
@Suite struct ClassifyTruncateErrorTests {
  private let classify: CommandRunner
  private let scratch = TemporaryDirectory()

  init() throws {
    classify = try .classify()
  }

  private static let message =
    "the text has 6 tokens, more than the limit of 3; raise --max-tokens, or cut it with --truncate head, tail or middle"
  private static let limited = ["--max-tokens", "3", "--truncate", "error"]

  @Test func aLongerTextIsAnErrorRecord() throws {
    let outcome = try classify.run(
      arguments: bytes(Self.limited + ["great great great dull dull dull"]))
    #expect(outcome.status == 0)
    #expect(outcome.output == "error\ttoo_many_tokens\t\(Self.message)\n")
    #expect(outcome.message == "classify: 1 record has an error: text 1: \(Self.message)\n")
  }

  @Test func theRecordKeepsItsIdAndItsPlace() throws {
    let path = try scratch.file(
      "a.csv", "id,text\n7,great\n8,great great great dull dull dull\n9,dull dull dull\n")
    let found = try records(classify.run(arguments: bytes(["-q", "--json", "-i", path] + Self.limited)))
    #expect(found.map { $0["id"] } == ["7", "8", "9"])
    #expect(found[1].objectValue?.keys == ["id", "index", "error"])
    #expect(found[1]["error"]?["code"] == "too_many_tokens")
    #expect(found[1]["error"]?["message"]?.stringValue == Self.message)
    let free = try records(classify.run("--json", "-i", path))
    #expect([found[0], found[2]] == [free[0], free[2]], "what fits gets the answer it gets without a limit")
  }

  @Test func strictStopsThere() throws {
    let outcome = try classify.run(
      arguments: bytes(Self.limited + ["--strict", "great", "great great great dull dull dull", "dull"]))
    #expect(outcome.status == 65)
    #expect(outcome.lines.count == 1)
    #expect(outcome.message == "classify: text 2: \(Self.message)\n")
  }

  /// Who asks for it believes that long texts are refused.
  @Test func withoutALimitItIsRefused() throws {
    let outcome = try classify.run("--truncate", "error", input: "great")
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(
      outcome.message
        == "classify: --truncate error: neither --max-tokens nor the package sets a limit; add --max-tokens\n"
    )
  }

  @Test func theLimitMayBeThePackages() throws {
    var limited = classify
    limited.environment["RNNPKG_MODEL"] = try ChangedManifest.package(in: scratch) { manifest in
      manifest.set("tokenizer.maxTokens", to: .integer(3))
    }
    let text = "great great great dull dull dull"
    let cut = try #require(try records(limited.run("--json", text)).first)
    #expect(cut["truncated"] == true)
    let refused = try #require(try records(limited.run("-q", "--json", "--truncate", "error", text)).first)
    #expect(refused["error"]?["message"]?.stringValue == Self.message)
    let raised = try #require(
      try records(limited.run("--json", "--truncate", "error", "--max-tokens", "6", text)).first)
    #expect(raised["truncated"] == false)
  }
}
