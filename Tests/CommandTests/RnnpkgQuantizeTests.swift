import Foundation
import StrictJSON
import TestSupport
import Testing

/// `rnnpkg quantize`, and the other commands on what it writes.
@Suite struct RnnpkgQuantizeTests {
  private let scratch = TemporaryDirectory()
  private let package: String
  private let output: String

  init() throws {
    package = "\(scratch.path)/small.rnnpkg"
    output = "\(scratch.path)/int8.rnnpkg"
    try FileManager.default.copyItem(atPath: Self.trained.get(), toPath: package)
  }

  /// A package that knows its training texts, once for all tests of a run.
  private static let trained: Result<String, any Error> = Result {
    try RnnpkgFixtures.known(as: "small-quantize", "--epochs", "12")
  }

  private func data() throws -> String { try scratch.file("dev.tsv", RnnpkgFixtures.table) }

  /// The same texts with every label wrong.
  private func wrongData() throws -> String {
    let rows = RnnpkgFixtures.reviews.map { review in
      "\(review.label == "positive" ? "negative" : "positive")\t\(review.text)\n"
    }
    return try scratch.file("wrong.tsv", "label\ttext\n" + rows.joined())
  }

  private func quantize(_ options: String...) throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(["quantize", package, "-o", output] + options)
  }

  @Test func integersAreSmallerAndEveryCommandTakesThem() throws {
    let outcome = try quantize()
    #expect(outcome.status == 0 && outcome.message.isEmpty, "\(outcome.message)")
    let before = try scratch.bytes(of: "small.rnnpkg").count
    let after = try scratch.bytes(of: "int8.rnnpkg").count
    #expect(after < before)
    #expect(outcome.output.hasPrefix("\(output): small-quantize@1.0.0 as int8, "), "\(outcome.output)")
    #expect(outcome.lines.count == 1)

    let verified = try RnnpkgFixtures.run(["verify", output])
    #expect(
      verified.status == 0 && verified.output.contains("6 golden cases replayed"), "\(verified.message)")
    let shown = try RnnpkgFixtures.run(["show", output]).output
    #expect(shown.contains("as i8, quantized int8 by row, activations dynamic row"), "\(shown)")
    #expect(!shown.contains("evaluated") && shown.contains("calibration temperature"))
    let tensors = try RnnpkgFixtures.run(["show", output, "--tensors"]).output
    let readout = "readout.weight\ti8\t[2, 48]\nreadout.weight.scale\tf32\t[2]\nreadout.bias\tf32\t[2]\n"
    #expect(tensors.contains(readout) && !tensors.contains("bias.scale"), "\(tensors)")
    let tested = try RnnpkgFixtures.run([
      "test", output, data(), "--fail-under", "accuracy=0.9", "--record", "dev",
    ])
    #expect(tested.status == 0, "\(tested.message)")
    #expect(try RnnpkgFixtures.run(["show", output]).output.contains("evaluated   dev: accuracy"))
    #expect(try RnnpkgFixtures.run(["verify", output]).status == 0)

    let classified = try CommandRunner("classify").run("--model", output, "A warm film, I loved it.")
    #expect(classified.status == 0 && classified.output.hasPrefix("positive\t"), "\(classified.message)")
    #expect(try RnnpkgFixtures.run(["unpack", output, "\(scratch.path)/files"]).status == 0)
    let packed = try RnnpkgFixtures.run([
      "pack", "\(scratch.path)/files", "-o", "\(scratch.path)/again.rnnpkg",
    ])
    #expect(packed.status == 0, "\(packed.message)")
    #expect(try scratch.bytes(of: "again.rnnpkg") == scratch.bytes(of: "int8.rnnpkg"))
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    #expect(try quantize("--threads", "1").status == 0)
    let first = try scratch.bytes(of: "int8.rnnpkg")
    #expect(try quantize("--check", data()).status == 0)
    #expect(try scratch.bytes(of: "int8.rnnpkg") == first)
  }

  @Test func halvesAreAnotherType() throws {
    let outcome = try quantize("--type", "f16")
    #expect(outcome.status == 0 && outcome.output.contains(" as f16, "), "\(outcome.message)")
    #expect(try RnnpkgFixtures.run(["verify", output]).status == 0)
    let again = try RnnpkgFixtures.run([
      "quantize", output, "--type", "f16", "-o", "\(scratch.path)/b.rnnpkg",
    ])
    #expect(again.status == 65 && again.message.contains("f16 already"), "\(again.message)")
    let smaller = try RnnpkgFixtures.run(["quantize", output, "-o", "\(scratch.path)/b.rnnpkg"])
    #expect(smaller.status == 0, "\(smaller.message)")
  }

  @Test func aCheckThatHoldsPrintsBothFigures() throws {
    let outcome = try quantize("--check", try data(), "--max-drop", "0.05")
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.lines.count == 2)
    #expect(
      outcome.lines[0].hasPrefix("accuracy ") && outcome.lines[0].contains(" → ")
        && outcome.lines[0].contains(" on dev.tsv, 60 texts; "), "\(outcome.output)")
    let labels = try quantize(
      "--check", try wrongData(), "--label-map", "positive=negative,negative=positive")
    #expect(labels.status == 0, "\(labels.message)")
  }

  @Test func aDropThatIsTooLargeEndsWithOneAndWritesNothing() throws {
    let files = "\(scratch.path)/files"
    #expect(try RnnpkgFixtures.run(["unpack", package, files]).status == 0)
    try overwriteReadout()
    _ = try scratch.file("files/checks.jsonl", "")
    try FileManager.default.removeItem(atPath: "\(files)/checks.jsonl")
    let packed = try RnnpkgFixtures.run(["pack", files, "-o", package])
    #expect(packed.status == 0, "\(packed.message)")
    let outcome = try quantize("--check", try data())
    #expect(outcome.status == 1, "\(outcome.output) \(outcome.message)")
    #expect(outcome.lines.count == 1 && outcome.lines[0].hasPrefix("accuracy "), "\(outcome.output)")
    #expect(
      outcome.message.contains("accuracy drops by ") && outcome.message.contains("more than --max-drop 0.005")
        && outcome.message.contains("was not written"), "\(outcome.message)")
    #expect(!scratch.names.contains { $0.hasPrefix("int8") })
    #expect(try quantize("--check", try data(), "--max-drop", "1").status == 0)
  }

  /// Adds the same large weight to both rows of the readout: it moves both logits alike, and floats cancel it, but its
  /// row's scale drowns what tells the labels apart.
  private func overwriteReadout() throws {
    var bytes = try scratch.bytes(of: "files/weights.safetensors")
    let headerCount = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONValue(parsing: Array(bytes[8..<8 + headerCount]))
    let entry = try #require(header["readout.weight"])
    let offsets = try #require(entry["data_offsets"]?.arrayValue).compactMap(\.integerValue).map { Int($0) }
    let start = 8 + headerCount + offsets[0]
    let row = (offsets[1] - offsets[0]) / 2
    for label in 0..<2 {
      let value = Float(2_000).bitPattern
      for byte in 0..<4 {
        bytes[start + label * row + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(byte)))
      }
    }
    _ = try scratch.file("files/weights.safetensors", bytes)
  }

  @Test func wrongUseIsTold() throws {
    for options in [
      ["--type", "int4"], ["--max-drop", "0.1"], ["--check", "dev.tsv", "--max-drop", "2"],
      ["--threads", "0"],
      ["--check", "dev.tsv", "--label-map", "x"], ["--check", "dev.tsv", "--format", "xml"],
    ] {
      let outcome = try RnnpkgFixtures.run(["quantize", package, "-o", output] + options)
      #expect(outcome.status == 64, "\(options): \(outcome.status) \(outcome.message)")
    }
    #expect(try RnnpkgFixtures.run(["quantize", package]).status == 64)
    let itself = try RnnpkgFixtures.run(["quantize", package, "-o", package])
    #expect(itself.status == 73, "\(itself.status) \(itself.message)")
    let missing = try RnnpkgFixtures.run(["quantize", "\(scratch.path)/none.rnnpkg", "-o", output])
    #expect(missing.status == 66 && missing.message.contains("none.rnnpkg"), "\(missing.message)")
    let nowhere = try RnnpkgFixtures.run(["quantize", package, "-o", "\(scratch.path)/none/x.rnnpkg"])
    #expect(nowhere.status == 73, "\(nowhere.message)")
    let empty = try quantize("--check", try scratch.file("empty.tsv", "label\ttext\n"))
    #expect(empty.status == 65, "\(empty.message)")
    #expect(!scratch.names.contains { $0.hasPrefix("int8") })
  }

  /// What an engine without integers, or of another version of them, says of such a package.
  @Test func anotherQuantisationNeedsAnotherEngine() throws {
    #expect(try quantize().status == 0)
    #expect(try RnnpkgFixtures.run(["unpack", output, "\(scratch.path)/files"]).status == 0)
    let manifest = String(decoding: try scratch.bytes(of: "files/manifest.json"), as: UTF8.self)
    #expect(manifest.contains(#""min":"1.1""#), "\(manifest)")
    // Packing checks the manifest too, so the change is refused there.
    _ = try scratch.file(
      "files/manifest.json", manifest.replacingOccurrences(of: "dynamic row", with: "static tensor"))
    let packed = try RnnpkgFixtures.run(["pack", "\(scratch.path)/files", "-o", "\(scratch.path)/b.rnnpkg"])
    #expect(packed.status == 78, "\(packed.status) \(packed.message)")
    #expect(packed.message.contains(#"model.quantization.activations: made by a newer version"#))
  }
}
