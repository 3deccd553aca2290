/// Examples as a network reads them: token ids and the number of the label.
public struct EncodedExamples: Sendable {
  public private(set) var tokens: [[Int32]] = []
  public private(set) var labels: [Int] = []

  public init() {}

  public mutating func append(tokens: [Int32], label: Int) {
    self.tokens.append(tokens)
    labels.append(label)
  }

  public var count: Int { labels.count }
  /// Tokens of each example.
  public var lengths: [Int] { tokens.map(\.count) }
  /// Tokens of all examples.
  public var tokenCount: Int { tokens.reduce(0) { $0 + $1.count } }
}
