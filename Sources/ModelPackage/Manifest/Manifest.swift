import Cryptography
import StrictJSON

/// What a package says about itself: `manifest.json`.
///
/// Read with `init(parsing:)`, which checks every rule; written by `canonicalBytes()`. Keys that start with `x-` are kept
/// where what they stand in is kept, and of a list's element where it says the same.
public struct Manifest: Sendable, Equatable, Codable {
  /// Format and its major version, `rnnpkg/1`.
  public var format: String
  /// Lower-case letters, digits, `.`, `_` and `-`; part of file names.
  public var name: String
  /// The package's own version: 1 to 64 letters, digits and, not first, `.`, `_`, `-` and `+`.
  public var version: String
  /// What the model does, in a sentence for `rnnpkg show` and `README.md`; information.
  public var summary: String?
  /// The kind of answer, and the labels.
  public var task: Task
  /// BCP 47 tags of the languages the model reads.
  public var languages: [String]?
  /// Words to find the package by; the front matter of a generated `README.md` has them too.
  public var tags: [String]?
  /// SPDX licence expression.
  public var license: String?
  /// Who made the package; information, which only `rnnpkg show --json` shows.
  public var authors: [String]?
  /// A page about the package; information, which only `rnnpkg show --json` shows.
  public var homepage: String?
  /// The oldest engine that reads the package, and the one that made it.
  public var engine: Engine
  /// The tokeniser, and the size of its vocabulary.
  public var tokenizer: Tokenizer
  /// The network and what stands beside it.
  public var model: Model
  /// How the weights came to be, where that is known.
  public var training: Training?
  /// Measurements of the finished model, a row each.
  public var evaluation: [Evaluation]?
  /// Failures of behaviour suites, a row each.
  public var behaviour: [Behaviour]?
  /// Texts per second on some machine; information.
  public var speed: Speed?
  /// Sentences for people; a generated `README.md` has them.
  public var card: Card?
  /// What the package was made of, and the time of those sources.
  public var provenance: Provenance?
  /// Digest and size of every other file; filled by the writer.
  public var files: NamedValues<FileRecord>
  /// The `x-` keys that it was read with.
  var extensionKeys: ExtensionKeys?

  private enum CodingKeys: String, CodingKey {
    case format, name, version, summary, task, languages, tags, license, authors, homepage, engine, tokenizer,
      model
    case training, evaluation, behaviour, speed, card, provenance, files
  }

  /// The format this version writes.
  public static let currentFormat = "rnnpkg/1"

  /// A manifest of the current format, which `validate()` checks. Rows of `behaviour` are set afterwards;
  /// `files` is filled by the package that the manifest goes into.
  public init(
    name: String, version: String, summary: String? = nil, task: Task, languages: [String]? = nil,
    tags: [String]? = nil, license: String? = nil, authors: [String]? = nil, homepage: String? = nil,
    engine: Engine,
    tokenizer: Tokenizer, model: Model, training: Training? = nil, evaluation: [Evaluation]? = nil,
    speed: Speed? = nil, card: Card? = nil, provenance: Provenance? = nil
  ) {
    format = Self.currentFormat
    self.name = name
    self.version = version
    self.summary = summary
    self.task = task
    self.languages = languages
    self.tags = tags
    self.license = license
    self.authors = authors
    self.homepage = homepage
    self.engine = engine
    self.tokenizer = tokenizer
    self.model = model
    self.training = training
    self.evaluation = evaluation
    self.speed = speed
    self.card = card
    self.provenance = provenance
    files = NamedValues()
  }

  /// Name and version as commands write them, `sentiment@1.2.0`.
  public var reference: String { "\(name)@\(version)" }

  /// What the model answers.
  public struct Task: Sendable, Equatable, Codable {
    /// What an answer is. This engine answers `classification`; the other two are kept for later.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      case classification, ordinal, regression
    }

    /// Anything but `classification` is refused when a classifier is loaded, as of a newer engine.
    public var type: Kind
    /// Whether a text can have several labels.
    public var multiLabel: Bool?
    /// Class names, in the order of the logits.
    public var labels: [String]
    /// The rating each label stands for, when labels are steps of a scale.
    public var ratings: [Double]?

    /// Checks nothing: `Manifest.validate()` wants one label or more, none twice; `regression` may have none.
    public init(type: Kind, multiLabel: Bool? = nil, labels: [String], ratings: [Double]? = nil) {
      self.type = type
      self.multiLabel = multiLabel
      self.labels = labels
      self.ratings = ratings
    }
  }

  /// Which versions of the engine made it and can run it.
  public struct Engine: Sendable, Equatable, Codable {
    /// The oldest engine that gives the package's answers: one to three whole numbers joined by dots, `1.0`.
    public var min: String
    /// `EngineVersion.current` of the engine that made the package; information.
    public var builtWith: String?
    /// The commit that engine was built from; information, which this engine leaves out.
    public var commit: String?

    /// Checks nothing: `Manifest.validate()` refuses a `min` that is no version or above this engine.
    public init(min: String, builtWith: String? = nil, commit: String? = nil) {
      self.min = min
      self.builtWith = builtWith
      self.commit = commit
    }
  }

  /// Digest and size of one file of the package.
  public struct FileRecord: Sendable, Equatable, Codable {
    /// 64 lower-case hexadecimal digits.
    public var sha256: String
    /// Bytes.
    public var size: Int

    /// Checks nothing: `Manifest.validate()` checks the digest's form and the size against the file's limit.
    public init(sha256: String, size: Int) {
      self.sha256 = sha256
      self.size = size
    }

    /// The record of a file with this content.
    package init(of bytes: [UInt8]) { self.init(sha256: SHA256.hexadecimal(of: bytes), size: bytes.count) }
  }
}
