import StrictJSON

extension Manifest {
  /// How the weights came to be.
  public struct Training: Sendable, Equatable, Codable {
    /// `training.seed` of the configuration; absent where that is beyond 63 bits.
    public var seed: Int?
    /// Every option of the run, defaults included.
    public var config: JSONValue?
    /// Epochs done when the package was made.
    public var epochs: Int?
    /// The epoch whose weights these are, from 1.
    public var bestEpoch: Int?
    /// What made that epoch the best: `valid.` and the metric, such as `valid.macro-f1`.
    public var selectedBy: String?
    /// The data sets that the configuration names, then the files of the run with their digests.
    public var data: [DataSource]?
    /// Any JSON on pretraining. The tools write none: what training started from is `Provenance.baseModel`.
    public var pretraining: JSONValue?
    /// Seconds on the clock. The tools leave it out, so that the same run gives the same bytes.
    public var wallSeconds: Double?
    /// Worker threads; left out by the tools, as no result depends on them.
    public var threads: Int?
    /// What the run was on, in words; left out by the tools.
    public var platform: String?

    /// A record of what is known. All of it is information, so nothing is checked.
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
    /// What cards and `show` call it. A new evaluation takes the place of one whose data has the same name.
    public var name: String
    /// Where others get it.
    public var url: String?
    /// Its licence, not that of the weights; the form is not checked.
    public var license: String?
    /// Texts in it.
    public var rows: Int?
    /// Digest of its file, or of the list that `sha256sum` makes of a folder; the tools write `sha256:` before the 64 digits.
    /// Not checked.
    public var sha256: String?

    /// A data set. All of it is information, so nothing is checked.
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
    /// The data set that was answered.
    public var data: DataSource
    /// Results by name: the tools write `accuracy`, `macroF1`, `logLoss` (nats), `ece` and `brier`.
    public var metrics: NamedValues<Double>
    /// Figures of each label, by label. The tools leave them out where there are more than 1,000 labels.
    public var perClass: NamedValues<ClassMetrics>?
    /// Rows are true labels, columns predicted ones.
    public var confusion: [[Int]]?
    /// The command that repeats it.
    public var command: String?

    /// One measurement. `Manifest.validate()` checks the size of `confusion` and nothing else.
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

  /// How well one label was predicted. Shares are from 0 to 1, which is not checked.
  public struct ClassMetrics: Sendable, Equatable, Codable {
    /// The share of right answers among texts that got the label; 0 where none did.
    public var precision: Double
    /// The share of right answers among texts that have the label; 0 where none has.
    public var recall: Double
    /// The harmonic mean of precision and recall.
    public var f1: Double
    /// Texts that have the label.
    public var support: Int

    /// The figures of one label, unchecked.
    public init(precision: Double, recall: Double, f1: Double, support: Int) {
      self.precision = precision
      self.recall = recall
      self.f1 = f1
      self.support = support
    }
  }

  /// How fast the model answered on some machine. No tool writes it; those that change the weights drop it.
  public struct Speed: Sendable, Equatable, Codable {
    /// Texts per second.
    public var textsPerSecond: Double
    /// Threads that answered.
    public var threads: Int?
    /// The processor, in words.
    public var cpu: String?
    /// Mean length of the texts, in tokens.
    public var meanTokens: Double?

    /// A measurement. All of it is information, so nothing is checked.
    public init(textsPerSecond: Double, threads: Int? = nil, cpu: String? = nil, meanTokens: Double? = nil) {
      self.textsPerSecond = textsPerSecond
      self.threads = threads
      self.cpu = cpu
      self.meanTokens = meanTokens
    }
  }

  /// What a reader should know before using the model.
  public struct Card: Sendable, Equatable, Codable {
    /// What the model is for: a section of the `README.md` that the tools write.
    public var intendedUse: String?
    /// Where it errs: a section of that `README.md` too.
    public var limitations: String?
    /// Prejudices that the model is known to have: a section of that `README.md` too.
    public var bias: String?
    /// Uses it was not made for: a section of that `README.md` too.
    public var outOfScope: String?

    /// What is known of the four, in sentences; nothing is checked.
    public init(
      intendedUse: String? = nil, limitations: String? = nil, bias: String? = nil, outOfScope: String? = nil
    ) {
      self.intendedUse = intendedUse
      self.limitations = limitations
      self.bias = bias
      self.outOfScope = outOfScope
    }
  }

  /// What the package was made of, and when.
  public struct Provenance: Sendable, Equatable, Codable {
    /// RFC 3339 time, from the sources and not from the clock, so that rebuilds match.
    public var created: String?
    /// The package that training or rounding started from: `name`, `version` and `id`. Or `average`, a list
    /// of such with a `share` each.
    public var baseModel: JSONValue?
    /// What `rnnpkg import` was given: `format`, `layout`, `weights` (a file's name) and its `sha256`.
    public var convertedFrom: JSONValue?

    /// The origin of a package, unchecked.
    public init(created: String? = nil, baseModel: JSONValue? = nil, convertedFrom: JSONValue? = nil) {
      self.created = created
      self.baseModel = baseModel
      self.convertedFrom = convertedFrom
    }
  }
}
