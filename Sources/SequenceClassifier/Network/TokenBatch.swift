import RecurrentCells

/// Token ids of several texts in packed order: longest first, time-major, no padding.
public struct TokenBatch: Sendable {
  /// Of what runs as one sequence: texts, or pieces of them.
  public let layout: SequenceLayout
  /// The token of each packed row.
  let tokens: [Int32]
  /// The packed row that each packed row is read from where every sequence is read from its end; empty where none is.
  let reversedRows: [Int32]
  /// For each text, longest first, its position among the texts given: the order of features and logits.
  public let order: [Int]
  /// Tokens of a piece; nil where texts run whole.
  public let pieceLength: Int?
  /// The sequences of each text of `order`.
  public let pieces: TextPieces
  let reversedPieces: TextPieces

  /// - Parameters:
  ///   - sequences: token ids of texts; equally long ones keep their order.
  ///   - pieceLength: as the network's `running` has it.
  ///   - isReadBackwards: whether a direction may read the texts from their ends.
  public init(_ sequences: [[Int32]], pieceLength: Int? = nil, isReadBackwards: Bool = true) {
    let order = sequences.indices.sorted { (sequences[$0].count, $1) > (sequences[$1].count, $0) }
    self.order = order
    self.pieceLength = pieceLength
    let lengths = order.map { sequences[$0].count }
    let plan = pieceLength.map { PiecePlan(textLengths: lengths, pieceLength: $0) }
    let layout = SequenceLayout(lengths: plan?.lengths ?? lengths)
    self.layout = layout
    pieces = plan?.pieces ?? TextPieces(lengths: lengths)
    reversedPieces = plan == nil ? pieces : pieces.reversed
    tokens = Self.packed(sequences, order, layout, pieces)
    reversedRows = isReadBackwards ? layout.reversedRows() : []
  }

  /// The token of each packed row.
  private static func packed(
    _ sequences: [[Int32]], _ order: [Int], _ layout: SequenceLayout, _ pieces: TextPieces
  ) -> [Int32] {
    // One text that runs whole lies packed as it is.
    if sequences.count == 1, layout.batchSize == 1 { return sequences[0] }
    var tokens = [Int32](repeating: 0, count: layout.rows)
    for (text, index) in order.enumerated() {
      var start = 0
      for sequence in pieces[text] {
        for step in 0..<layout.lengths[sequence] {
          tokens[layout.rowOffsets[step] + sequence] = sequences[index][start + step]
        }
        start += layout.lengths[sequence]
      }
    }
    return tokens
  }

  /// Tokens of adjacent packed rows, in the order in which one direction reads them.
  func tokens(of rows: Range<Int>, isReversed: Bool) -> [Int32] {
    isReversed ? reversedRows[rows].map { tokens[Int($0)] } : Array(tokens[rows])
  }

  /// The packed row that one direction reads at a place of its order; from a row to its place it is the same.
  func row(at place: Int, isReversed: Bool) -> Int { isReversed ? Int(reversedRows[place]) : place }

  /// The pieces of each text as one direction reads them.
  func pieces(isReversed: Bool) -> TextPieces { isReversed ? reversedPieces : pieces }
}

extension RecurrentNetwork {
  /// Texts as this network runs them.
  public func batch(_ sequences: [[Int32]]) -> TokenBatch {
    TokenBatch(sequences, pieceLength: running.pieceLength, isReadBackwards: readsBackwards)
  }
}

/// Which sequence each piece of a text becomes: the longest pieces first, otherwise text by text.
private struct PiecePlan {
  let lengths: [Int]
  let pieces: TextPieces

  init(textLengths: [Int], pieceLength: Int) {
    precondition(pieceLength > 0, "pieces of \(pieceLength) tokens")
    var given: [Int] = []
    var offsets = [0]
    for length in textLengths {
      // An empty text is one empty piece.
      for start in stride(from: 0, to: Swift.max(length, 1), by: pieceLength) {
        given.append(Swift.min(pieceLength, length - start))
      }
      offsets.append(given.count)
    }
    let order = given.indices.sorted { (given[$0], $1) > (given[$1], $0) }
    lengths = order.map { given[$0] }
    var sequences = [Int](repeating: 0, count: given.count)
    for (sequence, piece) in order.enumerated() { sequences[piece] = sequence }
    pieces = TextPieces(lengths: textLengths, sequences: sequences, offsets: offsets)
  }
}
