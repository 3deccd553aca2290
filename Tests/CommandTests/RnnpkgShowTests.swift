import Foundation
import StrictJSON
import TestSupport
import Testing

/// `rnnpkg show` of a package whose text would steer a terminal.
@Suite struct RnnpkgShowTests {
  private let scratch = TemporaryDirectory()
  private let package: String
  private static let summary = "a\u{9b}31mb\u{202e}c\u{e0001}d\u{7f}\u{e9}"

  init() throws {
    package = "\(scratch.path)/odd.rnnpkg"
    let files = "\(scratch.path)/files"
    #expect(try RnnpkgFixtures.run(["unpack", SmallPackage.path(), files]).status == 0)
    var manifest = try #require(
      JSONValue(parsing: scratch.bytes(of: "files/manifest.json")).objectValue)
    manifest["summary"] = .string(Self.summary)
    // Of a cell that this program has, such a tensor would not be packed.
    manifest.set("model.encoder.cell.id", to: "other")
    _ = try scratch.file("files/manifest.json", JSONValue.object(manifest).compactBytes())
    try replace("\nfilm\n", by: "\nfi\u{9b}lm\n", in: "files/vocabulary.txt")
    // As many bytes, so that the header's length stays.
    try replace("\"readout.bias\"", by: "\"read\u{202e}.bias\"", in: "files/weights.safetensors")
    let packed = try RnnpkgFixtures.run(["pack", files, "-o", package])
    #expect(packed.status == 0, "\(packed.message)")
  }

  private func replace(_ old: String, by new: String, in name: String) throws {
    var bytes = Data(try scratch.bytes(of: name))
    let range = try #require(bytes.range(of: Data(old.utf8)))
    bytes.replaceSubrange(range, with: Data(new.utf8))
    _ = try scratch.file(name, Array(bytes))
  }

  /// What a terminal gets of a run.
  private func shown(_ arguments: String...) throws -> String {
    var terminal: Int32 = -1
    var place: Int32 = -1
    try #require(openpty(&terminal, &place, nil, nil, nil) == 0)
    defer { close(terminal) }
    for end in [terminal, place] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let process = try RnnpkgFixtures.rnnpkg.start(
      arguments: arguments.map { Array($0.utf8) }, outputDescriptor: place)
    close(place)
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(terminal, &block, block.count)
      // An error too: nobody has the terminal any more.
      guard count > 0 else { break }
      bytes += block[..<count]
    }
    let outcome = try process.finish()
    #expect(outcome.status == 0 && outcome.message.isEmpty, "\(outcome.message)")
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func jsonKeepsItsValueAndSteersNothing() throws {
    let outcome = try RnnpkgFixtures.run(["show", package, "--json"])
    #expect(outcome.status == 0, "\(outcome.message)")
    let manifest = try #require(JSONValue(parsing: outcome.standardOutput).objectValue)
    #expect(manifest["summary"] == .string(Self.summary))
    let line = #""summary": "a\u009b31mb\u202ec\udb40\udc01d\u007fé""#
    #expect(outcome.output.contains(line), "\(outcome.output)")
  }

  @Test func tensorNamesAreShownEscaped() throws {
    let outcome = try RnnpkgFixtures.run(["show", package, "--tensors"])
    #expect(outcome.lines.contains("read\\u{202e}.bias\tf32\t[2]"), "\(outcome.output)")
  }

  /// A zero would be a figure that nobody measured.
  @Test func whatAManifestLeavesOutIsNotShownAsZero() throws {
    let scratch = TemporaryDirectory()
    let package = try ChangedManifest.package(in: scratch) { manifest in
      var model = manifest["model"]?.objectValue ?? JSONObject()
      model["parameters"] = nil
      manifest["model"] = .object(model)
      manifest["evaluation"] = [
        ["data": ["name": "a"], "metrics": ["macroF1": 0.5]],
        ["data": ["name": "b"], "metrics": ["accuracy": 0.5]],
        ["data": ["name": "c", "rows": 1_234], "metrics": ["macroF1": 0.5]],
        ["data": ["name": "d", "rows": 8], "metrics": ["accuracy": 0.75]],
      ]
    }
    let outcome = try RnnpkgFixtures.run(["show", package])
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.lines.contains("parameters  as f32"), "\(outcome.output)")
    #expect(
      outcome.lines.filter { $0.hasPrefix("evaluated") } == [
        "evaluated   a", "evaluated   b: accuracy 0.5000", "evaluated   c: 1,234 texts",
        "evaluated   d: accuracy 0.7500 on 8 texts",
      ], "\(outcome.output)")
  }

  @Test(arguments: [
    ["--json", "--tensors"], ["--json", "--card"], ["--json", "--vocabulary"], ["--card", "--tensors"],
    ["--card", "--vocabulary"], ["--json", "--tensors", "--vocabulary"],
  ])
  func whatCannotBeShownTogetherIsAUsageError(_ options: [String]) throws {
    let outcome = try RnnpkgFixtures.run(["show", package] + Array(options.reversed()))
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    let named = options.joined(separator: " and ")
    #expect(
      outcome.message.hasPrefix("Error: \(named) exclude each other; run show once for each\n"),
      "\(outcome.message)")
  }

  @Test func tensorsAndVocabularyMayBeShownTogether() throws {
    let outcome = try RnnpkgFixtures.run(["show", package, "--vocabulary", "--tensors"])
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.lines.contains { $0.contains("\tf32\t") } && outcome.lines.contains("<unk>"))
  }

  @Test func theVocabularyIsEscapedForTerminalsOnly() throws {
    let piped = try RnnpkgFixtures.run(["show", package, "--vocabulary"])
    #expect(try piped.standardOutput == scratch.bytes(of: "files/vocabulary.txt"))
    let text = try shown("show", package, "--vocabulary")
    #expect(text.contains(#"fi\u{9b}lm"#) && !text.unicodeScalars.contains("\u{9b}"), "\(text)")
    #expect(text.unicodeScalars.count { $0 == "\n" } == piped.lines.count)
  }
}
