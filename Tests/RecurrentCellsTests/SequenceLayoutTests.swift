import RecurrentCells
import RecurrentNumerics
import Testing

@Suite struct SequenceLayoutTests {
  /// Against counting the sequences that are longer than each step.
  @Test(arguments: [
    [], [0], [1], [7], [0, 0], [5, 5, 5], [9, 4, 4, 1, 0], [6, 5, 4, 3, 2, 1], [3, 3, 0], [1_000, 2],
  ])
  func stepsAreThoseOfTheirSequences(_ lengths: [Int]) {
    let layout = SequenceLayout(lengths: lengths)
    let live = (0..<(lengths.first ?? 0)).map { step in lengths.count { $0 > step } }
    #expect(Array(layout.liveRows) == live)
    #expect(layout.timeSteps == live.count && layout.batchSize == lengths.count)
    var offsets = [0]
    for count in live { offsets.append(offsets[offsets.count - 1] + count) }
    #expect(Array(layout.rowOffsets) == offsets)
    #expect(layout.rows == lengths.reduce(0, +))
    for first in 0..<min(live.count, 8) {
      let window = layout.window(first..<live.count)
      #expect(Array(window.liveRows) == Array(live[first...]))
      #expect(window.rows == layout.rows - offsets[first])
    }
  }

  @Test func reversedRowsAreTheirOwnReverse() {
    let rows = SequenceLayout(lengths: [9, 4, 4, 1, 0]).reversedRows()
    #expect(rows.sorted() == Array(0..<18))
    #expect(rows.indices.allSatisfy { rows[Int(rows[$0])] == Int32($0) })
  }

  @Test func aMaskIsTheSameAtAllStepsOfASequence() {
    let lengths = [5, 3, 3, 1, 0]
    let layout = SequenceLayout(lengths: lengths)
    let rows = Matrix(rows: layout.rows, columns: 3, values: [Float](repeating: 2, count: layout.rows * 3))
    let mask = Matrix(rows: lengths.count, columns: 3, values: (0..<lengths.count * 3).map { Float($0) })
    layout.multiply(rows, by: mask, kernels: .best)
    for step in 0..<layout.timeSteps {
      for sequence in 0..<layout.liveRows[step] {
        let found = rows.rowValues(layout.rowOffsets[step] + sequence)
        #expect(found == mask.rowValues(sequence).map { 2 * $0 })
      }
    }
  }
}
