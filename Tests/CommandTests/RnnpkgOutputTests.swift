import Foundation
import Testing

/// Where long runs and `pack` write: what could fail at the end is told before the start.
@Suite struct RnnpkgOutputTests {
  private let scratch: ScratchDirectory

  init() throws {
    scratch = try ScratchDirectory()
    _ = try scratch.file("train.tsv", RnnpkgFixtures.table)
  }

  private func train(_ options: String...) throws -> CommandRunner.Outcome {
    let outcome = try RnnpkgFixtures.run(
      ["train", "train.tsv"] + RnnpkgFixtures.tiny + options, in: scratch.path)
    #expect(!outcome.message.contains("epoch 1"), "\(outcome.message)")
    return outcome
  }

  @Test func aCheckpointThatCannotBeMadeIsToldBeforeTraining() throws {
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/a.rnnpkg.checkpoint", withIntermediateDirectories: false)
    let outcome = try train("-o", "a.rnnpkg")
    #expect(outcome.status == 73)
    #expect(
      outcome.message
        == "rnnpkg: a.rnnpkg.checkpoint: a directory, which no file can replace; choose another name\n")
    // Room for the name, none for the checkpoint's.
    #expect(try train("-o", String(repeating: "n", count: 250)).status == 73)
  }

  @Test func aDeviceKeepsNoPackage() throws {
    let outcome = try train("-o", "/dev/null")
    #expect(
      outcome.status == 73
        && outcome.message == "rnnpkg: /dev/null: a device, which no file can replace; choose another name\n")
  }

  @Test(arguments: ["a.rnnpkg", "./a.rnnpkg", "a.rnnpkg.checkpoint", "../SELF/a.rnnpkg"])
  func theLogIsNoOtherOutput(_ log: String) throws {
    let own = (scratch.path as NSString).lastPathComponent
    let path = log.replacingOccurrences(of: "SELF", with: own)
    let outcome = try train("-o", "a.rnnpkg", "--log", path)
    #expect(outcome.status == 73, "\(outcome.message)")
    #expect(outcome.message.contains("also the place of a.rnnpkg"), "\(outcome.message)")
  }

  @Test func packingNeverReplacesWhatItPacks() throws {
    #expect(try RnnpkgFixtures.run(["unpack", SmallPackage.path(), "files"], in: scratch.path).status == 0)
    let before = try scratch.bytes(of: "files/weights.safetensors")
    for name in ["weights.safetensors", "manifest.json"] {
      let outcome = try RnnpkgFixtures.run(["pack", "files", "-o", "files/\(name)"], in: scratch.path)
      #expect(outcome.status == 73, "\(outcome.message)")
    }
    #expect(try scratch.bytes(of: "files/weights.safetensors") == before)
    #expect(try RnnpkgFixtures.run(["pack", "files", "-o", "again.rnnpkg"], in: scratch.path).status == 0)
  }
}
