/// The recorded choices of a word tokeniser; a package keeps them, so that a text always gives the same tokens.
public struct WordTokenizerConfiguration: Codable, Hashable, Sendable {
  /// The Unicode normal form of tokens.
  public enum Normalization: String, Codable, CaseIterable, Sendable {
    /// Canonical composition: "é" is one scalar however it was typed.
    case nfc = "NFC"
    case none
  }

  /// What becomes of upper case: `lower` maps it to lower case, `keep` lets it tell tokens apart.
  public enum LetterCase: String, Codable, CaseIterable, Sendable {
    case lower
    case keep
  }

  /// The version of the rules; this build knows 1.
  public var version: Int
  /// Applied last, after case and the cut of repeats; `tokenizer.normalization` of a manifest.
  public var normalization: Normalization
  /// `tokenizer.case` of a manifest. Forms such as `:D` and `<url>` are outside it.
  public var letterCase: LetterCase

  /// The choices of version 1. Another `version` is recorded, but neither checked nor followed here.
  public init(version: Int = 1, normalization: Normalization = .nfc, letterCase: LetterCase = .lower) {
    self.version = version
    self.normalization = normalization
    self.letterCase = letterCase
  }
}
