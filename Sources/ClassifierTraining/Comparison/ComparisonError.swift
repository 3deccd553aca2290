/// Why two packages cannot be compared.
public enum ComparisonError: Error, Equatable {
  case labels(before: [String], after: [String])
}

extension ComparisonError: CustomStringConvertible {
  /// One line: the labels of both, and how to compare the rest.
  public var description: String {
    switch self {
    case .labels(let before, let after):
      "the packages have other labels: \(LabelOrder.shown(before)) against \(LabelOrder.shown(after)); "
        + "leave --data out to compare the rest"
    }
  }
}
