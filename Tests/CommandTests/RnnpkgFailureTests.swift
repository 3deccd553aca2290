import Foundation
import TestSupport
import Testing

/// What `rnnpkg` says, and how it ends, where something is wrong.
@Suite struct RnnpkgFailureTests {
  private let scratch = TemporaryDirectory()

  private func train(_ arguments: String..., environment: [String: String?] = [:]) throws
    -> CommandRunner.Outcome
  {
    try RnnpkgFixtures.run(
      ["train"] + arguments + RnnpkgFixtures.tiny, in: scratch.path, environment: environment)
  }

  /// One line that starts with the program's name, nothing on standard output, no file made.
  private func expect(
    _ outcome: CommandRunner.Outcome, _ status: Int32, _ parts: String...,
    location: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == status, "\(outcome.message)", sourceLocation: location)
    #expect(outcome.output.isEmpty, sourceLocation: location)
    let said = outcome.message.split(separator: "\n").last.map(String.init) ?? ""
    #expect(said.hasPrefix("rnnpkg: "), "\(outcome.message)", sourceLocation: location)
    for part in parts { #expect(said.contains(part), "\(said)", sourceLocation: location) }
    #expect(!scratch.names.contains { $0.contains(".rnnpkg") }, "\(scratch.names)", sourceLocation: location)
  }

  // MARK: Configuration

  /// What a file says of a thing that an option turns off, or chooses another for, is no mistake.
  @Test(arguments: [
    ("[training]\nwarm-up = 0.1\nschedule = \"linear\"\n", ["--schedule", "one-cycle"], "warm-up = 0.0"),
    ("[training]\nbptt-window = 20\n", ["--windowed", "5"], "bptt-window = 0"),
    ("[training]\nramp = 0.3\n[training.entropy]\nweight = 1\n", ["--entropy", "0"], "ramp = 0.1"),
    (
      "[data]\nunlabelled = [\"u.txt\"]\n[training.virtual]\nweight = 1\n", ["--virtual-adversarial", "0"],
      "unlabelled = []"
    ),
    (
      "[data]\nunlabelled = [\"u.txt\"]\n[training.virtual]\nweight = 1\n",
      ["--virtual-adversarial", "0", "--teacher", "t.rnnpkg"], "unlabelled = [\"u.txt\"]"
    ),
  ])
  func optionsTakeAlongWhatDependsOnThem(_ text: String, _ options: [String], _ line: String) throws {
    let config = try scratch.file("c.toml", text)
    let outcome = try RnnpkgFixtures.run(["train", "--config", config, "--print-config"] + options)
    #expect(outcome.status == 0 && outcome.lines.contains(line), "\(outcome.message)\(outcome.lines)")
  }

  @Test(arguments: [
    ("[trainig]\nepochs = 3\n", "trainig"), ("[training]\nepoch = 3\n", "training: unknown key \"epoch\""),
    ("[training]\nepochs = \"many\"\n", "training.epochs: expected integer"),
    ("[training]\nepochs = 1.5\n", "training.epochs"),
    ("[training]\nepochs = 0\n", "training.epochs is 0; it must be from 1 to 100000"),
    (
      "[training]\nprecision = \"int8\"\n",
      "training.precision is int8; it must be f32 or bf16: int8 is for inference only"
    ), ("[training]\nprecision = \"half\"\n", "training.precision"),
    (
      "a = " + String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
      "c.toml: arrays and objects nest too deeply"
    ),
    ("[training\nepochs = 3\n", "line 1"), ("a = 1\na = 2\n", "line 2"),
    ("[training]\nclip = nan\n", "training.clip: expected number, found string"),
    ("[model]\ncell = \"mgu\"\n", "model.cell is \"mgu\"; it must be one of gru, lstm, rnn"),
    ("[model]\nreadout = \"mean\"\n", "one of attention, concat, last"),
    ("[model]\nrunning = \"chopped\"\n", "model.running-length is 0; it must be from 1 to 65536"),
    ("[model.cell-options]\nreset = \"never\"\n[training]\nepochs = 1\n", "model.cell-options"),
    ("[package]\nname = \"My Model\"\n", "package.name is \"My Model\""),
    ("[data]\nvalid = \"1.5\"\n", "data.valid is 1.5"),
    ("[training.virtual]\nweight = -1\n", "training.virtual.weight is -1.0; it must be 0 for none"),
    ("[data]\nunlabelled = [\"u.txt\"]\n", "data.unlabelled is u.txt; it must be left out unless"),
    ("[training]\nwarm-up = 0.05\n", "training.warm-up is 0.05; it must be 0 with the schedule one-cycle"),
    ("[training]\nramp = 0.5\n", "training.ramp is 0.5; it must be left out unless training.virtual.weight"),
    ("[partner]\norders = 2\n", "partner.orders is 2; it must be left out unless partner.enabled is true"),
  ])
  func aBadConfigurationIsAUsageError(_ text: String, _ part: String) throws {
    let data = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let config = try scratch.file("c.toml", text)
    let options = text.contains("cell-options") ? ["--cell", "gru"] : []
    let outcome = try RnnpkgFixtures.run(["train", data, "--config", config] + options, in: scratch.path)
    expect(outcome, 64, part)
  }

  /// The file of data is not there, so that whoever reads it first says so.
  @Test(arguments: [["none.tsv"], ["none.tsv", "--print-config"]])
  func aNameThatNoManifestTakesIsRefusedBeforeDataAreRead(_ arguments: [String]) throws {
    for (line, shown) in [
      ("name = \"My Model\"", "package.name is \"My Model\""),
      ("version = \"1 0\"", "package.version is \"1 0\""),
    ] {
      _ = try scratch.file("c.toml", "[package]\n\(line)\n")
      let outcome = try RnnpkgFixtures.run(
        ["train", "--config", "c.toml"] + arguments, in: scratch.path)
      expect(outcome, 64, "\(shown); it must be a word for file names: use up to ")
    }
  }

  @Test func aMissingConfigurationFileIsNotFound() throws {
    expect(try train("--config", "none.toml"), 66, "none.toml")
  }

  @Test(arguments: [
    ["--epochs", "many"], ["--cell-option", "reset"], ["--threads", "0"], ["--optimizer", "adagrad"],
    ["--dtype", "f8"], ["--precision", "f16"],
    ["--no-such-option"], ["--lr"], ["--checkpoint-every", "-1"],
  ])
  func badOptionsAreUsageErrors(_ options: [String]) throws {
    let data = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let outcome = try RnnpkgFixtures.run(["train", data] + options, in: scratch.path)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.message.contains(options[0]), "\(outcome.message)")
    #expect(scratch.names == ["t.tsv"])
  }

  @Test func trainingInInt8IsRefusedWithItsReason() throws {
    let data = try scratch.file("t.tsv", RnnpkgFixtures.table)
    expect(
      try train(data, "--precision", "int8"), 64, "training.precision is int8", "f32 or bf16", "inference")
  }

  @Test func trainingWithoutDataIsAUsageError() throws {
    #expect(try RnnpkgFixtures.run(["train"]).status == 64)
    let config = try scratch.file("c.toml", "[training]\nepochs = 3\n")
    #expect(try RnnpkgFixtures.run(["train", "--config", config], in: scratch.path).status == 64)
  }

  @Test func anUnknownKernelSetIsAUsageError() throws {
    let data = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let outcome = try train(data, environment: ["RECURRENT_KERNELS": "nonsense"])
    expect(outcome, 64, "RECURRENT_KERNELS", "nonsense", "generic")
  }

  // MARK: Data

  @Test func oneClassOnlyTrainsNothing() throws {
    expect(try train(try scratch.file("t.tsv", "label\ttext\na\tone\na\ttwo\n")), 65, "\"a\"", "two labels")
  }

  @Test func anEmptyFileHoldsNoRecord() throws {
    expect(try train(try scratch.file("t.tsv", "")), 65, "t.tsv")
    expect(try train(try scratch.file("h.tsv", "label\ttext\n")), 65, "h.tsv")
  }

  @Test func tooFewTextsForAShareSaySo() throws {
    expect(
      try train(try scratch.file("t.tsv", "label\ttext\na\tone\nb\ttwo\n")), 65, "0.1 of 2 texts", "--valid")
  }

  @Test func anUnknownLabelInTheDevDataIsNamedWithItsLine() throws {
    let data = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let dev = try scratch.file("dev.tsv", "label\ttext\npositive\tone\nneutral\ttwo\n")
    expect(try train(data, "--valid", dev), 65, "dev.tsv:3: ", "\"neutral\"", "\"negative\", \"positive\"")
  }

  @Test func aMissingColumnIsNamedWithThoseThatAreThere() throws {
    let data = try scratch.file("t.tsv", "stars\treview\n5\tgood\n1\tbad\n")
    expect(try train(data, "--text-field", "body"), 65, "t.tsv", "body", "review")
    expect(try train(data, "--text-field", "review"), 65, "t.tsv:", "label")
  }

  @Test func aRecordThatCannotBeReadIsNamedWithItsLine() throws {
    let lines = "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"a\",\"label\":\n"
    expect(try train(try scratch.file("t.jsonl", lines)), 65, "t.jsonl:2: ")
    var bytes = Array("label\ttext\na\tone\nb\t".utf8)
    bytes += [0xff, 0x0a]
    expect(try train(try scratch.file("t.tsv", bytes)), 65, "t.tsv:3: ")
  }

  @Test func aLabelThatNoPackageCanHoldIsRefusedBeforeTraining() throws {
    let lines = (0..<40).map { "{\"text\":\"word\",\"label\":\"\($0 % 2 == 0 ? "a" : "b\\u0007")\"}\n" }
      .joined()
    let outcome = try train(try scratch.file("t.jsonl", lines))
    expect(outcome, 65, "t.jsonl:2: the label \"b\\u{7}\" cannot stand in a package")
    #expect(!outcome.message.contains("epoch 1 "))
  }

  @Test func aMissingFileIsNotFound() throws {
    expect(try train("none.tsv"), 66, "none.tsv")
    let data = try scratch.file("t.tsv", RnnpkgFixtures.table)
    expect(try train(data, "--valid", "none.tsv"), 66, "none.tsv")
    expect(try train(data, "--vectors", "none.vec"), 66, "none.vec")
    #expect(try RnnpkgFixtures.run(["test", "none.rnnpkg", data]).status == 66)
  }

  @Test func aLossThatIsNoNumberKeepsTheCheckpoint() throws {
    let data = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let outcome = try train(
      data, "--cell", "rnn", "--cell-option", "activation=relu", "--optimizer", "sgd", "--lr", "100",
      "--clip", "0",
      "--schedule", "constant", "--checkpoint-every", "0", "-o", "out")
    expect(outcome, 74, "not finite", "--lr", "--restart")
    #expect(scratch.names.contains("out.checkpoint"))
  }

  @Test func aNameThatCommandsTheTerminalIsShownAsEscapes() throws {
    let outcome = try train(try scratch.file("a\u{1b}[2J\nb.tsv", "label\ttext\n"))
    expect(outcome, 65, #"a\u{1b}[2J\nb.tsv: there is no record in it"#)
    #expect(!outcome.message.contains("\u{1b}"), "\(outcome.message)")
    // What the argument parser says.
    let stray = try RnnpkgFixtures.run(["cells", "a\u{1b}[2J.tsv"])
    #expect(stray.status == 64 && stray.message.contains(#"a\u{1b}[2J.tsv"#), "\(stray.message)")
    #expect(stray.message.hasPrefix("Error: ") && !stray.message.contains("\u{1b}"), "\(stray.message)")
  }

  // MARK: Output

  @Test func anOutputThatCannotBeMadeIsToldBeforeTraining() throws {
    let data = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let outcome = try train(data, "-o", "missing/out.rnnpkg")
    expect(outcome, 73, "missing")
    #expect(!outcome.message.contains("epoch") && !outcome.message.contains("reading"))
    for output in [".", "./"] {
      let onto = try train(data, "-o", output)
      expect(onto, 73, "a directory, which no file can replace")
      #expect(!onto.message.contains("epoch"))
    }
  }

  @Test func aLogThatCannotBeMadeIsToldBeforeTraining() throws {
    let data = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let outcome = try train(data, "--log", "missing/log.jsonl")
    expect(outcome, 73, "missing")
    #expect(!outcome.message.contains("epoch"))
  }

  #if os(Linux)
    @Test func aFullDiskAtStandardOutputIsAnError() throws {
      let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
      try #require(full >= 0)
      defer { close(full) }
      let process = try RnnpkgFixtures.rnnpkg.start(
        arguments: [Array("cells".utf8)], outputDescriptor: full)
      let outcome = try process.finish()
      #expect(outcome.status == 74 && outcome.message.contains("standard output"), "\(outcome.message)")
    }
  #endif
}
