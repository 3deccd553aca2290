import ModelPackage
import RecurrentCells
import SequenceClassifier
import TextEncoding

/// How texts become token ids: the `[text]` table.
public struct TextOptions: Codable, Sendable, Equatable {
  /// Whether words keep their capitals.
  public var letterCase: WordTokenizerConfiguration.LetterCase
  /// The Unicode form that texts are brought to.
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

extension TextOptions {
  /// Refuses values that no run can use.
  func validate() throws(OptionError) {
    let require = OptionChecks(table: "text")
    let largest = Vocabulary.entryLimit
    try require(minCount >= 1, "min-count", minCount, "1 or more")
    try require(
      vocabularySize == 0 || (5...largest).contains(vocabularySize), "vocabulary-size", vocabularySize,
      "0 for no limit, or from 5 to \(largest)")
    try require(maxTokens >= 0, "max-tokens", maxTokens, "0 for all, or a number of tokens")
    try require(
      packagedMaxTokens >= 0, "packaged-max-tokens", packagedMaxTokens, "0 for all, or a number of tokens")
  }
}
