/// Why a package has no equivalent in another format.
public enum ExportError: Error, Equatable, Sendable {
  /// Other formats hold the network alone.
  case partner
  /// Pieces or windows that other systems' recurrent layers do not run.
  case running(kind: String, length: Int)
  case cell(String, known: [String])
  case readout(String, known: [String])
  /// Beyond what readers of the format take.
  case tooLarge(bytes: Int, limit: Int)
}

extension ExportError: CustomStringConvertible {
  /// One line: what other formats do not take, and mostly what they do.
  public var description: String {
    switch self {
    case .partner:
      "the package has a linear partner, which other formats cannot hold; export the network alone with --without-partner"
    case .running(let kind, let length):
      "texts are \(kind) at \(length) tokens, which no layer of other systems does; export a package that was trained "
        + "without --chop and --windowed"
    case .cell(let kind, let known):
      "the cell \"\(kind)\" has no equivalent in other formats; those of \(known.joined(separator: ", ")) have"
    case .readout(let kind, let known):
      "the readout \"\(kind)\" has no equivalent in ONNX; those of \(known.joined(separator: ", ")) have"
    case .tooLarge(let bytes, let limit): "the file would have \(bytes) bytes; readers take up to \(limit)"
    }
  }
}
