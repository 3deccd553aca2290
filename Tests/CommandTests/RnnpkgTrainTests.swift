import Foundation
import StrictJSON
import TestSupport
import Testing

/// `rnnpkg train` where nothing goes wrong.
@Suite struct RnnpkgTrainTests {
  private let scratch = TemporaryDirectory()
  private let reviews = RnnpkgFixtures.reviews

  private func train(_ path: String, _ options: String...) throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(
      ["train", path, "-o", "out.rnnpkg"] + RnnpkgFixtures.tiny + options, in: scratch.path)
  }

  @Test(arguments: ["header.tsv", "plain.tsv", "a.csv", "a.jsonl", "a.ft", "a.tsv.gz"])
  func everyFormatOfDataTrainsTheSamePackage(_ name: String) throws {
    let files: [String: [UInt8]] = [
      "header.tsv": Array(
        ("id\ttext\tlabel\n" + reviews.map { "7\t\($0.text)\t\($0.label)\n" }.joined()).utf8),
      "plain.tsv": Array(reviews.map { "\($0.label)\t\($0.text)\n" }.joined().utf8),
      "a.csv": Array(("label,text\r\n" + reviews.map { "\($0.label),\"\($0.text)\"\r\n" }.joined()).utf8),
      "a.jsonl": Array(reviews.map { "{\"text\":\"\($0.text)\",\"label\":\"\($0.label)\"}\n" }.joined().utf8),
      "a.ft": Array(reviews.map { "__label__\($0.label) \($0.text)\n" }.joined().utf8),
      "a.tsv.gz": StoredGzip.member(Array(RnnpkgFixtures.table.utf8)),
    ]
    let path = try scratch.file(name, try #require(files[name]))
    let outcome = try train(path)
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(
      outcome.message.contains("54 training texts") && outcome.message.contains("\"negative\", \"positive\""))
    // The same texts give the same weights, however they were written down.
    let reference = TemporaryDirectory()
    _ = try RnnpkgFixtures.trained(reference, on: reference.file("t.tsv", RnnpkgFixtures.table))
    #expect(try weights(scratch) == weights(reference))
  }

  private func weights(_ scratch: TemporaryDirectory) throws -> [UInt8] {
    let outcome = try RnnpkgFixtures.run(["unpack", "out.rnnpkg", "files"], in: scratch.path)
    #expect(outcome.status == 0, "\(outcome.message)")
    return try scratch.bytes(of: "files/weights.safetensors")
  }

  @Test func lossesWithoutLabelsReadTheirFilesAndTheManifestNamesThem() throws {
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    _ = try scratch.file("u.txt.gz", StoredGzip.member(Array("A warm film.\nA dull one.\n".utf8)))
    let options = [
      "--adversarial", "2", "--virtual-adversarial", "3", "--entropy", "0.5", "--ramp", "0.25",
      "--unlabelled", "u.txt.gz", "t.tsv",
    ]
    let arguments = ["train", path, "-o", "out.rnnpkg"] + RnnpkgFixtures.tiny + options
    let outcome = try RnnpkgFixtures.run(arguments, in: scratch.path)
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.message.contains("reading u.txt.gz, t.tsv"))
    let trained = try scratch.bytes(of: "out.rnnpkg")
    #expect(try RnnpkgFixtures.run(arguments, in: scratch.path).status == 0)
    #expect(try scratch.bytes(of: "out.rnnpkg") == trained)
    #expect(try RnnpkgFixtures.trained(scratch, on: path) != trained)

    let text = try RnnpkgFixtures.run(arguments + ["--print-config"], in: scratch.path).output
    for line in [
      "unlabelled = [\"u.txt.gz\", \"t.tsv\"]", "[training.adversarial]\nweight = 1.0\nepsilon = 2.0\n",
      "[training.virtual]\nweight = 1.0\nepsilon = 3.0\nxi = 1.0\n", "[training.entropy]\nweight = 0.5\n",
      "ramp = 0.25",
    ] { #expect(text.contains(line), "\(line)") }
  }

  @Test func theSameDataAndSeedGiveTheSameBytes() throws {
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let first = try RnnpkgFixtures.trained(scratch, on: path, "--threads", "1")
    #expect(try RnnpkgFixtures.trained(scratch, on: path, "--threads", "2") == first)
    #expect(try RnnpkgFixtures.trained(scratch, on: path) == first)
    #expect(try RnnpkgFixtures.trained(scratch, on: path, "--seed", "2") != first)
  }

  @Test func theManifestTellsThatBf16Trained() throws {
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let inFloat32 = try RnnpkgFixtures.trained(scratch, on: path)
    let first = try RnnpkgFixtures.trained(scratch, on: path, "--precision", "bf16", "--threads", "1")
    #expect(
      try RnnpkgFixtures.trained(scratch, on: path, "--precision", "bf16") == first && first != inFloat32)
    #expect(try RnnpkgFixtures.run(["unpack", "out.rnnpkg", "files"], in: scratch.path).status == 0)
    let manifest = try JSONValue(parsing: scratch.bytes(of: "files/manifest.json"))
    let config = manifest.objectValue?["training"]?.objectValue?["config"]?.objectValue
    #expect(config?["training"]?.objectValue?["precision"] == "bf16")
    #expect(try RnnpkgFixtures.run(["verify", "out.rnnpkg"], in: scratch.path).status == 0)
    let printed = try RnnpkgFixtures.run(["train", "--precision", "bf16", "--print-config"])
    #expect(printed.lines.contains("precision = \"bf16\""), "\(printed.output)")
    #expect(try RnnpkgFixtures.run(["train", "--help"]).output.contains("--precision"))
  }

  @Test func progressGoesToStandardErrorAndQuietSilencesIt() throws {
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let loud = try train(path)
    #expect(loud.output.isEmpty)
    #expect(loud.message.contains("epoch 2  loss ") && loud.message.contains("wrote out.rnnpkg"))
    #expect(
      !loud.message.contains("\u{1b}") && !loud.message.contains("\r"), "no terminal, no control sequences")
    let quiet = try train(path, "--quiet")
    #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.message.isEmpty)
    #expect(
      scratch.names == ["out.rnnpkg", "t.tsv"], "neither checkpoint nor lock nor other file stays behind")
  }

  @Test func aPrintedConfigurationGivesTheSameConfigurationAndPackage() throws {
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let options =
      [
        "train", path, "-o", "out.rnnpkg", "--cell", "gru", "--cell-option", "reset=before", "--lr", "1e-5",
        "--clip",
        "0.25", "--class-weight", "balanced", "--dtype", "f16", "--seed", "18446744073709551",
      ] + RnnpkgFixtures.tiny
    let printed = try RnnpkgFixtures.run(options + ["--print-config"], in: scratch.path)
    #expect(printed.status == 0 && printed.message.isEmpty)
    #expect(scratch.names == ["t.tsv"], "printing trains nothing")
    let config = try scratch.file("c.toml", printed.output)
    let again = try RnnpkgFixtures.run(["train", "--config", config, "--print-config"], in: scratch.path)
    #expect(again.output == printed.output)

    #expect(try RnnpkgFixtures.run(options, in: scratch.path).status == 0)
    let first = try scratch.bytes(of: "out.rnnpkg")
    #expect(
      try RnnpkgFixtures.run(["train", "--config", config, "-o", "b.rnnpkg"], in: scratch.path).status == 0)
    #expect(try scratch.bytes(of: "b.rnnpkg") == first)
  }

  @Test func optionsWinOverTheFileAndTheFileOverTheDefaults() throws {
    let config = try scratch.file("c.toml", "[training]\nepochs = 0x7\nclip = 2\n[model]\ncell = \"rnn\"\n")
    let outcome = try RnnpkgFixtures.run(["train", "--config", config, "--clip", "3", "--print-config"])
    #expect(outcome.lines.contains("epochs = 7") && outcome.lines.contains("clip = 3.0"))
    #expect(outcome.lines.contains("cell = \"rnn\"") && outcome.lines.contains("batch-size = 64"))
  }

  /// Neither a configuration nor a package could hold it.
  @Test(arguments: ["nan", "-inf", "1e400"])
  func aCellOptionThatIsNoFiniteNumberIsAUsageError(_ value: String) throws {
    let outcome = try RnnpkgFixtures.run(["train", "--cell-option", "x=\(value)", "--print-config"])
    #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.output)")
    #expect(
      outcome.message.contains("--cell-option x=\(value): a number must be finite"), "\(outcome.message)")
  }

  @Test func theLogHoldsOneObjectAnEpoch() throws {
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    #expect(try train(path, "--log", "log.jsonl", "--quiet").status == 0)
    let lines = String(decoding: try scratch.bytes(of: "log.jsonl"), as: UTF8.self).split(separator: "\n")
    let epochs = try lines.map { try JSONValue(parsing: Array($0.utf8)).objectValue?["epoch"] }
    #expect(epochs == [.integer(1), .integer(2)])
  }

  #if os(Linux)
    /// What was learnt is written before the log that cannot be.
    @Test func aFullDiskUnderTheLogCostsNoPackage() throws {
      let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
      let outcome = try train(path, "--log", "/dev/full")
      #expect(outcome.status == 74 && outcome.message.contains("/dev/full"), "\(outcome.message)")
      #expect(scratch.names == ["out.rnnpkg", "t.tsv"])
      #expect(try RnnpkgFixtures.run(["verify", "\(scratch.path)/out.rnnpkg"]).status == 0)
    }
  #endif

  @Test func aNetworkThatNoPackageCanHoldIsRefusedBeforeMemoryIsTaken() throws {
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let outcome = try RnnpkgFixtures.run(
      ["train", path, "-o", "out.rnnpkg", "--hidden", "65536"], in: scratch.path)
    #expect(outcome.status == 65, "\(outcome.status) \(outcome.message)")
    #expect(
      outcome.message.contains("at most 536870912") && outcome.message.contains("--hidden"),
      "\(outcome.message)")
    #expect(scratch.names == ["t.tsv"])
  }

  @Test(arguments: [("My Model (2).rnnpkg", "my-model--2-"), ("_.rnnpkg", "model"), ("Ä.v2", "v2")])
  func aPackageIsNamedAfterItsFile(_ file: String, _ name: String) throws {
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    _ = try RnnpkgFixtures.trained(scratch, on: path, as: file)
    let shown = try RnnpkgFixtures.run(["show", "\(scratch.path)/\(file)"])
    #expect(shown.output.hasPrefix("\(name)@1.0.0") || shown.output.hasPrefix("\(name) "), "\(shown.output)")
  }

  @Test func wordVectorsFromPlainTextAreUsedInTraining() throws {
    let texts = (0..<5).flatMap { _ in RnnpkgFixtures.reviews.map { $0.text + "\n" } }.joined()
    _ = try scratch.file("texts.txt", texts)
    let made = try RnnpkgFixtures.run(
      ["vectors", "texts.txt", "-o", "w.vec", "--dimension", "4", "--epochs", "1"], in: scratch.path)
    #expect(made.status == 0 && made.output.isEmpty, "\(made.message)")
    // Special tokens are no words.
    #expect(made.message.contains(" tokens, 21 words\n"), "\(made.message)")
    let again = try RnnpkgFixtures.run(
      ["vectors", "texts.txt", "-o", "again.vec", "--dimension", "4", "--epochs", "1", "--quiet"],
      in: scratch.path)
    #expect(again.message.isEmpty)
    #expect(try scratch.bytes(of: "again.vec") == scratch.bytes(of: "w.vec"))
    for (option, value) in [("--epochs", "9223372036854775807"), ("--window", "1001"), ("--negatives", "0")] {
      let refused = try RnnpkgFixtures.run(
        ["vectors", "texts.txt", "-o", "no.vec", option, value], in: scratch.path)
      #expect(refused.status == 64 && refused.message.contains(option), "\(refused.message)")
    }
    for (more, status, said) in [
      (["--lr", "10", "--epochs", "30"], 74, "smaller --lr"), (["--min-count", "9999"], 65, "9999 times"),
    ] as [([String], Int32, String)] {
      let failed = try RnnpkgFixtures.run(["vectors", "texts.txt", "-o", "no.vec"] + more, in: scratch.path)
      #expect(failed.status == status && failed.message.contains(said), "\(failed.message)")
    }
    let once = try RnnpkgFixtures.run(["vectors", "-", "-o", "no.vec"], in: scratch.path)
    #expect(once.status == 64 && once.message.contains("read twice"), "\(once.message)")
    #expect(!scratch.names.contains("no.vec"))
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let trained = try train(path, "--vectors", "w.vec")
    #expect(trained.status == 0 && trained.message.contains("words have vectors"), "\(trained.message)")
    let wrong = try train(path, "--vectors", "w.vec", "--embedding", "5")
    #expect(wrong.status == 65 && wrong.message.contains("w.vec:1: "), "\(wrong.message)")
  }

  @Test func labelsOfTheDevFileAreThoseOfTheTrainingFile() throws {
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    _ = try scratch.file("dev.jsonl", "{\"text\":\"A warm film.\",\"label\":\"positive\"}\n")
    let outcome = try train(path, "--valid", "dev.jsonl")
    #expect(
      outcome.status == 0 && outcome.message.contains("60 training texts")
        && outcome.message.contains("1 dev"))
    #expect(
      outcome.message.contains("all dev texts have the label \"positive\"")
        && outcome.message.contains("scores will not be calibrated"), "\(outcome.message)")
    #expect(
      try !RnnpkgFixtures.run(["show", "out.rnnpkg", "--json"], in: scratch.path).output.contains(
        "\"calibration\""))
  }

  @Test func helpNamesExitCodesAndVersionFormats() throws {
    // In one line: where lines break depends on the width.
    let help = try RnnpkgFixtures.run(["--help"]).output.split { $0.isWhitespace }.joined(separator: " ")
    for code in [
      "0 done", "1 a check failed", "64 usage", "65 bad input data", "66 not found", "70 internal",
      "73 cannot create output", "74 input/output", "76 malformed package", "77 signature refused",
      "78 package needs a newer engine or an unknown cell", "130 stopped by Ctrl-C", "143 by SIGTERM",
      "129 by SIGHUP",
    ] {
      #expect(help.contains(" \(code)"), "\(code)")
    }
    let version = try RnnpkgFixtures.run(["--version"])
    #expect(version.status == 0)
    #expect(
      version.output.wholeMatch(of: /rnnpkg [0-9]+\.[0-9]+\.[0-9]+[^\n]*, reads rnnpkg\/1\n/) != nil,
      "\(version.output)")
    let cells = try RnnpkgFixtures.run(["cells"])
    #expect(cells.lines == ["cells     gru lstm rnn", "readouts  attention concat last"])
  }

  @Test func pretrainingThatDivergesSaysSoAndWritesNothing() throws {
    let texts = (0..<5).flatMap { _ in RnnpkgFixtures.reviews.map { $0.text + "\n" } }.joined()
    _ = try scratch.file("texts.txt", texts)
    let options = [
      "pretrain", "texts.txt", "-o", "w.lm", "--hidden", "8", "--embedding", "8", "--valid", "0.1",
    ]
    let diverged = try RnnpkgFixtures.run(
      options + ["--epochs", "2", "--lr", "30", "--clip", "0"], in: scratch.path)
    #expect(diverged.status == 74 && diverged.message.contains("smaller --lr"), "\(diverged.message)")
    #expect(diverged.message.contains(" held out, 21 words, "), "\(diverged.message)")
    #expect(!scratch.names.contains("w.lm"))
    let unknown = try RnnpkgFixtures.run(options + ["--cell", "foo"], in: scratch.path)
    #expect(unknown.status == 64 && unknown.message.contains("gru, lstm, rnn"), "\(unknown.message)")
  }

  @Test func threadsAndSharesOutOfRangeAreUsageErrors() throws {
    let path = try scratch.file("t.tsv", RnnpkgFixtures.table)
    _ = try RnnpkgFixtures.trained(scratch, on: path, as: "m.rnnpkg")
    for more in [
      ["--threads", "0"], ["--threads", "1025"], ["--fail-under", "accuracy=nan"],
      ["--fail-under", "accuracy=2"],
    ] {
      let refused = try RnnpkgFixtures.run(["test", "m.rnnpkg", "t.tsv"] + more, in: scratch.path)
      #expect(refused.status == 64 && refused.message.contains(more[0]), "\(refused.message)")
    }
    let percent = try RnnpkgFixtures.run(
      ["test", "m.rnnpkg", "t.tsv", "--fail-under", "accuracy=0%"], in: scratch.path)
    #expect(percent.status == 0, "\(percent.message)")
    let endless = try RnnpkgFixtures.run(
      ["train", path, "-o", "n.rnnpkg", "--checkpoint-every", "nan"], in: scratch.path)
    #expect(endless.status == 64, "\(endless.message)")
  }
}
