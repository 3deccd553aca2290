import Cryptography
import StrictJSON

/// What a package says about itself: `manifest.json`.
///
/// Read with `init(parsing:)`, which checks every rule; written by `canonicalBytes()`. Keys that start with `x-` are kept
/// as they were, wherever they stand.
public struct Manifest: Sendable, Equatable, Codable {
  /// Format and its major version, `rnnpkg/1`.
  public var format: String
  /// Lower-case letters, digits, `.`, `_` and `-`; part of file names.
  public var name: String
  public var version: String
  public var summary: String?
  public var task: Task
  /// BCP 47 tags of the languages the model reads.
  public var languages: [String]?
  public var tags: [String]?
  /// SPDX licence expression.
  public var license: String?
  public var authors: [String]?
  public var homepage: String?
  public var engine: Engine
  public var tokenizer: Tokenizer
  public var model: Model
  public var training: Training?
  public var evaluation: [Evaluation]?
  /// Failures of behaviour suites, a row each.
  public var behaviour: [Behaviour]?
  public var speed: Speed?
  public var card: Card?
  public var provenance: Provenance?
  /// Digest and size of every other file; filled by the writer.
  public var files: NamedValues<FileRecord>
  /// The `x-` keys, as a tree of objects and arrays that hold nothing else.
  var extensionKeys: JSONValue?

  private enum CodingKeys: String, CodingKey {
    case format, name, version, summary, task, languages, tags, license, authors, homepage, engine, tokenizer,
      model
    case training, evaluation, behaviour, speed, card, provenance, files
  }

  /// The format this version writes.
  public static let currentFormat = "rnnpkg/1"

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
    public enum Kind: String, Sendable, Codable, CaseIterable {
      case classification, ordinal, regression
    }

    public var type: Kind
    /// Whether a text can have several labels.
    public var multiLabel: Bool?
    /// Class names, in the order of the logits.
    public var labels: [String]
    /// The rating each label stands for, when labels are steps of a scale.
    public var ratings: [Double]?

    public init(type: Kind, multiLabel: Bool? = nil, labels: [String], ratings: [Double]? = nil) {
      self.type = type
      self.multiLabel = multiLabel
      self.labels = labels
      self.ratings = ratings
    }
  }

  /// Which versions of the engine made it and can run it.
  public struct Engine: Sendable, Equatable, Codable {
    public var min: String
    public var builtWith: String?
    public var commit: String?

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

    public init(sha256: String, size: Int) {
      self.sha256 = sha256
      self.size = size
    }

    /// The record of a file with this content.
    package init(of bytes: [UInt8]) { self.init(sha256: SHA256.hexadecimal(of: bytes), size: bytes.count) }
  }
}
