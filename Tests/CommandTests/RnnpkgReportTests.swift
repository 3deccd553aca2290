import Foundation
import StrictJSON
import TestSupport
import Testing

/// `rnnpkg test`, `verify`, `show`, `pack` and `unpack`.
@Suite struct RnnpkgReportTests {
  private let scratch = TemporaryDirectory()
  private let package: String

  init() throws {
    package = try SmallPackage.copied(to: scratch)
  }

  private func data() throws -> String { try scratch.file("test.tsv", RnnpkgFixtures.table) }

  private func json(_ text: String) throws -> JSONObject {
    try #require(try JSONValue(parsing: Array(text.utf8)).objectValue)
  }

  // MARK: test

  @Test func theTextReportHoldsTheFigures() throws {
    let outcome = try RnnpkgFixtures.run(["test", package, data()])
    #expect(outcome.status == 0 && outcome.message.isEmpty, "\(outcome.message)")
    for part in [
      "precision", "negative", "positive", "macro avg", "95% CI", "calibration: ECE", "Brier", "60 texts",
    ] {
      #expect(outcome.output.contains(part), "\(part)")
    }
  }

  @Test func theJSONReportAgreesWithItselfOnAnyThreads() throws {
    let data = try data()
    let one = try json(
      RnnpkgFixtures.run(["test", package, data, "--report", "json", "--threads", "1"]).output)
    let two = try json(
      RnnpkgFixtures.run(["test", package, data, "--report", "json", "--threads", "2"]).output)
    for key in ["metrics", "perClass", "confusion", "labels", "accuracyInterval", "rawECE"] {
      #expect(one[key] != nil && one[key] == two[key], "\(key)")
    }
    guard case .array(let rows)? = one["confusion"] else {
      Issue.record("no confusion")
      return
    }
    let counts = rows.flatMap { row -> [Int64] in
      guard case .array(let values) = row else { return [] }
      return values.map { if case .integer(let count) = $0 { count } else { -1 } }
    }
    #expect(counts.count == 4 && counts.reduce(0, +) == 60)
    let accuracy = Double(counts[0] + counts[3]) / 60
    let metrics = try #require(one["metrics"]?.objectValue)
    #expect(metrics["accuracy"] == .number(accuracy) || metrics["accuracy"] == .integer(Int64(accuracy)))
  }

  @Test func aTextReportAsJSONIsAUsageError() throws {
    let data = try data()
    let refused = try RnnpkgFixtures.run(["test", package, data, "--report", "text", "--json"])
    #expect(refused.status == 64 && refused.output.isEmpty)
    #expect(
      refused.message.hasPrefix("Error: --json and --report text exclude each other\n"),
      "\(refused.message)")
    let twice = try RnnpkgFixtures.run(["test", package, data, "--report", "json", "--json"])
    #expect(twice.status == 0 && twice.output.hasPrefix("{"), "\(twice.message)")
    let text = try RnnpkgFixtures.run(["test", package, data, "--report", "text"])
    #expect(text.status == 0 && text.output.contains("macro avg"), "\(text.message)")
  }

  @Test func aFigureBelowItsFloorEndsWithOne() throws {
    let flipped = try scratch.file(
      "flipped.tsv",
      "label\ttext\n"
        + RnnpkgFixtures.reviews.map { "\($0.label == "positive" ? "no" : "yes")\t\($0.text)\n" }.joined())
    let data = try data()
    #expect(try RnnpkgFixtures.run(["test", package, data, "--fail-under", "accuracy=0"]).status == 0)
    // Half of the labels are wrong: no figure of them all can be 1.
    let wrong = try scratch.file(
      "wrong.tsv",
      "label\ttext\n" + RnnpkgFixtures.reviews.map { "positive\t\($0.text)\n" }.joined()
        + "negative\tA warm film.\npositive\tA warm film.\n")
    let all = try RnnpkgFixtures.run(["test", package, wrong, "--fail-under", "macro-f1=100%"])
    #expect(all.status == 1 && all.message.contains("macro-f1") && all.message.contains("below 1"))
    #expect(all.output.contains("macro avg"), "the report is printed all the same")
    let unknown = try RnnpkgFixtures.run(["test", package, flipped])
    #expect(
      unknown.status == 65 && unknown.message.contains("flipped.tsv:2: ")
        && unknown.message.contains("--label-map"))
    let mapped = try RnnpkgFixtures.run(["test", package, flipped, "--label-map", "no=positive,yes=negative"])
    #expect(mapped.status == 0, "\(mapped.message)")
    for option in [["--fail-under", "speed=3"], ["--label-map", "no"], ["--format", "xml"]] {
      #expect(try RnnpkgFixtures.run(["test", package, data] + option).status == 64)
    }
  }

  @Test func aCardByHandStaysAsItIs() throws {
    try unpack()
    let card = "# Mine\n\nWritten by hand.\n"
    _ = try scratch.file("files/README.md", card)
    let mine = "\(scratch.path)/mine.rnnpkg"
    #expect(
      try RnnpkgFixtures.run(["pack", "\(scratch.path)/files", "-o", mine, "--name", "other"]).status == 0)
    #expect(try RnnpkgFixtures.run(["test", mine, data(), "--record", "mine"]).status == 0)
    #expect(try RnnpkgFixtures.run(["show", mine, "--card"]).output == card + "\n")
  }

  @Test func recordedFiguresStandInTheManifestAndTheAnswersStay() throws {
    let data = try data()
    let before = try CommandRunner("classify").run("--model", package, "A warm film.").output
    let weights = try json(RnnpkgFixtures.run(["show", package, "--json"]).output)["files"]?.objectValue?[
      "weights.safetensors"]
    for _ in 0..<2 {
      #expect(try RnnpkgFixtures.run(["test", package, data, "--record", "my test"]).status == 0)
    }
    let manifest = try json(RnnpkgFixtures.run(["show", package, "--json"]).output)
    guard case .array(let evaluations)? = manifest["evaluation"] else {
      Issue.record("no evaluation")
      return
    }
    let names = evaluations.map { $0.objectValue?["data"]?.objectValue?["name"] }
    #expect(names.count { $0 == .string("my test") } == 1, "a second record takes the place of the first")
    #expect(weights != nil && manifest["files"]?.objectValue?["weights.safetensors"] == weights)
    #expect(try CommandRunner("classify").run("--model", package, "A warm film.").output == before)
    #expect(try RnnpkgFixtures.run(["verify", package]).status == 0)
    #expect(try RnnpkgFixtures.run(["show", package]).output.contains("my test: accuracy"))
  }

  // MARK: verify

  @Test func aSoundPackageIsVerified() throws {
    let outcome = try RnnpkgFixtures.run(["verify", package])
    #expect(outcome.status == 0 && outcome.message.isEmpty)
    #expect(
      outcome.output.contains("ok, ") && outcome.output.contains("6 golden cases replayed"),
      "\(outcome.output)")
  }

  @Test func changedWeightsAreFoundByTheGoldenCases() throws {
    try unpack()
    var weights = try scratch.bytes(of: "files/weights.safetensors")
    // The sign of numbers near the end: the readout's.
    for index in stride(from: weights.count - 1, to: weights.count - 200, by: -4) { weights[index] ^= 0x80 }
    _ = try scratch.file("files/weights.safetensors", weights)
    expectDifference("the logit of ")
  }

  @Test func changedCasesAreFound() throws {
    try unpack()
    let cases = String(decoding: try scratch.bytes(of: "files/checks.jsonl"), as: UTF8.self)
    _ = try scratch.file(
      "files/checks.jsonl", cases.replacingOccurrences(of: "A warm, funny film.", with: "A warm film."))
    expectDifference("token ids of \"A warm film.\" differ from number ")
  }

  /// A package may have thousands of cases: the first differences tell enough.
  @Test func tenDifferencesAreListedAndAllCounted() throws {
    try unpack()
    let cases = String(decoding: try scratch.bytes(of: "files/checks.jsonl"), as: UTF8.self)
    let text = "A warm, funny film."
    let found = try #require(cases.split(separator: "\n").first { $0.contains(text) })
    let changed = found.replacingOccurrences(of: text, with: "A warm film.") + "\n"
    _ = try scratch.file("files/checks.jsonl", String(repeating: changed, count: 12))
    expectDifference("12 of 12 golden cases differ")
    let outcome = try RnnpkgFixtures.run(["verify", "\(scratch.path)/changed.rnnpkg"])
    #expect(outcome.message.split(separator: "\n").count == 11, "\(outcome.message)")
  }

  private func unpack() throws {
    let outcome = try RnnpkgFixtures.run(["unpack", package, "\(scratch.path)/files"])
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.message.isEmpty, "\(outcome.message)")
  }

  private func expectDifference(_ part: String, location: SourceLocation = #_sourceLocation) {
    do {
      let changed = "\(scratch.path)/changed.rnnpkg"
      let packed = try RnnpkgFixtures.run(["pack", "\(scratch.path)/files", "-o", changed])
      #expect(packed.status == 0, "\(packed.message)", sourceLocation: location)
      let outcome = try RnnpkgFixtures.run(["verify", changed])
      #expect(outcome.status == 1 && outcome.output.isEmpty, sourceLocation: location)
      #expect(
        outcome.message.contains(part) && outcome.message.contains("golden cases differ"),
        "\(outcome.message)",
        sourceLocation: location)
      #expect(
        try RnnpkgFixtures.run(["verify", changed, "--no-golden"]).status == 0, sourceLocation: location)
    } catch {
      Issue.record(error, sourceLocation: location)
    }
  }

  // MARK: show, pack, unpack

  @Test func packingWhatWasUnpackedGivesTheSameBytes() throws {
    try unpack()
    let outcome = try RnnpkgFixtures.run([
      "pack", "\(scratch.path)/files", "-o", "\(scratch.path)/again.rnnpkg",
    ])
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(try scratch.bytes(of: "again.rnnpkg") == scratch.bytes(of: "small.rnnpkg"))
    let again = try RnnpkgFixtures.run(["unpack", package, "\(scratch.path)/files"])
    #expect(again.status == 73, "a directory that holds something is left alone")
  }

  @Test func packingCanRename() throws {
    try unpack()
    let renamed = "\(scratch.path)/b.rnnpkg"
    let files = "\(scratch.path)/files"
    #expect(
      try RnnpkgFixtures.run(["pack", files, "-o", renamed, "--name", "other", "--version", "2.1"]).status
        == 0)
    let manifest = try json(RnnpkgFixtures.run(["show", renamed, "--json"]).output)
    #expect(manifest["name"] == "other" && manifest["version"] == "2.1")
    let card = try RnnpkgFixtures.run(["show", renamed, "--card"]).output
    #expect(card.contains("# other 2.1\n"), "\(card)")
    let bad = try RnnpkgFixtures.run(["pack", files, "-o", "\(scratch.path)/c.rnnpkg", "--name", "No Name"])
    #expect(bad.status == 64 && bad.message.contains("No Name"), "\(bad.status) \(bad.message)")
    let nowhere = try RnnpkgFixtures.run(["pack", files, "-o", "\(scratch.path)/missing/c.rnnpkg"])
    #expect(nowhere.status == 73 && nowhere.message.contains("missing"), "\(nowhere.message)")
    let nothing = try RnnpkgFixtures.run(["pack", "\(scratch.path)/none", "-o", "\(scratch.path)/c.rnnpkg"])
    #expect(nothing.status == 66, "\(nothing.message)")
  }

  @Test func showPrintsEachPart() throws {
    let summary = try RnnpkgFixtures.run(["show", package])
    #expect(summary.lines[0].hasPrefix("small"))
    #expect(
      summary.output.contains("labels      negative, positive") && summary.output.contains("model       lstm")
    )
    #expect(try RnnpkgFixtures.run(["show", package, "--card"]).output.hasPrefix("---\n"))
    #expect(try RnnpkgFixtures.run(["show", package, "--tensors"]).output.contains("readout.bias\tf32\t[2]"))
    let vocabulary = try RnnpkgFixtures.run(["show", package, "--vocabulary"]).lines
    #expect(vocabulary.prefix(4) == ["<pad>", "<unk>", "<s>", "</s>"] && vocabulary.contains("film"))
    #expect(try json(RnnpkgFixtures.run(["show", package, "--json"]).output)["format"] != nil)
  }

  // MARK: What is no package

  @Test(arguments: ["show", "verify", "unpack"])
  func aWebPageIsNoPackage(_ command: String) throws {
    let page = try scratch.file("page.rnnpkg", "<!DOCTYPE html><html><body>Not found</body></html>")
    let outcome = try RnnpkgFixtures.run(
      [command, page] + (command == "unpack" ? ["\(scratch.path)/files"] : []))
    #expect(outcome.status == 76 && outcome.output.isEmpty)
    #expect(
      outcome.message.hasPrefix("rnnpkg: \(page): ") && outcome.message.contains("web page"),
      "\(outcome.message)")
  }

  @Test func aCutPackageIsMalformed() throws {
    let bytes = try scratch.bytes(of: "small.rnnpkg")
    let cut = try scratch.file("cut.rnnpkg", Array(bytes[..<(bytes.count / 2)]))
    #expect(try RnnpkgFixtures.run(["verify", cut]).status == 76)
    #expect(try RnnpkgFixtures.run(["test", cut, data()]).status == 76)
  }

  @Test func anUnknownKernelSetIsAUsageError() throws {
    let outcome = try RnnpkgFixtures.run(["verify", package], environment: ["RECURRENT_KERNELS": "nonsense"])
    #expect(outcome.status == 64 && outcome.message.contains("RECURRENT_KERNELS"), "\(outcome.message)")
  }
}
