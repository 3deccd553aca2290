import ModelPackage
import RecurrentCells
import TextEncoding

/// What a state dict does not say of itself: the tables of a TOML file.
///
/// ```toml
/// weights = "model.safetensors"        # beside this file
/// vocabulary = "vocabulary.txt"        # one token a line, line 1 is id 0; a backslash is written \\
/// labels = ["negative", "positive"]    # in the order of the logits
/// layout = "pytorch"                   # whose shapes and gate order: LSTM i f g o, GRU r z n
///
/// [model]
/// cell = "gru"
/// reset = "after"
/// hidden = 128
/// embedding = 100
/// layers = 1
/// direction = "both"
/// readout = "last"
///
/// [tokenizer]
/// case = "lower"
///
/// [specials]                           # ids of the source; what it lacks is left out
/// pad = 0
/// unknown = 1
///
/// [names]                              # beginnings of our names = beginnings of theirs
/// "rnn." = "gru."
/// "readout." = "fc."
/// ```
///
/// What has two meanings must be named: the layout, where a GRU resets, what activates a vanilla cell, the case of letters.
public struct ImportDescription: Sendable, Equatable, Decodable {
  /// The state dict, beside the description.
  public var weights: String
  /// The vocabulary, beside the description.
  public var vocabulary: String
  /// Whose shapes and gate order the weights have.
  public var layout: String?
  /// In the order of the logits.
  public var labels: [String]
  /// The table `[model]`.
  public var model: ModelTable
  /// The table `[tokenizer]`.
  public var tokenizer: TokenizerTable
  /// The table `[specials]`.
  public var specials: SpecialsTable
  /// The table `[output]`; when absent a temperature of 1, or that of a file that `rnnpkg export` wrote.
  public var output: OutputTable?
  /// The table `[package]`; a package `imported`, version `1.0.0`, when absent.
  public var package: PackageTable?
  /// Beginnings of tensor names as packages have them, and what the source has instead; the longest that fits counts.
  public var names: NamedValues<String>?

  /// The layouts that are read.
  public static let layouts = ["pytorch"]

  /// The network that the weights belong to: the table `[model]`.
  public struct ModelTable: Sendable, Equatable, Decodable {
    /// `rnn`, `lstm` or `gru`, or the kind of a registered cell.
    public var cell: String
    /// Width of h_t, from 1 to 65,536.
    public var hidden: Int
    /// Width of word vectors, from 1 to 65,536.
    public var embedding: Int
    /// Recurrent layers, from 1 to 64.
    public var layers: Int
    /// Which way texts are read: `forward`, `backward` or `both`.
    public var direction: ReadingDirection
    /// `last`, `concat` or `attention`, or the kind of a registered readout.
    public var readout: String
    /// Of a GRU: `after` the recurrent product, as PyTorch does, or `before` it.
    public var reset: String?
    /// Of a vanilla cell: `tanh` or `relu`.
    public var activation: String?
    /// `zero` when absent.
    public var initialState: InitialState?

    private enum CodingKeys: String, CodingKey {
      case cell, hidden, embedding, layers, direction, readout, reset, activation
      case initialState = "initial-state"
    }
  }

  /// How the source cuts texts, as settings of the tokenizer `word`: the table `[tokenizer]`.
  public struct TokenizerTable: Sendable, Equatable, Decodable {
    /// The key `case`, `lower` or `keep`; it must be named.
    public var letterCase: WordTokenizerConfiguration.LetterCase
    /// `NFC` when absent.
    public var normalization: WordTokenizerConfiguration.Normalization?
    /// Tokens kept of a longer text; all when absent.
    public var maxTokens: Int?
    /// `tail` when absent.
    public var truncate: Truncation?

    private enum CodingKeys: String, CodingKey {
      case normalization, truncate
      case letterCase = "case"
      case maxTokens = "max-tokens"
    }
  }

  /// Ids of the source's special tokens. Words that the vocabulary lacks need one; a text without words is `end`.
  public struct SpecialsTable: Sendable, Equatable, Decodable {
    /// Stands for every word that the vocabulary lacks.
    public var unknown: Int
    /// `nil` where the source has none; its row is zeros then.
    public var pad: Int?
    /// `nil` where the source has none; its row is zeros then.
    public var begin: Int?
    /// `nil` where the source has none; a text without words reads a row of zeros then.
    public var end: Int?

    /// In the order of `Vocabulary.specialTokens`.
    var ids: [Int?] { [pad, unknown, begin, end] }
    static let names = ["pad", "unknown", "begin", "end"]
  }

  /// What becomes of the logits: the table `[output]`.
  public struct OutputTable: Sendable, Equatable, Decodable {
    /// What logits are divided by before the softmax.
    public var temperature: Double?
  }

  /// What the manifest says of the package: the table `[package]`.
  public struct PackageTable: Sendable, Equatable, Decodable {
    /// A word for file names; `imported` when absent.
    public var name: String?
    /// A word for file names; `1.0.0` when absent.
    public var version: String?
    /// One line on what it does; when absent left out of the manifest, as what follows is.
    public var summary: String?
    /// An SPDX expression.
    public var license: String?
    /// Of the texts, as BCP 47 tags.
    public var languages: [String]?
    /// Words to find it by.
    public var tags: [String]?
  }

  /// Refuses a licence that is no SPDX expression, as `rnnpkg pack` does.
  func checkLicense() throws(ImportError) {
    guard let license = package?.license, LicenseExpression(license) == nil else { return }
    throw .license(license)
  }

  /// The name that the source has for a tensor.
  func sourceName(of name: String) -> String {
    let fitting = (names?.entries ?? []).filter { name.utf8.starts(with: $0.name.utf8) }
    guard let longest = fitting.max(by: { $0.name.utf8.count < $1.name.utf8.count }) else { return name }
    return longest.value + String(decoding: name.utf8.dropFirst(longest.name.utf8.count), as: UTF8.self)
  }
}
