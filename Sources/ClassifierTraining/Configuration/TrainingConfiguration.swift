import ModelPackage
import RecurrentCells
import SequenceClassifier
import StrictJSON
import TextEncoding

/// Every choice of a training run: what a configuration file holds and `--print-config` prints.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  public var data: DataOptions
  public var text: TextOptions
  public var model: ModelOptions
  public var training: TrainingOptions
  public var partner: PartnerOptions
  public var package: PackageOptions

  public init() {
    data = DataOptions()
    text = TextOptions()
    model = ModelOptions()
    training = TrainingOptions()
    partner = PartnerOptions()
    package = PackageOptions()
  }
}

/// Where labelled texts come from: the `[data]` table.
public struct DataOptions: Codable, Sendable, Equatable {
  /// Training files: TSV, CSV, JSON Lines or fastText, plain or gzip.
  public var train: [String]
  /// Dev data: a file, or the share of the training texts to hold out, such as `0.1`.
  public var valid: String
  /// Texts whose labels, if any, are not read: for virtual adversarial training, entropy minimisation and teachers.
  public var unlabelled: [String]
  /// Packages whose mean answer to each unlabelled text is learnt as if it were its label.
  public var teachers: [String]
  public var textField: String
  public var labelField: String
  /// How training and dev files are written.
  public var format: DataFormat
  /// What the data is, for the manifest: name, URL, licence, rows, SHA-256.
  public var sources: [Manifest.DataSource]

  init() {
    train = []
    valid = "0.1"
    unlabelled = []
    teachers = []
    textField = "text"
    labelField = "label"
    format = .auto
    sources = []
  }

  enum CodingKeys: String, CodingKey {
    case train, valid, unlabelled, teachers
    case textField = "text-field"
    case labelField = "label-field"
    case format, sources
  }
}

/// How texts become token ids: the `[text]` table.
public struct TextOptions: Codable, Sendable, Equatable {
  public var letterCase: WordTokenizerConfiguration.LetterCase
  public var normalization: WordTokenizerConfiguration.Normalization
  /// Times that a word must stand in the training texts.
  public var minCount: Int
  /// Most entries of the vocabulary, special tokens included; 0 for no limit. A package to start from keeps all of its
  /// words, which count too.
  public var vocabularySize: Int
  /// Most tokens of a training text; 0 for all.
  public var maxTokens: Int
  /// Which tokens of a longer one are kept.
  public var truncate: Truncation
  /// Most tokens that the packed classifier reads of a text; 0 for all.
  public var packagedMaxTokens: Int

  init() {
    letterCase = .lower
    normalization = .nfc
    minCount = 2
    vocabularySize = 30_000
    maxTokens = 400
    truncate = .tail
    packagedMaxTokens = 0
  }

  enum CodingKeys: String, CodingKey {
    case letterCase = "case"
    case normalization
    case minCount = "min-count"
    case vocabularySize = "vocabulary-size"
    case maxTokens = "max-tokens"
    case truncate
    case packagedMaxTokens = "packaged-max-tokens"
  }
}

/// The network: the `[model]` table.
public struct ModelOptions: Codable, Sendable, Equatable {
  /// A cell's kind, as `rnnpkg cells` lists them.
  public var cell: String
  /// Width of a cell's state.
  public var hidden: Int
  /// Other settings of the cell, such as `reset = "before"`.
  public var cellOptions: JSONValue
  public var layers: Int
  public var direction: ReadingDirection
  public var initialState: InitialState
  /// Width of word vectors.
  public var embedding: Int
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
  public var description: NetworkDescription {
    var configuration = cellOptions.objectValue ?? JSONObject()
    configuration["hidden"] = .integer(Int64(hidden))
    return NetworkDescription(
      embeddingSize: embedding, cell: CellKind(rawValue: cell), cellConfiguration: .object(configuration),
      layers: layers, direction: direction, initialState: initialState,
      readout: ReadoutKind(rawValue: readout),
      running: Running(kind: running, length: runningLength > 0 ? runningLength : nil) ?? .continuous)
  }
}

/// What the package says of itself: the `[package]` table.
public struct PackageOptions: Codable, Sendable, Equatable {
  public var name: String
  public var version: String
  public var summary: String
  public var license: String
  public var languages: [String]
  public var tags: [String]
  /// How weights are stored: `f32`, or `f16` for half the size.
  public var dtype: TensorType
  public var intendedUse: String
  public var limitations: String
  /// Texts whose token ids and logits the package keeps, so that `rnnpkg verify` can replay them.
  public var checks: [String]

  /// The name of a package that was given none; `rnnpkg train` puts the output file's in its place.
  public static let unnamed = "model"

  init() {
    name = PackageOptions.unnamed
    version = "1.0.0"
    summary = ""
    license = ""
    languages = []
    tags = []
    dtype = .f32
    intendedUse = ""
    limitations = ""
    checks = [
      "", "A warm, funny film.", "It's not bad at all, but I didn't like the end!",
      "Ça va\u{a0}? CAFE\u{301} \u{1f600}",
      "one two three four five six seven eight nine ten", "zzqx <br /> 8/10 :-)",
    ]
  }

  enum CodingKeys: String, CodingKey {
    case name, version, summary, license, languages, tags, dtype
    case intendedUse = "intended-use"
    case limitations, checks
  }
}
