import Foundation
import TestSupport
import Testing

/// Values that a manifest or a configuration cannot hold are refused before the work.
@Suite struct RnnpkgValueTests {
  private let scratch = TemporaryDirectory()

  init() throws {
    _ = try scratch.file("t.tsv", RnnpkgFixtures.table)
  }

  @Test(arguments: ["train", "pretrain", "vectors"], ["9223372036854775808", "18446744073709551615"])
  func aSeedBeyondTheLargestIsAUsageError(_ command: String, _ seed: String) throws {
    let outcome = try RnnpkgFixtures.run(
      [command, "t.tsv", "-o", "out", "--seed", seed], in: scratch.path)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(
      outcome.message.contains("--seed is \(seed); it must be from 0 to 9223372036854775807"),
      "\(outcome.message)")
    #expect(scratch.names == ["t.tsv"])
  }

  @Test(arguments: ["train", "pretrain"])
  func theLargestSeedIsTaken(_ command: String) throws {
    let outcome = try RnnpkgFixtures.run([command, "--print-config", "--seed", "9223372036854775807"])
    #expect(outcome.status == 0 && outcome.output.contains("seed = 9223372036854775807\n"))
  }

  @Test(arguments: [
    "", "today", "-1", "+1", "1.5", " 1", "253402300800", "67767976233532799", "9223372036854775808",
  ])
  func aSourceDateThatIsNoneIsAUsageError(_ value: String) throws {
    let outcome = try RnnpkgFixtures.run(
      ["train", "t.tsv", "-o", "out.rnnpkg"] + RnnpkgFixtures.tiny, in: scratch.path,
      environment: ["SOURCE_DATE_EPOCH": value])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(
      outcome.message
        == "rnnpkg: SOURCE_DATE_EPOCH is \"\(value)\"; it must be a number of seconds from 0 to 253402300799\n"
    )
    #expect(scratch.names == ["t.tsv"])
  }

  /// Help, and commands that write no date, do not need one.
  @Test(arguments: [["--help"], ["train", "--help"], ["cells"], ["train", "t.tsv", "--print-config"]])
  func aSourceDateThatIsNoneStopsOnlyWhatWritesADate(_ arguments: [String]) throws {
    let outcome = try RnnpkgFixtures.run(
      arguments, in: scratch.path, environment: ["SOURCE_DATE_EPOCH": "today"])
    #expect(outcome.status == 0 && !outcome.output.isEmpty, "\(outcome.message)")
  }

  @Test func helpNamesTheVariablesThatAreObeyed() throws {
    let help = try RnnpkgFixtures.run(["--help"])
    #expect(help.output.contains("SOURCE_DATE_EPOCH") && help.output.contains("RECURRENT_KERNELS"))
  }

  @Test(arguments: [
    ("0", "1970-01-01T00:00:00Z"), ("1700000000", "2023-11-14T22:13:20Z"),
    ("253402300799", "9999-12-31T23:59:59Z"),
  ])
  func aSourceDateStandsInTheManifest(_ seconds: String, _ date: String) throws {
    let outcome = try RnnpkgFixtures.run(
      ["train", "t.tsv", "-o", "out.rnnpkg"] + RnnpkgFixtures.tiny, in: scratch.path,
      environment: ["SOURCE_DATE_EPOCH": seconds])
    #expect(outcome.status == 0, "\(outcome.message)")
    let shown = try RnnpkgFixtures.run(["show", "out.rnnpkg", "--json"], in: scratch.path)
    #expect(shown.output.contains("\"created\": \"\(date)\""), "\(shown.output)")
  }
}
