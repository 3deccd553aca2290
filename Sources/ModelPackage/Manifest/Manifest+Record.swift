import StrictJSON

extension Manifest {
  /// How the weights came to be.
  public struct Training: Sendable, Equatable, Codable {
    public var seed: Int?
    /// Every option of the run, defaults included.
    public var config: JSONValue?
    public var epochs: Int?
    public var bestEpoch: Int?
    public var selectedBy: String?
    public var data: [DataSource]?
    public var pretraining: JSONValue?
    public var wallSeconds: Double?
    public var threads: Int?
    public var platform: String?

    public init(
      seed: Int? = nil, config: JSONValue? = nil, epochs: Int? = nil, bestEpoch: Int? = nil,
      selectedBy: String? = nil, data: [DataSource]? = nil, pretraining: JSONValue? = nil,
      wallSeconds: Double? = nil,
      threads: Int? = nil, platform: String? = nil
    ) {
      self.seed = seed
      self.config = config
      self.epochs = epochs
      self.bestEpoch = bestEpoch
      self.selectedBy = selectedBy
      self.data = data
      self.pretraining = pretraining
      self.wallSeconds = wallSeconds
      self.threads = threads
      self.platform = platform
    }
  }

  /// A data set, named so that others can find it.
  public struct DataSource: Sendable, Equatable, Codable {
    public var name: String
    public var url: String?
    public var license: String?
    public var rows: Int?
    public var sha256: String?

    public init(
      name: String, url: String? = nil, license: String? = nil, rows: Int? = nil, sha256: String? = nil
    ) {
      self.name = name
      self.url = url
      self.license = license
      self.rows = rows
      self.sha256 = sha256
    }
  }

  /// One measurement of the finished model.
  public struct Evaluation: Sendable, Equatable, Codable {
    public var data: DataSource
    public var metrics: NamedValues<Double>
    public var perClass: NamedValues<ClassMetrics>?
    /// Rows are true labels, columns predicted ones.
    public var confusion: [[Int]]?
    /// The command that repeats it.
    public var command: String?

    public init(
      data: DataSource, metrics: NamedValues<Double>, perClass: NamedValues<ClassMetrics>? = nil,
      confusion: [[Int]]? = nil, command: String? = nil
    ) {
      self.data = data
      self.metrics = metrics
      self.perClass = perClass
      self.confusion = confusion
      self.command = command
    }
  }

  public struct ClassMetrics: Sendable, Equatable, Codable {
    public var precision: Double
    public var recall: Double
    public var f1: Double
    public var support: Int

    public init(precision: Double, recall: Double, f1: Double, support: Int) {
      self.precision = precision
      self.recall = recall
      self.f1 = f1
      self.support = support
    }
  }

  public struct Speed: Sendable, Equatable, Codable {
    public var textsPerSecond: Double
    public var threads: Int?
    public var cpu: String?
    public var meanTokens: Double?

    public init(textsPerSecond: Double, threads: Int? = nil, cpu: String? = nil, meanTokens: Double? = nil) {
      self.textsPerSecond = textsPerSecond
      self.threads = threads
      self.cpu = cpu
      self.meanTokens = meanTokens
    }
  }

  /// What a reader should know before using the model.
  public struct Card: Sendable, Equatable, Codable {
    public var intendedUse: String?
    public var limitations: String?
    public var bias: String?
    public var outOfScope: String?

    public init(
      intendedUse: String? = nil, limitations: String? = nil, bias: String? = nil, outOfScope: String? = nil
    ) {
      self.intendedUse = intendedUse
      self.limitations = limitations
      self.bias = bias
      self.outOfScope = outOfScope
    }
  }

  public struct Provenance: Sendable, Equatable, Codable {
    /// RFC 3339 time, from the sources and not from the clock, so that rebuilds match.
    public var created: String?
    public var baseModel: JSONValue?
    public var convertedFrom: JSONValue?

    public init(created: String? = nil, baseModel: JSONValue? = nil, convertedFrom: JSONValue? = nil) {
      self.created = created
      self.baseModel = baseModel
      self.convertedFrom = convertedFrom
    }
  }
}
