import StrictJSON

extension Manifest {
  /// How text becomes token ids.
  public struct Tokenizer: Sendable, Equatable, Codable {
    public struct Specials: Sendable, Equatable, Codable {
      public var pad: Int
      public var unknown: Int
      public var begin: Int
      public var end: Int

      public init(pad: Int = 0, unknown: Int = 1, begin: Int = 2, end: Int = 3) {
        self.pad = pad
        self.unknown = unknown
        self.begin = begin
        self.end = end
      }
    }

    public var type: String
    public var version: Int
    public var normalization: String?
    public var letterCase: String?
    public var specials: Specials?
    /// Tokens in the vocabulary, special ones included: lines of `vocabulary.txt`.
    public var size: Int
    public var minDocuments: Int?
    /// Tokens kept of a longer text; all when absent.
    public var maxTokens: Int?
    public var truncate: String?
    /// `sha256:` and the digest of what decides the token ids.
    public var fingerprint: String?

    private enum CodingKeys: String, CodingKey {
      case type, version, normalization, specials, size, minDocuments, maxTokens, truncate, fingerprint
      case letterCase = "case"
    }

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
    public var embedding: Embedding
    public var encoder: Encoder
    public var readout: Readout
    public var output: Output
    /// Learned numbers in all tensors.
    public var parameters: Int?
    /// How weights are stored.
    public var dtype: TensorType
    /// How `i8` weights are meant; absent for other types.
    public var quantization: Quantization?
    /// A linear classifier beside the network; most packages have none.
    public var partner: Partner?

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
    public var type: String
    /// What has a scale of its own.
    public var granularity: String
    /// How the other factor of a product becomes integers.
    public var activations: String
    public var version: Int

    /// 8-bit integers with a scale for each row, multiplied by rows of activations that are quantised as they come.
    public static let int8 = Quantization(
      type: "int8", granularity: "row", activations: "dynamic row", version: 1)
  }

  public struct Embedding: Sendable, Equatable, Codable {
    public var dim: Int
    public var trainable: Bool?

    public init(dim: Int, trainable: Bool? = nil) {
      self.dim = dim
      self.trainable = trainable
    }
  }

  /// The recurrent layers.
  public struct Encoder: Sendable, Equatable, Codable {
    public enum Direction: String, Sendable, Codable, CaseIterable {
      case forward, backward, both
    }
    /// How the two directions are joined.
    public enum Merge: String, Sendable, Codable, CaseIterable {
      case concat, sum, mean
    }
    public enum InitialState: String, Sendable, Codable, CaseIterable {
      case zero, learned
    }

    public var cell: Cell
    public var layers: Int
    public var direction: Direction
    public var merge: Merge?
    public var initialState: InitialState
    /// Bound on the magnitude of a cell state; none when absent.
    public var cellClip: Double?
    /// How the cells run over a text; from its first token to its last when absent.
    public var running: Running?

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

    public init(kind: String, length: Int? = nil) {
      self.kind = kind
      self.length = length
    }
  }

  /// The cell of the recurrent layers. Only its registry knows what `config` means.
  public struct Cell: Sendable, Equatable, Codable {
    public var id: String
    public var version: Int
    /// The cell's own hyper-parameters, an object.
    public var config: JSONValue
    /// Names of the gates in the order of the rows of the matrices.
    public var gates: [String]?
    /// How biases are stored, `split` for one per product.
    public var biases: String?

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
    public var type: String
    public var dropout: Double?
    /// Sizes of the dense layers before the logits.
    public var hidden: [Int]?

    public init(type: String, dropout: Double? = nil, hidden: [Int]? = nil) {
      self.type = type
      self.dropout = dropout
      self.hidden = hidden
    }
  }

  /// What becomes of the logits.
  public struct Output: Sendable, Equatable, Codable {
    public var activation: String
    public var calibration: Calibration?
    /// Scores below this are given as no answer.
    public var abstainBelow: Double?
    public var conformal: Conformal?
    /// Score from which each label counts, when a text can have several.
    public var thresholds: [Double]?

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
    public var method: String
    /// The temperature that divides the logits.
    public var t: Double?
    /// A bias per label, added after the division.
    public var bias: [Double]?
    /// Expected calibration error on the calibration data, before and after.
    public var eceBefore: Double?
    public var eceAfter: Double?

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
    public var alpha: Double
    public var quantile: Double

    public init(alpha: Double, quantile: Double) {
      self.alpha = alpha
      self.quantile = quantile
    }
  }
}
