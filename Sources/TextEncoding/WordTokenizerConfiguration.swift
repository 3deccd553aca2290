/// The recorded choices of a word tokeniser; a package keeps them, so that a text always gives the same tokens.
public struct WordTokenizerConfiguration: Codable, Hashable, Sendable {
  /// The Unicode normal form of tokens.
  public enum Normalization: String, Codable, CaseIterable, Sendable {
    /// Canonical composition: "é" is one scalar however it was typed.
    case nfc = "NFC"
    case none
  }

  public enum LetterCase: String, Codable, CaseIterable, Sendable {
    case lower
    case keep
  }

  /// The version of the rules; this build knows 1.
  public var version: Int
  public var normalization: Normalization
  public var letterCase: LetterCase

  public init(version: Int = 1, normalization: Normalization = .nfc, letterCase: LetterCase = .lower) {
    self.version = version
    self.normalization = normalization
    self.letterCase = letterCase
  }
}
