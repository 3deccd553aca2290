/// How far a converted network is from its source.
public struct ReferenceComparison: Sendable, Equatable {
  /// A text that is cut into other tokens than the source's.
  public struct TokenDifference: Sendable, Equatable {
    /// The record's line in the reference, from 1.
    public var line: Int
    /// As ids of the package.
    public var expected: [Int]
    /// What the package's tokenizer makes of the text.
    public var found: [Int]

    /// A difference of ids of the package.
    public init(line: Int, expected: [Int], found: [Int]) {
      self.line = line
      self.expected = expected
      self.found = found
    }
  }

  /// How many records were compared.
  public var records = 0
  /// Between two logits; infinite where one is no number.
  public var largestDifference: Float = 0
  /// The line of the record that has it.
  public var largestLine = 0
  /// In the order of the records; their logits are compared all the same, on the source's ids.
  public var tokenDifferences: [TokenDifference] = []

  mutating func add(_ found: [Float], _ record: ReferenceRecord) {
    let differences = zip(found, record.logits).map { ($0 - $1).magnitude }
    let largest = differences.reduce(0) { max($0, $1.isFinite ? $1 : .infinity) }
    if records == 0 || largest > largestDifference {
      (largestDifference, largestLine) = (largest, record.line)
    }
    records += 1
  }
}
