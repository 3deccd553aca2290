import ModelPackage
import RecurrentCells
import SequenceClassifier
import StrictJSON

/// The network: the `[model]` table.
public struct ModelOptions: Codable, Sendable, Equatable {
  /// A cell's kind, as `rnnpkg cells` lists them.
  public var cell: String
  /// Width of a cell's state: the integer `hidden` that the configuration of every cell must have, one of your own included.
  public var hidden: Int
  /// Other settings of the cell, such as `reset = "before"`: an object without `hidden`, which the option of that name gives.
  public var cellOptions: JSONValue
  /// Recurrent layers, from 1 to `Manifest.Limits.layers`.
  public var layers: Int
  /// Which way texts are read.
  public var direction: ReadingDirection
  /// What the cells start from: zeros, or a state that is learnt.
  public var initialState: InitialState
  /// Width of word vectors.
  public var embedding: Int
  /// A readout's kind: how a text's states become its features.
  public var readout: String
  /// How the cells run over a text: `continuous`, `chopped` into pieces of `runningLength` tokens, or `windowed`, anew
  /// over the last `runningLength` tokens up to each.
  public var running: String
  /// Tokens of a piece or a window; 0 for `continuous`.
  public var runningLength: Int
  /// A file of word vectors to start from; empty for none.
  public var vectors: String
  /// The root mean square that those vectors are scaled to.
  public var vectorScale: Float
  /// A language model to start from, as `rnnpkg pretrain` writes it, or a package; empty for none.
  public var initFrom: String

  init() {
    cell = "lstm"
    hidden = 128
    cellOptions = .object(JSONObject())
    layers = 1
    direction = .both
    initialState = .zero
    embedding = 128
    readout = "concat"
    running = "continuous"
    runningLength = 0
    vectors = ""
    vectorScale = 0.3
    initFrom = ""
  }

  enum CodingKeys: String, CodingKey {
    case cell, hidden
    case cellOptions = "cell-options"
    case layers, direction
    case initialState = "initial-state"
    case embedding, readout, running
    case runningLength = "running-length"
    case vectors
    case vectorScale = "vector-scale"
    case initFrom = "init-from"
  }

  /// The network's description.
  ///
  /// Only of options that `TrainingConfiguration.validate()` takes: `cellOptions` that are no object, and a `running` that does
  /// not exist or does not go with `runningLength`, end the program.
  public var description: NetworkDescription {
    guard var configuration = cellOptions.objectValue else {
      preconditionFailure("cell options that are no object: \(cellOptions.kindName)")
    }
    configuration["hidden"] = .integer(Int64(hidden))
    guard let running = Running(kind: self.running, length: runningLength == 0 ? nil : runningLength) else {
      preconditionFailure("no running \(EscapedText(self.running)) of length \(runningLength)")
    }
    return NetworkDescription(
      embeddingSize: embedding, cell: CellKind(rawValue: cell), cellConfiguration: .object(configuration),
      layers: layers, direction: direction, initialState: initialState,
      readout: ReadoutKind(rawValue: readout), running: running)
  }
}

extension ModelOptions {
  /// Refuses values that no run can use. Which cells, readouts and settings of a cell there are is for
  /// `NetworkDescription.checkParts`.
  func validate() throws(OptionError) {
    let require = OptionChecks(table: "model")
    try require.checkWidth(hidden, "hidden")
    try require.checkCellOptions(cellOptions)
    try require.checkWidth(embedding, "embedding")
    let mostLayers = Manifest.Limits.layers
    try require((1...mostLayers).contains(layers), "layers", layers, "from 1 to \(mostLayers)")
    try require(
      vectorScale > 0 && vectorScale <= 100, "vector-scale", vectorScale, "above 0 and at most 100")
    try require(
      initFrom.isEmpty || vectors.isEmpty, "vectors", "\"\(vectors)\"",
      "empty where model.init-from gives the vectors")
    try require(
      Running.kinds.contains(running), "running", "\(EscapedText(running))",
      "one of \(Running.kinds.joined(separator: ", "))")
    let longest =
      switch running {
      case "chopped": Manifest.Limits.pieceLength
      case "windowed": Manifest.Limits.windowLength
      default: 0
      }
    try require(
      (Swift.min(1, longest)...longest).contains(runningLength), "running-length", runningLength,
      longest == 0 ? "0 for continuous" : "from 1 to \(longest)")
  }
}
