import StrictJSON

/// Why texts give no partner.
public enum PartnerError: Error, Equatable {
  case noFeatures(minDocuments: Int)
  case noRoom(bytes: Int)
  /// All texts of a kind, `training` or `dev`, have one label.
  case oneLabel(String, texts: String)
  /// No dev text is so long that the partner would have a say in it.
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
      "all \(texts) texts have the label \(EscapedText(label)), which tells nothing of the others; give texts of at least two"
    case .shortTexts(let minimum, let longest):
      "the longest dev text has \(longest) tokens, so a partner with a say in texts of \(minimum) or more could not be "
        + "fitted; give longer texts or a smaller partner.min-tokens"
    case .noRoom(let bytes): "a partner of so many labels does not fit partner.max-bytes of \(bytes)"
    }
  }
}
