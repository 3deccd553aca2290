import TestSupport
import Testing

/// What each option of `rnnpkg train` and `rnnpkg pretrain` sets in the configuration, as `--print-config` shows it.
@Suite struct ConfigurationOptionTests {
  /// A command, options of it with other values than the defaults, and the lines that differ from those of the default
  /// configuration, each behind its table. Options that say something only beside others stand with these.
  static let samples: [(String, String, [String])] = [
    ("train", "a.tsv b.tsv", [#"data.train = ["a.tsv", "b.tsv"]"#]),
    ("train", "--valid 0.2", [#"data.valid = "0.2""#]),
    ("train", "--valid dev.tsv", [#"data.valid = "dev.tsv""#]),
    ("train", "--text-field body", [#"data.text-field = "body""#]),
    ("train", "--label-field stars", [#"data.label-field = "stars""#]),
    ("train", "--format csv", [#"data.format = "csv""#]),
    ("train", "--min-count 4", ["text.min-count = 4"]),
    ("train", "--vocabulary-size 500", ["text.vocabulary-size = 500"]),
    ("train", "--max-tokens 50", ["text.max-tokens = 50"]),
    ("train", "--truncate head", [#"text.truncate = "head""#]),
    ("train", "--cell gru", [#"model.cell = "gru""#]),
    (
      "train", "--cell gru --cell-option reset=before",
      [#"model.cell = "gru""#, #"model.cell-options.reset = "before""#]
    ),
    ("train", "--hidden 64", ["model.hidden = 64"]),
    ("train", "--layers 2", ["model.layers = 2"]),
    ("train", "--direction backward", [#"model.direction = "backward""#]),
    ("train", "--initial-state learned", [#"model.initial-state = "learned""#]),
    ("train", "--readout attention", [#"model.readout = "attention""#]),
    ("train", "--chop 20", [#"model.running = "chopped""#, "model.running-length = 20"]),
    ("train", "--windowed 30", [#"model.running = "windowed""#, "model.running-length = 30"]),
    ("train", "--embedding 64", ["model.embedding = 64"]),
    ("train", "--vectors w.vec", [#"model.vectors = "w.vec""#]),
    ("train", "--epochs 7", ["training.epochs = 7"]),
    ("train", "--batch-tokens 4096", ["training.batch-tokens = 4096"]),
    ("train", "--batch-size 32", ["training.batch-size = 32"]),
    ("train", "--lr 0.25", ["training.learning-rate = 0.25"]),
    ("train", "--schedule linear", [#"training.schedule = "linear""#]),
    (
      "train", "--schedule cosine --warm-up 0.25",
      [#"training.schedule = "cosine""#, "training.warm-up = 0.25"]
    ),
    ("train", "--clip 0.5", ["training.clip = 0.5"]),
    ("train", "--label-smoothing 0.125", ["training.label-smoothing = 0.125"]),
    ("train", "--class-weight balanced", [#"training.class-weight = "balanced""#]),
    ("train", "--average 0.5", ["training.average = 0.5"]),
    ("train", "--patience 5", ["training.patience = 5"]),
    ("train", "--metric macro-f1", [#"training.metric = "macro-f1""#]),
    ("train", "--metric log-loss", [#"training.metric = "log-loss""#]),
    ("train", "--seed 9", ["training.seed = 9"]),
    ("train", "--shards 4", ["training.shards = 4"]),
    ("train", "--bptt-window 50", ["training.bptt-window = 50"]),
    ("train", "--precision bf16", [#"training.precision = "bf16""#]),
    ("train", "--optimizer adamw", [#"training.optimizer.kind = "adamw""#]),
    ("train", "--weight-decay 0.125", ["training.optimizer.weight-decay = 0.125"]),
    ("train", "--word-dropout 0.25", ["training.dropout.embedding-rows = 0.25"]),
    ("train", "--input-dropout 0.25", ["training.dropout.input = 0.25"]),
    ("train", "--dropout 0.25", ["training.dropout.readout = 0.25"]),
    ("train", "--rate-factor 2.5", ["training.fine-tuning.factor = 2.5"]),
    ("train", "--unfreezing 1.5", ["training.fine-tuning.unfreezing = 1.5"]),
    (
      "train", "--adversarial 2",
      ["training.adversarial.weight = 1.0", "training.adversarial.epsilon = 2.0"]
    ),
    (
      "train", "--virtual-adversarial 3",
      ["training.virtual.weight = 1.0", "training.virtual.epsilon = 3.0"]
    ),
    ("train", "--entropy 0.5", ["training.entropy.weight = 0.5"]),
    ("train", "--entropy 0.5 --ramp 0.25", ["training.ramp = 0.25", "training.entropy.weight = 0.5"]),
    (
      "train", "--entropy 0.5 --unlabelled u.txt v.txt --unlabelled-batch-size 16",
      [
        #"data.unlabelled = ["u.txt", "v.txt"]"#, "training.unlabelled-batch-size = 16",
        "training.entropy.weight = 0.5",
      ]
    ),
    (
      "train", "--teacher a.rnnpkg --teacher b.rnnpkg --unlabelled u.txt",
      [#"data.unlabelled = ["u.txt"]"#, #"data.teachers = ["a.rnnpkg", "b.rnnpkg"]"#]
    ),
    ("train", "--partner", ["partner.enabled = true"]),
    ("train", "--partner --partner-bytes 4096", ["partner.enabled = true", "partner.max-bytes = 4096"]),
    ("train", "--dtype f16", [#"package.dtype = "f16""#]),

    ("pretrain", "a.txt b.txt", [#"data.texts = ["a.txt", "b.txt"]"#]),
    ("pretrain", "--valid 0.25", ["data.valid = 0.25"]),
    ("pretrain", "--text-field body", [#"data.text-field = "body""#]),
    ("pretrain", "--format csv", [#"data.format = "csv""#]),
    ("pretrain", "--min-count 4", ["text.min-count = 4"]),
    ("pretrain", "--vocabulary-size 500", ["text.vocabulary-size = 500"]),
    ("pretrain", "--cell gru", [#"model.cell = "gru""#]),
    ("pretrain", "--hidden 64", ["model.hidden = 64"]),
    ("pretrain", "--direction backward", [#"model.direction = "backward""#]),
    ("pretrain", "--embedding 64", ["model.embedding = 64"]),
    ("pretrain", "--epochs 7", ["training.epochs = 7"]),
    ("pretrain", "--streams 32", ["training.streams = 32"]),
    ("pretrain", "--window 50", ["training.window = 50"]),
    ("pretrain", "--samples 512", ["training.samples = 512"]),
    ("pretrain", "--lr 0.125", ["training.learning-rate = 0.125"]),
    ("pretrain", "--schedule linear", [#"training.schedule = "linear""#]),
    ("pretrain", "--clip 0.5", ["training.clip = 0.5"]),
    ("pretrain", "--ar 2", ["training.activation-regularisation = 2.0"]),
    ("pretrain", "--tar 1", ["training.temporal-activation-regularisation = 1.0"]),
    ("pretrain", "--seed 9", ["training.seed = 9"]),
    ("pretrain", "--precision bf16", [#"training.precision = "bf16""#]),
    ("pretrain", "--word-dropout 0.25", ["training.dropout.embedding-rows = 0.25"]),
    ("pretrain", "--input-dropout 0.25", ["training.dropout.input = 0.25"]),
    ("pretrain", "--weight-dropout 0.25", ["training.dropout.weight = 0.25"]),
    ("pretrain", "--output-dropout 0.25", ["training.dropout.output = 0.25"]),
  ]

  @Test(arguments: samples)
  func anOptionSetsItsLinesAndNoOther(_ command: String, _ options: String, _ lines: [String]) throws {
    let plain = Set(try configuration([command]))
    let changed = try configuration([command] + options.split(separator: " ").map(String.init))
    #expect(changed.filter { !plain.contains($0) } == lines)
  }

  /// The lines of a printed configuration, each behind its table.
  private func configuration(_ arguments: [String]) throws -> [String] {
    let outcome = try RnnpkgFixtures.run(arguments + ["--print-config"])
    #expect(outcome.status == 0, "\(outcome.message)")
    var table = ""
    var lines: [String] = []
    for line in outcome.lines where !line.isEmpty {
      if line.hasPrefix("[") {
        table = String(line.dropFirst().dropLast())
      } else {
        lines.append("\(table).\(line)")
      }
    }
    return lines
  }

  /// Both ways is the default: the option shows only where a file says something else.
  @Test func bidirectionalWinsOverTheFile() throws {
    let scratch = TemporaryDirectory()
    let config = try scratch.file("c.toml", "[model]\ndirection = \"forward\"\n")
    #expect(try configuration(["train", "--config", config]).contains(#"model.direction = "forward""#))
    #expect(
      try configuration(["train", "--config", config, "--bidirectional"]).contains(
        #"model.direction = "both""#))
    let refused = try RnnpkgFixtures.run([
      "train", "--print-config", "--bidirectional", "--direction", "forward",
    ])
    #expect(refused.status == 64)
    #expect(
      refused.message.hasPrefix("Error: --bidirectional and --direction forward exclude each other\n"),
      "\(refused.message)")
  }

  /// `rnnpkg partner` prints no configuration, but names what it cannot take before it reads a file.
  @Test(arguments: [
    ("--orders=9", "partner.orders is 9; it must be from 1 to 5"),
    ("--partner-bytes=0", "partner.max-bytes is 0; it must be from 1024 to 209715200"),
    ("--l2=-1", "partner.l2 is -1.0; it must be above 0 and at most 1000000"),
    ("--min-documents=0", "partner.min-documents is 0; it must be from 1 to 1000000"),
    ("--min-tokens=0", "partner.min-tokens is 0; it must be from 1 to 1073741824"),
  ])
  func anOptionOfThePartnerIsRefusedByItsName(_ option: String, _ message: String) throws {
    let outcome = try RnnpkgFixtures.run([
      "partner", "none.rnnpkg", "--data", "none.tsv", "--valid", "none.tsv", "-o", "none.out", option,
    ])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.message == "rnnpkg: \(message)\n", "\(outcome.message)")
  }
}
