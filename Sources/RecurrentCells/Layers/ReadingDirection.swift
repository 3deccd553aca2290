/// How a classifier reads a text: from its beginning, from its end, or both ways with parameters for each.
public enum ReadingDirection: String, Codable, CaseIterable, Sendable {
  case forward
  case backward
  case both

  /// For each direction of a layer, whether it reads from the end.
  public var reversals: [Bool] {
    switch self {
    case .forward: [false]
    case .backward: [true]
    case .both: [false, true]
    }
  }
}
