/// The texts of a batch and the sequences that run for each: one, or several where texts are chopped.
public struct TextPieces: Sendable, Equatable {
  /// Tokens of each text.
  public let lengths: [Int]
  /// The sequences of the layout, text by text, in reading order; `offsets` has one more entry than there are texts.
  private let sequences: [Int]
  private let offsets: [Int]

  /// Texts that run whole.
  public init(lengths: [Int]) {
    self.init(lengths: lengths, sequences: Array(lengths.indices), offsets: Array(0...lengths.count))
  }

  init(lengths: [Int], sequences: [Int], offsets: [Int]) {
    self.lengths = lengths
    self.sequences = sequences
    self.offsets = offsets
  }

  /// Texts.
  public var count: Int { lengths.count }

  /// The sequences of a text's pieces, at least one, in the direction's reading order.
  public subscript(text: Int) -> ArraySlice<Int> { sequences[offsets[text]..<offsets[text + 1]] }

  /// The sequence of the piece that is read last.
  public func last(_ text: Int) -> Int { sequences[offsets[text + 1] - 1] }

  /// The same where texts are read from their ends.
  var reversed: TextPieces {
    var result: [Int] = []
    result.reserveCapacity(sequences.count)
    for text in 0..<count { result += self[text].reversed() }
    return TextPieces(lengths: lengths, sequences: result, offsets: offsets)
  }
}
