/// Why two packages cannot be compared.
public enum ComparisonError: Error, Equatable {
  case labels(before: [String], after: [String])
}

extension ComparisonError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .labels(let before, let after):
      "the packages have other labels: \(before.joined(separator: ", ")) against \(after.joined(separator: ", ")); "
        + "leave --data out to compare the rest"
    }
  }
}
