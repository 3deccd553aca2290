/// A token and where it stands in the text.
public struct Token: Hashable, Sendable {
  /// Normalised, as a vocabulary holds it.
  public let text: String
  /// Bytes of the original text, as UTF-8.
  public let range: Range<Int>

  public init(text: String, range: Range<Int>) {
    self.text = text
    self.range = range
  }
}
