import Foundation
import TestSupport
import Testing

/// `rnnpkg average`, and the other commands on what it writes.
@Suite struct RnnpkgAverageTests {
  private let scratch = TemporaryDirectory()
  private let start: String
  private let tuned: String
  private let output: String

  init() throws {
    start = "\(scratch.path)/start.rnnpkg"
    tuned = "\(scratch.path)/tuned.rnnpkg"
    output = "\(scratch.path)/mean.rnnpkg"
    let (first, second) = try Self.trained.get()
    try FileManager.default.copyItem(atPath: first, toPath: start)
    try FileManager.default.copyItem(atPath: second, toPath: tuned)
  }

  /// A package and what an epoch more made of it, once for all tests of a run.
  private static let trained: Result<(String, String), any Error> = Result {
    let start = try RnnpkgFixtures.known(as: "start", "--epochs", "8")
    return (start, try RnnpkgFixtures.known(as: "tuned", "--epochs", "1", "--init-from", start))
  }

  private func average(_ arguments: String...) throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(["average"] + arguments + ["-o", output])
  }

  @Test func theMeanIsCalibratedAndEveryCommandTakesIt() throws {
    let dev = try scratch.file("dev.tsv", RnnpkgFixtures.table)
    let outcome = try average(tuned, start, "--shares", "0.7,0.3", "--valid", dev)
    #expect(outcome.status == 0 && outcome.message.isEmpty, "\(outcome.message)")
    #expect(outcome.lines.count == 4, "\(outcome.output)")
    for (line, beginning) in zip(outcome.lines, [tuned, start, "the mean"]) {
      #expect(line.hasPrefix("\(beginning): dev accuracy 1.0000, log loss "), "\(line)")
    }
    #expect(outcome.lines[3].hasPrefix("\(output): tuned@1.0.0, "), "\(outcome.lines[3])")
    let verified = try RnnpkgFixtures.run(["verify", output])
    #expect(
      verified.status == 0 && verified.output.contains("6 golden cases replayed"), "\(verified.message)")
    let shown = try RnnpkgFixtures.run(["show", output])
    #expect(shown.lines.contains { $0.hasPrefix("calibration temperature ") }, "\(shown.output)")
    #expect(
      shown.lines.contains("evaluated   dev (dev.tsv): accuracy 1.0000 on 60 texts"), "\(shown.output)")
    #expect(try RnnpkgFixtures.run(["show", output, "--card"]).output.contains("## Mean weights"))
    let small = try RnnpkgFixtures.run(["quantize", output, "-o", "\(scratch.path)/int8.rnnpkg"])
    #expect(small.status == 0, "\(small.message)")

    let bytes = try scratch.bytes(of: "mean.rnnpkg")
    #expect(
      try average(tuned, start, "--shares", "7,3", "--valid", dev, "--threads", "1").status == 0)
    #expect(try scratch.bytes(of: "mean.rnnpkg") == bytes)

    let tested = try RnnpkgFixtures.run(
      ["test", output, dev, "--fail-under", "accuracy=1", "--record", "again"])
    #expect(tested.status == 0, "\(tested.output)")
    let digests = try RnnpkgFixtures.evaluatedDigests(of: output)
    #expect(digests.count == 2 && digests[0] != nil && digests[0] == digests[1], "\(digests)")
  }

  @Test func aPartnerThatIsLeftOutIsTold() throws {
    let data = try scratch.file("reviews.tsv", RnnpkgFixtures.table)
    let both = "\(scratch.path)/both.rnnpkg"
    let made = try RnnpkgFixtures.run(["partner", start, "--data", data, "--valid", data, "-o", both])
    #expect(made.status == 0, "\(made.message)")
    let plain = try average(tuned, both)
    #expect(plain.status == 0, "\(plain.message)")
    #expect(
      plain.message
        == "rnnpkg: \(output): the partner of \(both) was left out, and the temperature that was fitted with it; calibrate "
        + "with --valid, or put one beside it with rnnpkg partner\n")
    let calibrated = try average(tuned, both, "--valid", data)
    #expect(
      calibrated.message
        == "rnnpkg: \(output): the partner of \(both) was left out; put one beside it with rnnpkg partner\n")
  }

  /// Each names what is wrong, has its exit code and leaves the file at the output as it was.
  @Test func whatCannotBeAveragedIsNamedAndNothingIsWritten() throws {
    let before = try scratch.file("mean.rnnpkg", "an older file")
    let wider = "\(scratch.path)/wider.rnnpkg"
    let data = try scratch.file("reviews.tsv", RnnpkgFixtures.table)
    _ = try RnnpkgFixtures.trained(scratch, on: data, as: "wider.rnnpkg")
    let ratings = try scratch.file("ratings.tsv", "label\ttext\nfive\tA warm film.\n")
    let missing = "\(scratch.path)/none.rnnpkg"
    let broken = try brokenPackage()
    for (arguments, status, said) in [
      ([tuned], 64, "two packages or more"),
      ([tuned, start, "--shares", "1"], 64, "--shares has 1 numbers for 2 packages"),
      ([tuned, start, "--shares", "1,"], 64, "--shares wants numbers from 0.000001 to 1000000"),
      ([tuned, start, "--shares", "1e300,1"], 64, "--shares wants numbers"),
      ([tuned, wider], 65, "wider.rnnpkg: package 2 has another embedding than the first"),
      ([tuned, broken], 78, "broken.rnnpkg: the package needs the cell \"other\""),
      ([tuned, start, "--label-map", "five=positive"], 64, "--label-map goes with --valid"),
      ([tuned, start, "--format", "csv"], 64, "--format goes with --valid"),
      ([tuned, start, "--valid", ratings], 65, "five"),
      ([tuned, missing], 66, "none.rnnpkg"),
      ([tuned, before], 76, "mean.rnnpkg"),
    ] as [([String], Int32, String)] {
      let path = arguments.contains(before) ? "\(scratch.path)/other.rnnpkg" : output
      let outcome = try RnnpkgFixtures.run(["average"] + arguments + ["-o", path])
      #expect(outcome.status == status && outcome.message.contains(said), "\(arguments): \(outcome)")
      #expect(outcome.output.isEmpty)
      #expect(try scratch.bytes(of: "mean.rnnpkg") == Array("an older file".utf8))
    }
    #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/other.rnnpkg"))
  }

  /// A package of a cell that nobody has, which shows when it is loaded.
  private func brokenPackage() throws -> String {
    let broken = "\(scratch.path)/broken.rnnpkg"
    let files = "\(scratch.path)/files"
    #expect(try RnnpkgFixtures.run(["unpack", start, files]).status == 0)
    try FileManager.default.removeItem(atPath: "\(files)/checks.jsonl")
    let manifest = String(decoding: try scratch.bytes(of: "files/manifest.json"), as: UTF8.self)
    _ = try scratch.file(
      "files/manifest.json", manifest.replacingOccurrences(of: "\"id\":\"lstm\"", with: "\"id\":\"other\""))
    let packed = try RnnpkgFixtures.run(["pack", files, "-o", broken])
    #expect(packed.status == 0, "\(packed.message)")
    return broken
  }

  @Test func noPackageIsWrittenOver() throws {
    let bytes = try scratch.bytes(of: "start.rnnpkg")
    let outcome = try RnnpkgFixtures.run(["average", tuned, start, "-o", start])
    #expect(outcome.status == 73 && outcome.message.contains("the output is also read"), "\(outcome)")
    #expect(try scratch.bytes(of: "start.rnnpkg") == bytes)
    let nowhere = try RnnpkgFixtures.run(["average", tuned, start, "-o", "\(scratch.path)/none/mean.rnnpkg"])
    #expect(nowhere.status == 73, "\(nowhere)")
  }
}
