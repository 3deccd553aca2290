import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// Every choice of a pretraining run: what a configuration file holds and `--print-config` prints.
public struct PretrainingConfiguration: Codable, Sendable, Equatable {
  /// The table `[data]`.
  public var data = PretrainingData()
  /// The table `[text]`.
  public var text = PretrainingText()
  /// The table `[model]`.
  public var model = PretrainingModel()
  /// The table `[training]`.
  public var training = PretrainingOptions()

  /// The defaults, which name no texts.
  public init() {}

  /// The configuration as a tree, every option in it.
  public func tree() throws -> JSONValue { try JSONValueEncoder().encode(self) }

  /// A configuration from a partial tree over the defaults; options that do not exist are refused.
  public init(merging partial: JSONValue) throws {
    let merged = TrainingConfiguration.merge(partial, into: try PretrainingConfiguration().tree())
    self = try JSONValueDecoder().decode(
      PretrainingConfiguration.self, from: merged, rejectingUnknownKeys: true)
  }

  /// Refuses values that no run can use, such as a cell that `cells` has not.
  public func validate(cells: CellRegistry = .standard) throws(OptionError) {
    let require = OptionChecks()
    try training.validate()
    try require.checkWidth(model.hidden, "model.hidden")
    try require.checkWidth(model.embedding, "model.embedding")
    try require(text.minCount >= 1, "text.min-count", text.minCount, "1 or more")
    let largest = Vocabulary.entryLimit
    try require(
      text.vocabularySize == 0 || (6...largest).contains(text.vocabularySize), "text.vocabulary-size",
      text.vocabularySize, "0 for no limit, or from 6 to \(largest)")
    try require(
      data.valid > 0 && data.valid < 1, "data.valid", data.valid, "a share above 0 and below 1")
    let network = try model.description.checkParts(
      cellOptions: model.cellOptions, cells: cells, readouts: .standard)
    let parameters = network.levels[0][0].cell.parameterSpecs.map(\.name)
    try require(
      training.dropout.weight == 0 || parameters.contains(WeightDropout.parameter), "training.dropout.weight",
      training.dropout.weight, "0 for the cell \(model.cell), which has no \(WeightDropout.parameter)")
  }
}

/// Where plain text comes from: the `[data]` table.
public struct PretrainingData: Codable, Sendable, Equatable {
  /// A text a line, or any format that `train` reads; labels are not looked at.
  public var texts: [String] = []
  /// Share of the texts to hold out, for perplexity.
  public var valid = 0.01
  /// The column or key of the text.
  public var textField = "text"
  /// How files are written.
  public var format = DataFormat.auto

  /// The defaults, which name no texts.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case texts, valid
    case textField = "text-field"
    case format
  }
}

/// How texts become token ids: the `[text]` table.
public struct PretrainingText: Codable, Sendable, Equatable {
  /// Whether words keep their capitals.
  public var letterCase = WordTokenizerConfiguration.LetterCase.lower
  /// The Unicode form that texts are brought to.
  public var normalization = WordTokenizerConfiguration.Normalization.nfc
  /// Times that a word must stand in the texts.
  public var minCount = 3
  /// Most entries of the vocabulary, special tokens included; 0 for no limit.
  public var vocabularySize = 30_000

  /// The defaults: lower case, NFC, words that stand three times, at most 30,000 entries.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case letterCase = "case"
    case normalization
    case minCount = "min-count"
    case vocabularySize = "vocabulary-size"
  }

  var tokenizer: WordTokenizer {
    WordTokenizer(configuration: .init(normalization: normalization, letterCase: letterCase))
  }
}

/// The network: the `[model]` table.
public struct PretrainingModel: Codable, Sendable, Equatable {
  /// A cell's kind, as `rnnpkg cells` lists them.
  public var cell = "lstm"
  /// Width of a cell's state.
  public var hidden = 256
  /// Other settings of the cell.
  public var cellOptions: JSONValue = .object(JSONObject())
  /// Which way texts are read; `both` is a model each way.
  public var direction = ReadingDirection.both
  /// Width of word vectors.
  public var embedding = 256

  /// The defaults: an LSTM each way, its state as wide as word vectors, 256.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case cell, hidden
    case cellOptions = "cell-options"
    case direction, embedding
  }

  /// The description of embedding and cells.
  var description: NetworkDescription {
    var configuration = cellOptions.objectValue ?? JSONObject()
    configuration["hidden"] = .integer(Int64(hidden))
    return NetworkDescription(
      embeddingSize: embedding, cell: CellKind(rawValue: cell), cellConfiguration: .object(configuration),
      layers: 1, direction: direction, initialState: .zero, readout: LastStateReadout.kind)
  }
}
