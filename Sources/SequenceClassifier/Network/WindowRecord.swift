import RecurrentCells
import RecurrentNumerics

/// What one window of one layer left for `backward`.
final class WindowRecord {
  var layout = SequenceLayout(lengths: [])
  let input = Matrix()
  let output = Matrix()
  let tape: Tape

  init(_ tape: Tape) { self.tape = tape }
}
