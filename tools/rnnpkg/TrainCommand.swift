import ArgumentParser
import ClassifierTraining
import FileAccess
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

/// Trains a classifier and packs it.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a classifier from labelled texts, and pack it.",
    discussion: """
      rnnpkg train reviews.tsv -o reviews.rnnpkg
      rnnpkg train a.csv b.jsonl.gz --valid dev.tsv --cell gru --hidden 64 --epochs 5 -o topics.rnnpkg
      rnnpkg train --config zoo/sentiment.toml -o sentiment.rnnpkg
      rnnpkg train reviews.tsv --print-config > reviews.toml

      Data: TSV or CSV with a header that names `text` and `label`, or rows of label and text without one; JSON Lines with \
      those keys; fastText (`__label__x text`); each plain or gzip; or a folder that holds a folder of plain texts for each \
      label. The labels are found in the data.

      Options on the command line win over the configuration file, and that over the defaults; --print-config shows the \
      whole of it. A checkpoint is kept beside the output until training is done; after a stop, the same command with \
      --resume goes on and gives the same bits as an unbroken run, and with --restart begins anew.
      """)

  @Argument(
    help: "Training files, or folders that hold a folder of plain texts for each label.", completion: .file())
  var data: [String] = []

  @Option(name: [.short, .customLong("output")], help: "The package to write.", completion: .file())
  var output = "model.rnnpkg"
  @Option(help: "A TOML file of options.", completion: .file())
  var config: String?
  @Flag(help: "Print the configuration as TOML and stop.")
  var printConfig = false

  @OptionGroup(title: "Model")
  var model: ModelArguments
  @OptionGroup(title: "Training")
  var training: TrainingArguments

  @OptionGroup(title: "Partner")
  var partner: TrainPartnerArguments

  @Option(help: "A JSON Lines file to log epochs to, those of a resumed run included.", completion: .file())
  var log: String?
  @OptionGroup(title: "Run")
  var longRun: LongRunArguments

  func validate() throws {
    try OutputPath.check(output)
    try OutputPath.check(log, of: "--log")
    if data.isEmpty && config == nil && !printConfig {
      throw ValidationError("give training files, or a --config that names them")
    }
  }

  func run() throws {
    let configuration = try readConfiguration()
    if printConfig {
      print(ConfigurationFile.text(try configuration.tree()), terminator: "")
      return
    }
    guard !configuration.data.train.isEmpty else {
      throw ValidationError("the configuration names no training files; give them as arguments")
    }
    // Before hours of work, not after them.
    let created = try sourceDate()
    try checkReading(of: configuration)
    let place = try LongRunOutput(
      output, log: log, inputs: inputs(of: configuration),
      mayReplaceCheckpoint: longRun.resume || longRun.restart)
    defer { place.release() }
    let hasPackage = FileAccess.exists(output)
    let display = ProgressDisplay(isQuiet: longRun.quiet)
    let kernels = try KernelSet.selected()
    let sources = TrainingSources(configuration)
    let run = try TrainingRun(
      configuration, pool: WorkerPool(threads: longRun.threads), kernels: kernels, note: display.note)
    try sources.check()
    display.start(run)

    let identity = try run.identity()
    var state = try startingState(of: run, identity: identity, checkpoint: place.checkpoint, display)
    let journal = try log.map { try TrainingLog($0, history: state.history) }
    let stop = StopSignals()
    let end = try run.train(
      &state, checkpointInterval: longRun.checkpointEvery,
      checkpoint: { try Checkpoint.save($0, run.network, run: identity, to: place.checkpoint) },
      observer: { event in
        display.show(event)
        journal?.write(event)
      }, shouldStop: { stop.received != nil })

    var isWritten = false
    if end == .interrupted, hasPackage {
      noteUnwritten(display)
    } else {
      isWritten = try writePackage(
        of: run, state, end: end, sources: sources, created: created, display,
        shouldStop: { stop.received != nil })
    }
    if end == .interrupted || !isWritten, let signal = stop.received {
      // A resumed run writes the log anew, so that a log which cannot be written now is no reason for another end.
      do { try journal?.finish() } catch { Report.error(error) }
      let place =
        end == .interrupted
        ? "at epoch \(state.epoch + 1), after \(grouped(state.batch)) batches of it"
        : "before the package was written"
      Report.line("rnnpkg: stopped \(place); go on with the same command and \(longRun.resumption)")
      throw Interrupted(signal: signal)
    }
    try FileAccess.remove(place.checkpoint)
    // The last thing that may fail: a package of hours does not depend on it.
    try journal?.finish()
  }

  /// Refuses what could be read only once and is read again: by teachers and then by training, or as two files.
  private func checkReading(of configuration: TrainingConfiguration) throws {
    let data = configuration.data
    if !data.teachers.isEmpty, configuration.training.readsUnlabelled {
      try RereadFiles.check(data.unlabelled)
    }
    try RereadFiles.checkStandardInput(data.train + [data.valid] + data.unlabelled)
  }

  /// The files that training reads; names that are empty stand for none.
  private func inputs(of configuration: TrainingConfiguration) -> [String] {
    let (data, model) = (configuration.data, configuration.model)
    return data.train + [data.valid, model.vectors, model.initFrom, config ?? ""] + data.unlabelled
      + data.teachers
  }

  /// The first state, or with --resume that of the checkpoint, where there is one.
  private func startingState(
    of run: TrainingRun, identity: JSONValue, checkpoint: String, _ display: ProgressDisplay
  ) throws -> TrainingState {
    guard longRun.resume else { return run.start }
    guard FileAccess.exists(checkpoint) else {
      display.note("no checkpoint at \(checkpoint): starting at the beginning")
      return run.start
    }
    let state = try Checkpoint.load(checkpoint, run.network, run.configuration.training, run: identity)
    display.note("resuming at epoch \(state.epoch + 1), after \(grouped(state.batch)) batches of it")
    return state
  }

  /// Writes the package of the best epoch, or says why there is none yet.
  /// - Returns: whether it was written.
  private func writePackage(
    of run: TrainingRun, _ state: TrainingState, end: TrainingEnd, sources: TrainingSources,
    created: String?, _ display: ProgressDisplay, shouldStop: () -> Bool
  ) throws -> Bool {
    if let (package, report, partner) = try run.makePackage(
      state, sources: sources.list, devDigest: sources.devDigest, created: created, shouldStop: shouldStop)
    {
      try package.write(toFile: output)
      if let partner { display.show(partner) }
      display.done(output, state: state, report: report, end: end)
      return true
    }
    if state.best != nil {
      noteUnwritten(display)
    } else {
      display.note("no epoch was finished, so there is no package yet")
    }
    return false
  }

  private func noteUnwritten(_ display: ProgressDisplay) {
    let what =
      FileAccess.exists(output)
      ? "\(output) stays as it was" : "there is no package yet: it needs another evaluation of the best epoch"
    display.note("\(what); the checkpoint holds what was learnt")
  }

  private func readConfiguration() throws -> TrainingConfiguration {
    var tree: JSONValue = .object(JSONObject())
    if let config { tree = try ConfigurationFile.read(config) }
    var configuration: TrainingConfiguration
    do {
      configuration = try TrainingConfiguration(merging: tree, startingFrom: model.initFrom)
    } catch let error as JSONDecodingError {
      throw ConfigurationFileError(path: config ?? "configuration", reason: "\(error)")
    }
    if !data.isEmpty { configuration.data.train = data }
    try model.apply(to: &configuration)
    training.apply(to: &configuration)
    partner.apply(to: &configuration.partner)
    if configuration.package.name == PackageOptions.unnamed { configuration.package.name = nameFromOutput }
    try configuration.validate()
    return configuration
  }

  /// The output's name without its ending, in the characters that a package's name may have.
  private var nameFromOutput: String {
    var name = FileAccess.name(of: output).lowercased()
    if name.hasSuffix(".rnnpkg") { name.removeLast(7) }
    let allowed = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        ? character : "-"
    }
    let word = allowed.drop { "._-".contains($0) }.prefix(Manifest.Limits.nameBytes)
    return word.isEmpty ? PackageOptions.unnamed : String(word)
  }
}
