import RecurrentCells

/// Token ids of several texts in packed order: longest first, time-major, no padding.
public struct TokenBatch: Sendable {
  public let layout: SequenceLayout
  /// The token of each packed row.
  let tokens: [Int32]
  /// The token of each packed row where every sequence is read from its end.
  let reversedTokens: [Int32]
  let reversedRows: [Int32]
  /// For each sequence of the layout, its position among the sequences given.
  public let order: [Int]

  /// - Parameter sequences: token ids; equally long ones keep their order.
  public init(_ sequences: [[Int32]]) {
    let order = sequences.indices.sorted { (sequences[$0].count, $1) > (sequences[$1].count, $0) }
    self.order = order
    let layout = SequenceLayout(lengths: order.map { sequences[$0].count })
    self.layout = layout
    var tokens = [Int32](repeating: 0, count: layout.rows)
    for (position, index) in order.enumerated() {
      for (step, token) in sequences[index].enumerated() {
        tokens[layout.rowOffsets[step] + position] = token
      }
    }
    self.tokens = tokens
    let reversed = layout.reversedRows()
    reversedRows = reversed
    reversedTokens = reversed.map { tokens[Int($0)] }
  }
}
