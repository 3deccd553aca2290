import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// Where and how far the embedded texts of a batch are moved: `[rows, embedding]`, in packed order.
///
///     N(d) = d' / √(10⁻⁶ + Σ d'²),  d' = d / max|d|,  over the whole text
///     move = ε r N(d),  r = the root mean square of the text's embedded features, before masks
///
/// r makes ε independent of the scale of word vectors: with features of variance 1 it is the papers'. A gradient that
/// is zero, or as good as zero, makes no move. Sums run over a text's rows in their order, so they depend on that text alone.
package final class PerturbationDirection {
  /// What is added to embedded words.
  package let rows = Matrix()
  private let embedded = Matrix()
  /// r of each text.
  private var rootMeanSquares: [Double] = []

  package init() {}

  /// Takes the texts' sizes r for what follows.
  package func begin(_ bound: BoundNetwork, _ batch: TokenBatch) {
    bound.embed(batch, into: embedded)
    let layout = batch.layout
    rootMeanSquares = layout.lengths.indices.map { text in
      let count = layout.lengths[text] * embedded.columns
      return (sumOfSquares(embedded, text, layout, bound.kernels) / Double(Swift.max(1, count))).squareRoot()
    }
  }

  /// Draws a normal direction for each text from a stream of its own.
  /// - Parameter keys: of the texts' streams, in the order of the layout.
  package func drawNormal(_ layout: SequenceLayout, random: RandomStream, keys: [Int]) {
    rows.reshape(rows: layout.rows, columns: embedded.columns)
    for (text, key) in keys.enumerated() {
      var stream = random.derived(UInt64(key))
      for step in 0..<layout.lengths[text] {
        stream.fillWithNormals(rows.row(layout.rowOffsets[step] + text), count: rows.columns)
      }
    }
  }

  /// Makes a move of size `epsilon` of the direction that `rows` holds, text by text.
  package func normalise(_ layout: SequenceLayout, epsilon: Double, kernels: KernelSet) {
    for text in layout.lengths.indices {
      var largest: Float = 0
      for step in 0..<layout.lengths[text] {
        largest = Swift.max(largest, largestMagnitude(rows.row(layout.rowOffsets[step] + text)))
      }
      // 1/max · 1/√(10⁻⁶ + Σ (d/max)²) in one factor.
      let square = Double(largest) * Double(largest) * 1e-6 + sumOfSquares(rows, text, layout, kernels)
      // Below 10⁻³⁰ nothing is left to tell a direction by, and the factor would leave the range of a Float.
      let factor = largest > 1e-30 ? Float(epsilon * rootMeanSquares[text] / square.squareRoot()) : 0
      for step in 0..<layout.lengths[text] {
        kernels.scale(rows.row(layout.rowOffsets[step] + text), by: factor, count: rows.columns)
      }
    }
  }

  private func sumOfSquares(
    _ matrix: Matrix, _ text: Int, _ layout: SequenceLayout, _ kernels: KernelSet
  ) -> Double {
    var sum = 0.0
    for step in 0..<layout.lengths[text] {
      sum += kernels.sumOfSquares(matrix.row(layout.rowOffsets[step] + text), count: matrix.columns)
    }
    return sum
  }

  /// max|x| of a row. Magnitudes of floats are ordered as their bits are, which compares as integers: several at once.
  private func largestMagnitude(_ row: UnsafePointer<Float>) -> Float {
    var largest: Int32 = 0
    for index in 0..<rows.columns {
      largest = Swift.max(largest, Int32(bitPattern: row[index].bitPattern & 0x7fff_ffff))
    }
    return Float(bitPattern: UInt32(bitPattern: largest))
  }
}
