import ArgumentParser
import ClassifierTraining
import FileAccess
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// Trains a language model on plain text, for `train --init-from`.
struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Train a language model on text without labels, for classifiers to start from.",
    discussion: """
      rnnpkg pretrain unlabelled.txt.gz -o reviews.lm
      rnnpkg train reviews.tsv --init-from reviews.lm -o reviews.rnnpkg
      rnnpkg pretrain --config lm.toml -o reviews.lm --resume

      One model reads forwards and one backwards, on a thread each; they share the word vectors, which also predict. \
      Files: a text a line, any format that `train` reads, or a folder of plain texts; labels are not looked at. A share of \
      the texts is held out, and their perplexity is reported after each epoch.

      Options on the command line win over the configuration file, and that over the defaults; --print-config shows the \
      whole of it. A checkpoint is kept beside the output until training is done; after a stop, the same command with \
      --resume goes on and gives the same bits as an unbroken run, and with --restart begins anew.
      """)

  @Argument(help: "Text files, or folders of plain texts.", completion: .file())
  var data: [String] = []
  @Option(name: [.short, .customLong("output")], help: "The file to write.", completion: .file())
  var output = "model.lm"
  @Option(help: "A TOML file of options.", completion: .file())
  var config: String?
  @Flag(help: "Print the configuration as TOML and stop.")
  var printConfig = false

  @OptionGroup(title: "Language model")
  var options: PretrainArguments

  @OptionGroup(title: "Run")
  var longRun: LongRunArguments

  func validate() throws {
    try OutputPath.check(output)
    if data.isEmpty && config == nil && !printConfig {
      throw ValidationError("give text files, or a --config that names them")
    }
  }

  func run() throws {
    let configuration = try readConfiguration()
    if printConfig {
      print(ConfigurationFile.text(try configuration.tree()), terminator: "")
      return
    }
    guard !configuration.data.texts.isEmpty else {
      throw ValidationError("the configuration names no texts; give them as arguments")
    }
    try RereadFiles.check(configuration.data.texts)
    let place = try LongRunOutput(
      output, inputs: configuration.data.texts + [config ?? ""],
      mayReplaceCheckpoint: longRun.resume || longRun.restart)
    defer { place.release() }
    let display = PretrainingDisplay(ProgressDisplay(isQuiet: longRun.quiet))
    let kernels = try KernelSet.selected()
    let run = try PretrainingRun(
      configuration, pool: WorkerPool(threads: longRun.threads), kernels: kernels, note: display.note)
    display.start(run)

    let checkpointPath = place.checkpoint
    let identity = try run.identity()
    var state = run.start
    if longRun.resume {
      if FileAccess.exists(checkpointPath) {
        state = try PretrainingCheckpoint.load(
          checkpointPath, run.model, configuration.training, run: identity)
        display.note("resuming at epoch \(state.epoch + 1), window \(state.window + 1)")
      } else {
        display.note("no checkpoint at \(checkpointPath): starting at the beginning")
      }
    }
    let stop = StopSignals()
    let isDone = try run.train(
      &state, checkpointInterval: longRun.checkpointEvery,
      checkpoint: { try PretrainingCheckpoint.save($0, run.model, run: identity, to: checkpointPath) },
      observer: display.show, shouldStop: { stop.received != nil })
    guard isDone else {
      Report.line(
        "rnnpkg: stopped at epoch \(state.epoch + 1), window \(state.window + 1); go on with the same command and "
          + longRun.resumption)
      throw Interrupted(signal: stop.received ?? 2)
    }
    try run.file(state).write(to: output)
    display.note("wrote \(output) after \(duration(state.seconds))")
    try FileAccess.remove(checkpointPath)
  }

  private func readConfiguration() throws -> PretrainingConfiguration {
    var tree: JSONValue = .object(JSONObject())
    if let config { tree = try ConfigurationFile.read(config) }
    var configuration: PretrainingConfiguration
    do {
      configuration = try PretrainingConfiguration(merging: tree)
    } catch let error as JSONDecodingError {
      throw ConfigurationFileError(path: config ?? "configuration", reason: "\(error)")
    }
    if !data.isEmpty { configuration.data.texts = data }
    options.apply(to: &configuration)
    try configuration.validate()
    return configuration
  }
}

/// Progress of a pretraining run.
private final class PretrainingDisplay {
  private let display: ProgressDisplay

  init(_ display: ProgressDisplay) { self.display = display }

  func note(_ text: String) { display.note(text) }

  func start(_ run: PretrainingRun) {
    let words = grouped(run.vocabulary.count - Vocabulary.specialTokens.count)
    note(
      "\(grouped(run.texts.count)) texts (\(grouped(run.tokenCount)) tokens), \(grouped(run.valid.count)) held out, "
        + "\(words) words, \(grouped(run.parameterCount)) parameters")
  }

  func show(_ event: PretrainingEvent) {
    switch event {
    case .window(let epoch, let share, let loss, let tokensPerSecond, let secondsLeft):
      display.progress(
        "epoch \(epoch)  \(decimals(share * 100, 1)) %  loss \(decimals(loss, 4))  \(grouped(Int(tokensPerSecond))) tokens/s  "
          + "\(duration(secondsLeft)) left")
    case .evaluating(let epoch): display.progress("epoch \(epoch): perplexity")
    case .epoch(let record):
      note(
        "epoch \(record.epoch)  loss \(list(record.trainLoss, 4))  perplexity \(list(record.perplexity, 2))  "
          + "\(grouped(Int(record.tokensPerSecond))) tokens/s  \(duration(record.seconds))")
    }
  }

  private func list(_ values: [Double], _ places: Int) -> String {
    values.map { decimals($0, places) }.joined(separator: " | ")
  }
}
