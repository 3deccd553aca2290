import ArgumentParser
import ClassifierTraining
import ModelPackage
import RecurrentCells
import SequenceClassifier
import StrictJSON
import TextEncoding

/// The options of `rnnpkg train` that shape text and network.
struct ModelArguments: ParsableArguments {
  @Option(
    help: "Cell: \(CellRegistry.standard.kinds.map(\.rawValue).joined(separator: ", ")). Default: lstm.")
  var cell: String?
  @Option(help: "Width of the cell's state. Default: 128.")
  var hidden: Int?
  @Option(
    help: ArgumentHelp(
      "Another setting of the cell, such as reset=before or activation=relu.", valueName: "key=value"))
  var cellOption: [String] = []
  @Option(help: "Layers, one above the other. Default: 1.")
  var layers: Int?
  @Flag(help: "Read texts both ways (the default).")
  var bidirectional = false
  @Option(help: "forward, backward or both. Default: both.")
  var direction: ReadingDirection?
  @Option(help: "First state: zero or learned. Default: zero.")
  var initialState: InitialState?
  @Option(
    help:
      "Readout: \(ReadoutRegistry.standard.kinds.map(\.rawValue).joined(separator: ", ")). Default: concat.")
  var readout: String?
  @Option(
    help: "Cut texts into pieces of that many tokens, which run side by side; quicker for single long texts.")
  var chop: Int?
  @Option(help: "Make each state of that many tokens alone, the ones up to its own.")
  var windowed: Int?
  @Option(help: "Width of word vectors. Default: 128.")
  var embedding: Int?
  @Option(help: "Word vectors to start from: fastText or GloVe text, plain or gzip.", completion: .file())
  var vectors: String?
  @Option(
    help:
      "A language model, as `rnnpkg pretrain` writes it, or a package to start from; the network gets its shape.",
    completion: .file())
  var initFrom: String?
  @Option(help: "Times a word must occur. Default: 2.")
  var minCount: Int?
  @Option(
    help: """
      Most words, the special ones included; 0 for no limit. Of a package to start from all words stay and \
      count, and new ones join them as far as the limit goes. Default: 30000, beside those of the package.
      """)
  var vocabularySize: Int?
  @Option(help: "Most tokens of a training text; 0 for all. Default: 400.")
  var maxTokens: Int?
  @Option(help: "Which tokens of a longer text are kept: head, tail or middle. Default: tail.")
  var truncate: Truncation?
  @Option(help: "How the package stores weights: f32 or f16. Default: f32.")
  var dtype: String?

  func apply(to configuration: inout TrainingConfiguration) throws {
    if let cell { configuration.model.cell = cell }
    if let hidden { configuration.model.hidden = hidden }
    for option in cellOption {
      let parts = option.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else {
        throw ValidationError("--cell-option wants key=value, not \"\(option)\"")
      }
      let value = try cellValue(String(parts[1]), of: String(parts[0]))
      // What is no table stays, and is refused.
      guard var options = configuration.model.cellOptions.objectValue else { break }
      options[String(parts[0])] = value
      configuration.model.cellOptions = .object(options)
    }
    if let layers { configuration.model.layers = layers }
    if bidirectional {
      if let direction, direction != .both {
        throw ValidationError("--bidirectional and --direction \(direction.rawValue) exclude each other")
      }
      configuration.model.direction = .both
    }
    if let direction { configuration.model.direction = direction }
    if let initialState { configuration.model.initialState = initialState }
    if let readout { configuration.model.readout = readout }
    if chop != nil, windowed != nil { throw ValidationError("--chop and --windowed exclude each other") }
    if let windowed {
      configuration.model.running = "windowed"
      // Of another running, where the file says it.
      configuration.training.bpttWindow = 0
      configuration.model.runningLength = windowed
    }
    if let chop {
      configuration.model.running = "chopped"
      configuration.model.runningLength = chop
    }
    if let embedding { configuration.model.embedding = embedding }
    if let vectors { configuration.model.vectors = vectors }
    if let minCount { configuration.text.minCount = minCount }
    if let vocabularySize { configuration.text.vocabularySize = vocabularySize }
    if let maxTokens { configuration.text.maxTokens = maxTokens }
    if let truncate { configuration.text.truncate = truncate }
    switch dtype {
    case nil: break
    case "f32": configuration.package.dtype = .f32
    case "f16": configuration.package.dtype = .f16
    case .some(let other): throw ValidationError("--dtype is f32 or f16, not \"\(other)\"")
    }
  }

  /// A number where `text` is one, else a word.
  private func cellValue(_ text: String, of key: String) throws -> JSONValue {
    if let integer = Int64(text) { return .integer(integer) }
    guard let number = Double(text) else { return .string(text) }
    // Neither a configuration nor a package has a form for it, so it would be lost on the way.
    guard number.isFinite else {
      throw ValidationError("--cell-option \(key)=\(text): a number must be finite")
    }
    return .number(number)
  }
}

extension ReadingDirection: ExpressibleByArgument {}
extension InitialState: ExpressibleByArgument {}
extension Truncation: ExpressibleByArgument {}
