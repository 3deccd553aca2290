/// Why a text gets no scores.
public enum ClassificationError: Error, Equatable, CustomStringConvertible {
  /// Weights near the largest numbers overflowed.
  case notFinite
  /// The network keeps something for each token, and has no memory for so many; at most `RecurrentNetwork.tokenLimit`.
  case tooManyTokens(Int, limit: Int)

  /// One line: why there are no scores, and what to do about too many tokens.
  public var description: String {
    switch self {
    case .notFinite: "the package's weights overflow on this text; no score can be given"
    case .tooManyTokens(let count, let limit):
      "the text has \(count) tokens, and the package's network takes \(limit) at most; split it, or limit the tokens that "
        + "are read"
    }
  }
}
