/// Why hyper-parameters make no cell.
public enum CellConfigurationError: Error, Equatable {
  case sizeOutOfRange(name: String, value: Int, allowed: ClosedRange<Int>)
  /// A choice that the cell does not have. For cells of your own: those of this package decode theirs as enums.
  case unsupported(name: String, value: String, known: [String])
}

extension CellConfigurationError: CustomStringConvertible {
  /// One line: the size or choice, its value, and what it must be.
  public var description: String {
    switch self {
    case .sizeOutOfRange(let name, let value, let allowed):
      "\(name) is \(value); it must be from \(allowed.lowerBound) to \(allowed.upperBound)"
    case .unsupported(let name, let value, let known):
      "\(name) is \"\(value)\"; it must be one of \(known.joined(separator: ", "))"
    }
  }
}
