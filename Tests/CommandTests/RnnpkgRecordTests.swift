import Foundation
import StrictJSON
import TestSupport
import Testing

/// What `rnnpkg test` tells of a measurement, and what it keeps of it in a manifest.
@Suite struct RnnpkgRecordTests {
  private let scratch = TemporaryDirectory()
  private let package: String

  init() throws {
    package = try SmallPackage.copied(to: scratch)
  }

  private func recorded(_ name: String) throws -> JSONObject? {
    let shown = try RnnpkgFixtures.run(["show", package, "--json"])
    let evaluations = try JSONValue(parsing: shown.standardOutput)["evaluation"]?.arrayValue ?? []
    return evaluations.first { $0["data"]?["name"] == .string(name) }?.objectValue
  }

  @Test func aRecordHoldsTheDigestOfTheDataAndTheWholeCommand() throws {
    let rows = RnnpkgFixtures.reviews.map { "\($0.label == "positive" ? "1" : "0"),\($0.text)\n" }
    let data = try scratch.file("it's new.txt", "the stars,review\n" + rows.joined())
    let options = [
      "--label-map", "0=negative,1=positive", "--text-field", "review", "--label-field", "the stars",
      "--format", "csv",
    ]
    let outcome = try RnnpkgFixtures.run(["test", package, data] + options + ["--record", "mine"])
    #expect(outcome.status == 0, "\(outcome.message)")
    let record = try #require(try recorded("mine"))
    let command = try #require(record["command"]?.stringValue)
    #expect(
      command
        == "rnnpkg test small.rnnpkg 'it'\\''s new.txt' --label-map 0=negative,1=positive --text-field review "
        + "--label-field 'the stars' --format csv")
    let digest = try #require(record["data"]?["sha256"]?.stringValue)
    #expect(digest.hasPrefix("sha256:") && digest.utf8.count == 71, "\(digest)")
    #expect(record["metrics"]?["macroF1"] != nil && record["metrics"]?["macroPrecision"] == nil)
    #expect(try RnnpkgFixtures.run(["verify", package]).status == 0)

    // A package that is trained on the file has the same digest of it.
    let trained = try RnnpkgFixtures.run(
      [
        "train", data, "-o", "new.rnnpkg", "--text-field", "review", "--label-field", "the stars", "--format",
        "csv", "--valid", data,
      ] + RnnpkgFixtures.tiny, in: scratch.path)
    #expect(trained.status == 0, "\(trained.message)")
    let shown = try RnnpkgFixtures.run(["show", "\(scratch.path)/new.rnnpkg", "--json"])
    let manifest = try JSONValue(parsing: shown.standardOutput)
    #expect(manifest["training"]?["data"]?.arrayValue?.first?["sha256"] == .string(digest))
    #expect(manifest["evaluation"]?.arrayValue?.first?["data"]?["sha256"] == .string(digest))
  }

  @Test func theMacroMeansHaveTheColumnsOfTheLabels() throws {
    let data = try scratch.file("test.tsv", RnnpkgFixtures.table)
    let text = try RnnpkgFixtures.run(["test", package, data])
    #expect(text.status == 0, "\(text.message)")
    let line = try #require(text.lines.first { $0.hasPrefix("macro avg") })
    let label = try #require(text.lines.first { $0.hasPrefix("positive ") })
    #expect(line.split(separator: " ").count == 6 && line.hasSuffix("     60"), "\(line)")
    #expect(line.count == label.count, "\(text.output)")
    let json = try RnnpkgFixtures.run(["test", package, data, "--json"])
    let metrics = try #require(try JSONValue(parsing: json.standardOutput)["metrics"])
    for name in ["macroPrecision", "macroRecall", "macroF1"] {
      let value = try #require(metrics[name]?.doubleValue, "\(name)")
      #expect((0...1).contains(value))
    }
  }

  @Test func optionsOfTextsThatNothingReadsAreRefused() throws {
    let output = "\(scratch.path)/out.rnnpkg"
    for (command, needed) in [
      (["diff", package, package], "--data"), (["quantize", package, "-o", output], "--check"),
      (["average", package, package, "-o", output], "--valid"),
      (["test", package, "--suite", "none.jsonl"], "labelled texts"),
    ] {
      for (option, value) in [
        ("--label-map", "0=negative"), ("--text-field", "body"), ("--label-field", "stars"),
        ("--format", "csv"),
      ] {
        let outcome = try RnnpkgFixtures.run(command + [option, value])
        #expect(outcome.status == 64, "\(outcome.message)")
        #expect(outcome.message.contains("\(option) goes with \(needed)"), "\(outcome.message)")
      }
    }
    #expect(scratch.names == ["small.rnnpkg"])
  }
}
