import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// Rows of a packed batch as lists of a sequence each, `[sequence][time][features]`, and back.
package enum PackedRows {
  package static func lists(_ rows: Matrix, _ batch: TokenBatch) -> [[[Double]]] {
    var lists = [[[Double]]](repeating: [], count: batch.order.count)
    for (position, sequence) in batch.order.enumerated() {
      lists[sequence] = (0..<batch.layout.lengths[position]).map { step in
        rows.rowValues(batch.layout.rowOffsets[step] + position).map(Double.init)
      }
    }
    return lists
  }

  package static func matrix(_ lists: [[[Double]]], _ batch: TokenBatch, width: Int) -> Matrix {
    let rows = Matrix(rows: batch.layout.rows, columns: width)
    for (position, sequence) in batch.order.enumerated() {
      for (step, values) in lists[sequence].enumerated() {
        rows.setRow(batch.layout.rowOffsets[step] + position, values.map(Float.init))
      }
    }
    return rows
  }

  /// Numbers in ±scale that are exact in `Float`.
  package static func random(lengths: [Int], width: Int, scale: Double, seed: UInt64) -> [[[Double]]] {
    var random = ReferenceRandom(seed: seed)
    return lengths.map { length in
      (0..<length).map { _ in
        (0..<width).map { _ in Double(Float(random.uniform(in: -scale..<scale))) }
      }
    }
  }
}
