/// Examples as a network reads them: token ids, and what is to be said of them.
public struct EncodedExamples: Sendable {
  /// Token ids of each example.
  public private(set) var tokens: [[Int32]] = []
  /// What is to be said of each example, in the same order.
  public private(set) var targets: [ExampleTarget] = []

  /// No examples.
  public init() {}

  /// Adds an example; neither ids nor target are checked.
  public mutating func append(tokens: [Int32], target: ExampleTarget) {
    self.tokens.append(tokens)
    targets.append(target)
  }

  /// Adds an example with the number of its label.
  public mutating func append(tokens: [Int32], label: Int) { append(tokens: tokens, target: .label(label)) }

  /// How many examples there are.
  public var count: Int { targets.count }
  /// The likeliest label of each example.
  public var labels: [Int] { targets.map(\.likeliest) }
  /// Tokens of each example.
  public var lengths: [Int] { tokens.map(\.count) }
  /// Tokens of all examples.
  public var tokenCount: Int { tokens.reduce(0) { $0 + $1.count } }
}
