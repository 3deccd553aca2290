/// Examples as a network reads them: token ids, and what is to be said of them.
public struct EncodedExamples: Sendable {
  public private(set) var tokens: [[Int32]] = []
  public private(set) var targets: [ExampleTarget] = []

  public init() {}

  public mutating func append(tokens: [Int32], target: ExampleTarget) {
    self.tokens.append(tokens)
    targets.append(target)
  }

  public mutating func append(tokens: [Int32], label: Int) { append(tokens: tokens, target: .label(label)) }

  public var count: Int { targets.count }
  /// The likeliest label of each example.
  public var labels: [Int] { targets.map(\.likeliest) }
  /// Tokens of each example.
  public var lengths: [Int] { tokens.map(\.count) }
  /// Tokens of all examples.
  public var tokenCount: Int { tokens.reduce(0) { $0 + $1.count } }
}
