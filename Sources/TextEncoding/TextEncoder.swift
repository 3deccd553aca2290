/// Which tokens of a long text are kept.
public enum Truncation: String, Codable, CaseIterable, Sendable {
  /// The first ones.
  case head
  /// The last ones.
  case tail
  /// As many of the first as of the last; of an odd number one more of the first.
  case middle
}

/// A text as a network reads it.
public struct EncodedText: Hashable, Sendable {
  /// Token ids, at least one: a text without tokens is the id of `</s>`.
  public let ids: [Int32]
  /// Tokens of the text before any were cut.
  public let tokenCount: Int
  /// Tokens among those kept that the vocabulary lacks.
  public let unknownCount: Int
  /// Whether `tokenCount` is above the limit, so that some tokens are not among `ids`.
  public let isTruncated: Bool
}

/// Text to token ids: a tokeniser, a vocabulary, and a limit on length.
public struct TextEncoder: Sendable {
  /// What cuts a text into tokens.
  public let tokenizer: WordTokenizer
  /// The tokens that have an id of their own; all others share `Vocabulary.unknownID`.
  public let vocabulary: Vocabulary
  /// Most tokens kept; `nil` for all.
  public let maxTokens: Int?
  /// Which tokens of a longer text are kept; without `maxTokens` of no effect.
  public let truncation: Truncation

  /// An encoder of these parts.
  /// - Parameter maxTokens: 0 or more; `nil` for no limit.
  public init(
    tokenizer: WordTokenizer, vocabulary: Vocabulary, maxTokens: Int? = nil, truncation: Truncation = .tail
  ) {
    precondition(maxTokens.map { $0 >= 0 } ?? true, "a limit of \(maxTokens ?? 0) tokens")
    self.tokenizer = tokenizer
    self.vocabulary = vocabulary
    self.maxTokens = maxTokens
    self.truncation = truncation
  }

  /// Encodes a text; the time taken is linear in its length.
  public func encode(_ text: String) -> EncodedText { encode(text, showing: { _ in }) }

  /// Encodes a text, and shows each token's normal form to `body`.
  func encode(_ text: String, showing body: ([UInt8]) -> Void) -> EncodedText {
    var ids: [Int32] = []
    tokenizer.forEachToken(of: text) { bytes, _ in
      body(bytes)
      ids.append(vocabulary.id(ofBytes: bytes) ?? Vocabulary.unknownID)
    }
    let count = ids.count
    if let limit = maxTokens, count > limit { ids = cut(ids, limit: limit) }
    if ids.isEmpty { ids = [Vocabulary.endID] }
    return EncodedText(
      ids: ids, tokenCount: count, unknownCount: ids.count { $0 == Vocabulary.unknownID },
      isTruncated: count > (maxTokens ?? count))
  }

  private func cut(_ ids: [Int32], limit: Int) -> [Int32] {
    switch truncation {
    case .head: Array(ids.prefix(limit))
    case .tail: Array(ids.suffix(limit))
    case .middle: Array(ids.prefix((limit + 1) / 2) + ids.suffix(limit / 2))
    }
  }
}
