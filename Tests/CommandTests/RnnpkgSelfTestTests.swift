import Foundation
import StrictJSON
import TestSupport
import Testing

/// `rnnpkg selftest`.
@Suite struct RnnpkgSelfTestTests {
  @Test func everyPromiseHoldsHere() throws {
    let package = try SmallPackage.path()
    let outcome = try RnnpkgFixtures.run(["selftest", package])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.message)")
    // One of each cell, and one of each readout beside the one that these have.
    for cell in ["gru", "lstm", "rnn", "gru, attention", "gru, last"] {
      for promise in ["batch invariance", "thread invariance", "training gives the same weights"] {
        #expect(
          outcome.lines.contains { $0.hasPrefix("ok      \(cell): \(promise): ") }, "\(cell), \(promise)")
      }
    }
    #expect(outcome.lines.contains { $0.hasPrefix("ok      small@1.0.0: golden cases: ") })
    #expect(outcome.lines.last?.hasSuffix(" promises hold") == true)
  }

  @Test func theKernelsThatTheEnvironmentNamesAreUsed() throws {
    let outcome = try RnnpkgFixtures.run(["selftest"], environment: ["RECURRENT_KERNELS": "generic"])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.message)")
    #expect(outcome.lines.first?.hasPrefix("kernels: generic (") == true, "\(outcome.output)")
  }

  @Test func determinismLeavesOutThatInstructionSetsAgree() throws {
    let outcome = try RnnpkgFixtures.run(["selftest", "--determinism"])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.message)")
    #expect(outcome.lines.last?.hasSuffix(" promises hold") == true, "\(outcome.output)")
    #expect(!outcome.output.contains(" agrees with "), "\(outcome.output)")
  }

  /// Nothing shows that such a package answers as it did; `verify` says so too.
  @Test func aPackageWithoutGoldenCasesFails() throws {
    let scratch = TemporaryDirectory()
    #expect(try RnnpkgFixtures.run(["unpack", SmallPackage.path(), "files"], in: scratch.path).status == 0)
    try FileManager.default.removeItem(atPath: "\(scratch.path)/files/checks.jsonl")
    #expect(try RnnpkgFixtures.run(["pack", "files", "-o", "mute.rnnpkg"], in: scratch.path).status == 0)
    let outcome = try RnnpkgFixtures.run(["selftest", "--quiet", "mute.rnnpkg"], in: scratch.path)
    #expect(outcome.status == 1)
    #expect(
      outcome.output
        == "FAILED  small@1.0.0: golden cases: it has none, so nothing shows that it answers as it did\n",
      "\(outcome.output)")
    #expect(outcome.message.hasPrefix("rnnpkg: 1 of "), "\(outcome.message)")
    #expect(try RnnpkgFixtures.run(["verify", "mute.rnnpkg"], in: scratch.path).status == 1)
  }

  /// A package whose golden cases say something else than its weights.
  @Test func aBrokenPromiseIsTold() throws {
    let scratch = TemporaryDirectory()
    #expect(try RnnpkgFixtures.run(["unpack", SmallPackage.path(), "files"], in: scratch.path).status == 0)
    let path = "\(scratch.path)/files/checks.jsonl"
    var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    let first = try JSONValue(parsing: Array(lines[0].utf8))
    var object = try #require(first.objectValue)
    object["logits"] = [9, -9]
    lines[0] = String(decoding: JSONValue.object(object).canonicalBytes(), as: UTF8.self)
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    #expect(try RnnpkgFixtures.run(["pack", "files", "-o", "lying.rnnpkg"], in: scratch.path).status == 0)
    let outcome = try RnnpkgFixtures.run(["selftest", "--quiet", "lying.rnnpkg"], in: scratch.path)
    #expect(outcome.status == 1)
    #expect(
      outcome.lines.count == 1 && outcome.output.hasPrefix("FAILED  small@1.0.0: golden cases: "),
      "\(outcome.output)")
    #expect(outcome.message.hasSuffix(" promises do not hold on this machine\n"), "\(outcome.message)")
  }
}
