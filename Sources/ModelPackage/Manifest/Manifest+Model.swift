import StrictJSON

extension Manifest {
  /// How text becomes token ids.
  public struct Tokenizer: Sendable, Equatable, Codable {
    /// Ids of the special tokens: 0, 1, 2 and 3 in version 1; loading a classifier refuses others.
    public struct Specials: Sendable, Equatable, Codable {
      /// Id of `<pad>`, 0; no text gives it.
      public var pad: Int
      /// Id of `<unk>`, 1: every token that the vocabulary lacks.
      public var unknown: Int
      /// Id of `<s>`, 2; no text gives it.
      public var begin: Int
      /// Id of `</s>`, 3: alone, a text without tokens.
      public var end: Int

      /// The ids of version 1, unless others are given; `Manifest.validate()` takes 0 to 1,999,999.
      public init(pad: Int = 0, unknown: Int = 1, begin: Int = 2, end: Int = 3) {
        self.pad = pad
        self.unknown = unknown
        self.begin = begin
        self.end = end
      }
    }

    /// The kind of tokeniser: `word`, the one that this engine has.
    public var type: String
    /// The version of its rules, from 1; loading a classifier refuses a later one than the engine's.
    public var version: Int
    /// `NFC`, also when absent, or `none`: the Unicode normal form of tokens.
    public var normalization: String?
    /// The member `case`: `lower`, also when absent, or `keep`.
    public var letterCase: String?
    /// What the special ids are, for readers elsewhere; the same when absent.
    public var specials: Specials?
    /// Tokens in the vocabulary, special ones included: lines of `vocabulary.txt`.
    public var size: Int
    /// Texts that a token had to stand in to enter the vocabulary; information.
    public var minDocuments: Int?
    /// Tokens kept of a longer text; all when absent.
    public var maxTokens: Int?
    /// Which tokens of a longer text are kept: `head`, `tail` (also when absent) or `middle`.
    public var truncate: String?
    /// `sha256:` and the digest of what decides the token ids.
    public var fingerprint: String?

    private enum CodingKeys: String, CodingKey {
      case type, version, normalization, specials, size, minDocuments, maxTokens, truncate, fingerprint
      case letterCase = "case"
    }

    /// Checks nothing: `Manifest.validate()` checks sizes and the form of words, and loading a classifier
    /// whether they are known.
    public init(
      type: String, version: Int = 1, normalization: String? = nil, letterCase: String? = nil,
      specials: Specials? = nil, size: Int, minDocuments: Int? = nil, maxTokens: Int? = nil,
      truncate: String? = nil,
      fingerprint: String? = nil
    ) {
      self.type = type
      self.version = version
      self.normalization = normalization
      self.letterCase = letterCase
      self.specials = specials
      self.size = size
      self.minDocuments = minDocuments
      self.maxTokens = maxTokens
      self.truncate = truncate
      self.fingerprint = fingerprint
    }
  }

  /// The network, from embedding to output.
  public struct Model: Sendable, Equatable, Codable {
    /// The word vectors, the first thing that a token id becomes.
    public var embedding: Embedding
    /// The recurrent layers, which read the word vectors.
    public var encoder: Encoder
    /// How the states of the top layer become features, and these logits.
    public var readout: Readout
    /// How logits become scores, and scores an answer.
    public var output: Output
    /// Learned numbers in all tensors.
    public var parameters: Int?
    /// How weights are stored.
    public var dtype: TensorType
    /// How `i8` weights are meant; absent for other types.
    public var quantization: Quantization?
    /// A linear classifier beside the network; most packages have none.
    public var partner: Partner?

    /// Checks nothing: `Manifest.validate()` asks for `quantization` with `i8`, and for none with others.
    public init(
      embedding: Embedding, encoder: Encoder, readout: Readout, output: Output, parameters: Int? = nil,
      dtype: TensorType = .f32, quantization: Quantization? = nil, partner: Partner? = nil
    ) {
      self.embedding = embedding
      self.encoder = encoder
      self.readout = readout
      self.output = output
      self.parameters = parameters
      self.dtype = dtype
      self.quantization = quantization
      self.partner = partner
    }
  }

  /// How quantised weights are stored and multiplied. There is one way, `int8`; any other is of a newer version.
  public struct Quantization: Sendable, Equatable, Codable {
    /// The integers, `int8`.
    public var type: String
    /// What has a scale of its own.
    public var granularity: String
    /// How the other factor of a product becomes integers.
    public var activations: String
    /// The version of this way, 1.
    public var version: Int

    /// 8-bit integers with a scale for each row, multiplied by rows of activations that are quantised as they come.
    public static let int8 = Quantization(
      type: "int8", granularity: "row", activations: "dynamic row", version: 1)
  }

  /// The word vectors: a table with a row for each token, `[tokenizer.size, dim]`.
  public struct Embedding: Sendable, Equatable, Codable {
    /// Width of a word vector, from 1 to 65,536.
    public var dim: Int
    /// Whether training changed the vectors; information.
    public var trainable: Bool?

    /// Checks nothing: `Manifest.validate()` does.
    public init(dim: Int, trainable: Bool? = nil) {
      self.dim = dim
      self.trainable = trainable
    }
  }

  /// The recurrent layers.
  public struct Encoder: Sendable, Equatable, Codable {
    /// The order in which layers read a text; `both` runs every level in either and joins the two.
    public enum Direction: String, Sendable, Codable, CaseIterable {
      case forward, backward, both
    }
    /// How the two directions are joined.
    public enum Merge: String, Sendable, Codable, CaseIterable {
      case concat, sum, mean
    }
    /// What the first state is: zeros, or a learned parameter, the same for every text.
    public enum InitialState: String, Sendable, Codable, CaseIterable {
      case zero, learned
    }

    /// The cell, the same in all levels and directions.
    public var cell: Cell
    /// Levels, from 1 to 64; with `both` directions each runs the cell in either.
    public var layers: Int
    /// The direction of all levels.
    public var direction: Direction
    /// `concat` when absent; loading a classifier refuses the other two, which are kept for later.
    public var merge: Merge?
    /// The first state of every level and direction, before its first token.
    public var initialState: InitialState
    /// Bound on the magnitude of a cell state; none when absent.
    public var cellClip: Double?
    /// How the cells run over a text; from its first token to its last when absent.
    public var running: Running?

    /// Checks nothing: `Manifest.validate()` does, and loading a classifier refuses what this engine lacks.
    public init(
      cell: Cell, layers: Int = 1, direction: Direction = .forward, merge: Merge? = nil,
      initialState: InitialState = .zero, cellClip: Double? = nil, running: Running? = nil
    ) {
      self.cell = cell
      self.layers = layers
      self.direction = direction
      self.merge = merge
      self.initialState = initialState
      self.cellClip = cellClip
      self.running = running
    }
  }

  /// How the cells of the recurrent layers run over a text.
  public struct Running: Sendable, Equatable, Codable {
    /// `continuous`, which has no length, `chopped` or `windowed`; any other is of a newer version.
    public var kind: String
    /// Tokens of a piece or of a window.
    public var length: Int?

    /// Kinds that this version defines.
    package static let knownKinds = ["continuous", "chopped", "windowed"]

    /// Checks nothing: `Manifest.validate()` wants a length with `chopped` and `windowed`, and none else.
    public init(kind: String, length: Int? = nil) {
      self.kind = kind
      self.length = length
    }
  }

  /// The cell of the recurrent layers. Only its registry knows what `config` means.
  public struct Cell: Sendable, Equatable, Codable {
    /// Name in the cell registry: `rnn`, `lstm`, `gru`, or one that a program registered.
    public var id: String
    /// The version of that cell, from 1; loading a classifier refuses any but 1.
    public var version: Int
    /// The cell's own hyper-parameters, an object.
    public var config: JSONValue
    /// Names of the gates in the order of the rows of the matrices.
    public var gates: [String]?
    /// How biases are stored, `split` for one per product.
    public var biases: String?

    /// Checks nothing: `Manifest.validate()` asks for an object as `config`, whose `hidden`, where it has
    /// one, is an integer from 1 to 65,536.
    public init(
      id: String, version: Int = 1, config: JSONValue, gates: [String]? = nil, biases: String? = nil
    ) {
      self.id = id
      self.version = version
      self.config = config
      self.gates = gates
      self.biases = biases
    }
  }

  /// What becomes of the states of a text.
  public struct Readout: Sendable, Equatable, Codable {
    /// Name in the readout registry: `last`, `concat`, `attention`, or one that a program registered.
    public var type: String
    /// The share of features that training dropped, from 0 to 1; information, as nothing is dropped in use.
    public var dropout: Double?
    /// Sizes of the dense layers before the logits.
    public var hidden: [Int]?

    /// Checks nothing: `Manifest.validate()` does, and loading a classifier refuses dense layers.
    public init(type: String, dropout: Double? = nil, hidden: [Int]? = nil) {
      self.type = type
      self.dropout = dropout
      self.hidden = hidden
    }
  }

  /// What becomes of the logits.
  public struct Output: Sendable, Equatable, Codable {
    /// `softmax`, the one that this engine has.
    public var activation: String
    /// Absent where logits become scores as they are.
    public var calibration: Calibration?
    /// Scores below this are given as no answer.
    public var abstainBelow: Double?
    /// Kept for readers elsewhere; no answer depends on it.
    public var conformal: Conformal?
    /// Score from which each label counts, when a text can have several.
    public var thresholds: [Double]?

    /// Checks nothing: `Manifest.validate()` does, and loading a classifier refuses `thresholds`.
    public init(
      activation: String, calibration: Calibration? = nil, abstainBelow: Double? = nil,
      conformal: Conformal? = nil,
      thresholds: [Double]? = nil
    ) {
      self.activation = activation
      self.calibration = calibration
      self.abstainBelow = abstainBelow
      self.conformal = conformal
      self.thresholds = thresholds
    }
  }

  /// How logits are turned into honest scores.
  public struct Calibration: Sendable, Equatable, Codable {
    /// `temperature`; loading a classifier refuses others.
    public var method: String
    /// The temperature that divides the logits.
    public var t: Double?
    /// A bias per label, added after the division.
    public var bias: [Double]?
    /// Expected calibration error on the calibration data, before and after.
    public var eceBefore: Double?
    /// The same error with `t` applied.
    public var eceAfter: Double?

    /// Checks nothing: `Manifest.validate()` asks for `t` within `Limits.temperature`, and loading a
    /// classifier for no `bias`.
    public init(
      method: String, t: Double? = nil, bias: [Double]? = nil, eceBefore: Double? = nil,
      eceAfter: Double? = nil
    ) {
      self.method = method
      self.t = t
      self.bias = bias
      self.eceBefore = eceBefore
      self.eceAfter = eceAfter
    }
  }

  /// The quantile that makes sets of labels cover the true one with probability 1 − `alpha`.
  public struct Conformal: Sendable, Equatable, Codable {
    /// The share of texts whose set may lack the true label, from 0 to 1.
    public var alpha: Double
    /// The quantile itself: any number, as nothing reads it.
    public var quantile: Double

    /// Checks nothing: `Manifest.validate()` checks `alpha`.
    public init(alpha: Double, quantile: Double) {
      self.alpha = alpha
      self.quantile = quantile
    }
  }
}
