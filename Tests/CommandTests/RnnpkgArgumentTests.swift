import Foundation
import TestSupport
import Testing

/// Names of files as the command line of `rnnpkg` gives them, and as its lines show them.
@Suite struct RnnpkgArgumentTests {
  private let scratch = TemporaryDirectory()

  init() throws {
    _ = try SmallPackage.copied(to: scratch)
  }

  /// Repaired, such a name would be that of another file.
  @Test(arguments: [
    ["keygen", "-o"], ["unpack", "small.rnnpkg"], ["export", "small.rnnpkg", "--to", "onnx", "-o"],
    ["verify"], ["train"],
  ])
  func aNameThatIsNotUTF8IsAUsageError(_ words: [String]) throws {
    var runner = RnnpkgFixtures.rnnpkg
    runner.directory = scratch.path
    let outcome = try runner.run(arguments: bytes(words) + [Array("bad".utf8) + [0xff]])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    let position = words.count + 1
    #expect(
      outcome.message.hasPrefix(
        "Error: argument \(position), \"bad\\xff\", is not UTF-8; names and values must be\n"),
      "\(outcome.message)")
    #expect(scratch.names == ["small.rnnpkg"])
  }

  /// With what each command needs besides.
  @Test(arguments: [
    ["train", "t.tsv"], ["pretrain", "t.tsv"], ["vectors", "t.tsv"], ["pack", "files"],
    ["quantize", "small.rnnpkg"], ["partner", "small.rnnpkg", "--data", "t.tsv", "--valid", "t.tsv"],
    ["average", "small.rnnpkg", "small.rnnpkg"], ["export", "small.rnnpkg", "--to", "onnx"],
    ["import", "a.toml"], ["sign", "small.rnnpkg", "--key", "k"], ["keygen"],
  ])
  func anEmptyOutputIsAUsageError(_ command: [String]) throws {
    let outcome = try RnnpkgFixtures.run(command + ["-o", ""], in: scratch.path)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.message.hasPrefix("Error: --output is empty; name a file\n"), "\(outcome.message)")
    #expect(scratch.names == ["small.rnnpkg"])
  }

  @Test(arguments: [
    ["export", "small.rnnpkg", "-o", "a.onnx", "--vocabulary"],
    ["train", "t.tsv", "-o", "a.rnnpkg", "--log"],
  ])
  func anotherEmptyOutputIsNamed(_ command: [String]) throws {
    let outcome = try RnnpkgFixtures.run(command + [""], in: scratch.path)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    let option = command[command.count - 1]
    #expect(
      outcome.message.hasPrefix("Error: \(option) is empty; name a file\n"), "\(outcome.message)")
    #expect(scratch.names == ["small.rnnpkg"])
  }

  /// Who reads standard input second finds it empty.
  @Test(arguments: [
    ["train", "-", "--valid", "-", "-o", "a.rnnpkg"], ["train", "-", "-", "-o", "a.rnnpkg"],
    ["partner", "small.rnnpkg", "--data", "-", "--valid", "-", "-o", "a.rnnpkg"],
  ])
  func standardInputIsReadOnce(_ command: [String]) throws {
    let outcome = try RnnpkgFixtures.run(command, in: scratch.path)
    #expect(outcome.status == 64 && outcome.message.contains("named twice"), "\(outcome.message)")
    #expect(scratch.names == ["small.rnnpkg"])
  }

  /// Teachers read the texts, and training reads them again.
  @Test func aPipeOfTextsForTeachersAndTrainingIsRefused() throws {
    try #require(mkfifo("\(scratch.path)/texts", 0o600) == 0)
    let outcome = try RnnpkgFixtures.run(
      [
        "train", "t.tsv", "--teacher", "small.rnnpkg", "--entropy", "0.1", "--unlabelled", "texts", "-o",
        "a.rnnpkg",
      ], in: scratch.path)
    #expect(outcome.status == 74 && outcome.message.contains("texts: "), "\(outcome.message)")
    #expect(scratch.names == ["small.rnnpkg", "texts"])
  }

  @Test(arguments: ["cell-options = \"reset=before\"", "cell-options = 3", "cell-options = { hidden = 99 }"])
  func cellOptionsThatWouldCountForNothingAreRefused(_ line: String) throws {
    _ = try scratch.file("a.toml", "[data]\ntrain = [\"t.tsv\"]\n[model]\ncell = \"gru\"\n\(line)\n")
    let outcome = try RnnpkgFixtures.run(["train", "--config", "a.toml", "-o", "a.rnnpkg"], in: scratch.path)
    #expect(outcome.status == 64 && outcome.message.contains("model.cell-options is "), "\(outcome.message)")
  }

  /// In `classify` it is standard output; a file of that name is nothing that anybody wants.
  @Test func aDashIsNoOutput() throws {
    let outcome = try RnnpkgFixtures.run(["quantize", "small.rnnpkg", "-o", "-"], in: scratch.path)
    #expect(outcome.status == 64 && outcome.message.contains("/dev/stdout is standard output"))
    #expect(scratch.names == ["small.rnnpkg"])
  }

  @Test func anEmptyDirectoryIsAUsageError() throws {
    let outcome = try RnnpkgFixtures.run(["unpack", "small.rnnpkg", ""], in: scratch.path)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(
      outcome.message.hasPrefix("Error: <directory> is empty; name a directory\n"), "\(outcome.message)")
    #expect(scratch.names == ["small.rnnpkg"])
  }

  /// What is said of a file on standard output is as safe for a terminal as messages are.
  @Test func aNameThatCommandsTheTerminalIsPrintedAsEscapes() throws {
    let (key, shownKey) = ("a\u{1b}[2J", #"a\u{1b}[2J"#)
    let (package, shownPackage) = ("\(key).rnnpkg", "\(shownKey).rnnpkg")
    let (network, shownNetwork) = ("\(key).onnx", "\(shownKey).onnx")
    #expect(try RnnpkgFixtures.run(["unpack", "small.rnnpkg", "files"], in: scratch.path).status == 0)
    for (arguments, beginning) in [
      (["keygen", "-o", key], "\(shownKey), \(shownKey).pub: ed25519:"),
      (["sign", "small.rnnpkg", "--key", key, "-o", package], "\(shownPackage): signed by "),
      (["verify", package], "\(shownPackage): ok, "),
      (["pack", "files", "-o", package], "\(shownPackage): small@1.0.0, id "),
      (["quantize", "small.rnnpkg", "-o", package], "\(shownPackage): small@1.0.0 as int8, "),
      (["export", "small.rnnpkg", "-o", network], "\(shownNetwork): small@1.0.0 as onnx, "),
      (["average", "small.rnnpkg", "small.rnnpkg", "-o", package], "\(shownPackage): small@1.0.0, "),
    ] as [([String], String)] {
      let outcome = try RnnpkgFixtures.run(arguments, in: scratch.path)
      #expect(outcome.status == 0, "\(outcome.message)")
      #expect(outcome.output.hasPrefix(beginning), "\(outcome.output)")
      #expect(!outcome.output.contains("\u{1b}"))
    }
  }
}
