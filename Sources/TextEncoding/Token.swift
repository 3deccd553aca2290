/// A token and where it stands in the text.
public struct Token: Hashable, Sendable {
  /// Normalised, as a vocabulary holds it.
  public let text: String
  /// Bytes of the original text, as UTF-8.
  public let range: Range<Int>

  /// Takes both as they are: neither the form nor the place is checked.
  public init(text: String, range: Range<Int>) {
    self.text = text
    self.range = range
  }
}
