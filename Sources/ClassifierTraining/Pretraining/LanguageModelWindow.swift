import RecurrentCells
import TextEncoding

/// The tokens of a window in packed order, and what follows each.
struct LanguageModelWindow {
  let layout: SequenceLayout
  let tokens: [Int32]
  let targets: [Int32]

  init(_ pieces: [TextStreams.Piece], texts: [[Int32]], isReversed: Bool) {
    let layout = SequenceLayout(lengths: pieces.map(\.count))
    self.layout = layout
    var tokens = [Int32](repeating: 0, count: layout.rows)
    var targets = tokens
    for (sequence, piece) in pieces.enumerated() {
      let text = texts[piece.text]
      let last = text.count - 1
      for step in 0..<piece.count {
        let position = piece.start + step
        let row = layout.rowOffsets[step] + sequence
        tokens[row] = text[isReversed ? last - position : position]
        targets[row] =
          position == last ? Vocabulary.endID : text[isReversed ? last - position - 1 : position + 1]
      }
    }
    self.tokens = tokens
    self.targets = targets
  }
}
