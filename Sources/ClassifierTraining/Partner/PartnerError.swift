import StrictJSON

/// Why texts give no partner.
public enum PartnerError: Error, Equatable {
  case noFeatures(minDocuments: Int)
  case noRoom(bytes: Int)
  /// All texts of a kind, such as `dev texts`, have one label.
  case oneLabel(String, texts: String)
  /// The network reads so few tokens of each dev text that the partner would have a say in none.
  case shortTexts(minTokens: Int, longest: Int)
}

extension PartnerError: CustomStringConvertible {
  /// One line: what is wrong, and which texts or option to change.
  public var description: String {
    switch self {
    case .noFeatures(let count):
      "no word stands in \(count) of the training texts, so there is nothing to make a partner of; give more texts or a "
        + "smaller partner.min-documents"
    case .oneLabel(let label, let texts):
      "all \(texts) have the label \(EscapedText(label)), which tells nothing of the others; give texts of at least two"
    case .shortTexts(let minimum, let longest):
      "of no dev text the network reads more than \(longest) tokens, so a partner that has a say from \(minimum) on cannot "
        + "be fitted; give a smaller partner.min-tokens, or longer texts where the package's limit does not cut them"
    case .noRoom(let bytes): "a partner of so many labels does not fit partner.max-bytes of \(bytes)"
    }
  }
}
