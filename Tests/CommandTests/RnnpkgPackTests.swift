import Foundation
import StrictJSON
import TestSupport
import Testing

/// `rnnpkg pack` makes no package that no reader would take.
@Suite struct RnnpkgPackTests {
  private let scratch = TemporaryDirectory()

  init() throws {
    try unpack(SmallPackage.path())
  }

  private func unpack(_ package: String) throws {
    let outcome = try RnnpkgFixtures.run(["unpack", package, "files"], in: scratch.path)
    #expect(outcome.status == 0, "\(outcome.message)")
  }

  private func pack() throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(["pack", "files", "-o", "made.rnnpkg"], in: scratch.path)
  }

  private func changeManifest(_ path: String, to value: JSONValue) throws {
    var manifest = try #require(JSONValue(parsing: scratch.bytes(of: "files/manifest.json")).objectValue)
    manifest.set(path, to: value)
    _ = try scratch.file("files/manifest.json", JSONValue.object(manifest).compactBytes())
  }

  /// Nothing is written, and the exit code is the one that `verify` would give.
  private func expectRefusal(_ part: String, location: SourceLocation = #_sourceLocation) throws {
    let outcome = try pack()
    #expect(outcome.status == 76 && outcome.output.isEmpty, sourceLocation: location)
    #expect(
      outcome.message.hasPrefix("rnnpkg: files: \(part)"), "\(outcome.message)", sourceLocation: location)
    #expect(!scratch.names.contains("made.rnnpkg"), sourceLocation: location)
  }

  @Test func aVocabularyThatNoReaderTakesIsNotPacked() throws {
    let vocabulary = try scratch.bytes(of: "files/vocabulary.txt")
    var lines = vocabulary.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    try #require(lines.count > 7)
    lines[5] = lines[4]
    _ = try scratch.file("files/vocabulary.txt", Array(lines.joined(separator: [UInt8(ascii: "\n")])))
    try expectRefusal("vocabulary.txt: line 6 repeats the token of line 5\n")
    lines[5] = [0x61, 0xff]
    _ = try scratch.file("files/vocabulary.txt", Array(lines.joined(separator: [UInt8(ascii: "\n")])))
    try expectRefusal("vocabulary.txt: line 6 is not valid UTF-8\n")
    _ = try scratch.file("files/vocabulary.txt", vocabulary)
    #expect(try pack().status == 0)
  }

  @Test func weightsThatContradictTheManifestAreNotPacked() throws {
    try changeManifest("model.embedding.dim", to: 9)
    try expectRefusal("weights.safetensors: tensor ")
  }

  /// Engines that the package claims to suit would leave the partner out.
  @Test func anEngineThatIsTooOldForThePartnerIsNotPacked() throws {
    let table = try scratch.file("train.tsv", RnnpkgFixtures.table)
    _ = try RnnpkgFixtures.trained(scratch, on: table, as: "partner.rnnpkg", "--partner")
    try FileManager.default.removeItem(atPath: "\(scratch.path)/files")
    try unpack("partner.rnnpkg")
    try changeManifest("engine.min", to: "1.0")
    try expectRefusal("engine.min is \"1.0\", but what the package describes needs engine ")
  }

  /// Another engine may have the cell: this one cannot tell whether the package is sound.
  @Test func aPackageForAnotherEngineIsPackedWithARemark() throws {
    try changeManifest("model.encoder.cell.id", to: "other")
    let outcome = try pack()
    #expect(outcome.status == 0 && outcome.output.hasPrefix("made.rnnpkg: small@1.0.0, id "))
    #expect(
      outcome.message.hasPrefix(
        "rnnpkg: files: packed without a check that it loads: the package needs the cell \"other\"; "),
      "\(outcome.message)")
    #expect(try RnnpkgFixtures.run(["verify", "made.rnnpkg"], in: scratch.path).status == 78)
  }
}
