import RecurrentNumerics
import SequenceClassifier

/// Cross-entropy of the next word against words that a window's rows share.
///
/// With negatives S of a window, drawn without repeats, and Q_w the chance that w is among them:
///
///     l_w = e_w · z + b_w − log Q_w,    loss = log(exp l_y + Σ_{w ∈ S, w ≠ y} exp l_w) − l_y
///
/// which approximates the gradient of the full softmax, the better the larger S (Jean et al. 2015, arXiv:1412.2007). Cost: 6·rows·|S|·width
/// floating-point operations instead of 6·rows·vocabulary·width.
package final class SampledSoftmax {
  private let sampler: LogUniformSampler
  private let count: Int
  private let width: Int
  /// The negatives, and how many draws they took.
  package private(set) var ids: [Int32] = []
  package private(set) var draws = 0
  /// The position of a word among the negatives, or -1.
  private var positions: [Int32]
  /// b_w − log Q_w of each negative.
  private var biases: [Float] = []
  private var forward: PackedMatrix?
  private var backward: PackedMatrix?
  private let rows = Matrix()
  private let logits = Matrix()
  private let rowGradients = Matrix()
  private let biasGradients = Matrix()
  private let packing = Matrix()

  package init(vocabularySize: Int, width: Int, samples: Int) {
    sampler = LogUniformSampler(vocabularySize: vocabularySize)
    // More would make the drawing itself slow, and leave little to save.
    count = Swift.min(samples, Swift.max(1, sampler.words / 2))
    self.width = width
    positions = [Int32](repeating: -1, count: vocabularySize)
  }

  /// Draws the negatives of a window.
  package func begin(
    embedding: ParameterSet, bias: ArraySlice<Float>, random: RandomStream, kernels: KernelSet
  ) {
    for id in ids { positions[Int(id)] = -1 }
    var random = random
    (ids, draws) = sampler.draw(count, random: &random)
    rows.reshape(rows: count, columns: width)
    EmbeddingTable(embedding).copyRows(of: ids, into: rows, kernels: kernels)
    for (index, id) in ids.enumerated() { positions[Int(id)] = Int32(index) }
    biases = ids.map { bias[bias.startIndex + Int($0)] - sampler.logExpectedCount($0, draws: draws) }
    forward = PackedMatrix(transposing: rows.pointer, rows: count, columns: width, kernels: kernels)
    backward = PackedMatrix(rows.pointer, rows: count, columns: width, kernels: kernels)
    rowGradients.reshape(rows: count, columns: width)
    rowGradients.setToZero()
    biasGradients.reshape(rows: 1, columns: count)
    biasGradients.setToZero()
  }

  /// The sum of the rows' losses, in nats.
  /// - Parameters:
  ///   - z: `[rows, width]`.
  ///   - targets: the true word of each row.
  ///   - scale: what the gradients are multiplied by: 1 over the rows of the whole window for a mean.
  ///   - zGradient: gets ∂L/∂z, `[rows, width]`, already shaped.
  package func lossSum(
    _ z: Matrix, targets: ArraySlice<Int32>, scale: Float, zGradient: Matrix, embedding: ParameterSet,
    bias: ArraySlice<Float>, embeddingGradient: EmbeddingGradient,
    biasGradient: UnsafeMutablePointer<Float>,
    kernels: KernelSet
  ) -> Double {
    guard let forward, let backward else { return 0 }
    logits.reshape(rows: z.rows, columns: count)
    forward.product(
      z.pointer, rows: z.rows, stride: width, plus: biases, into: logits.pointer, outputStride: count)
    var trueGradients = [Float](repeating: 0, count: z.rows)
    var sum = 0.0
    embedding.values.withUnsafeBufferPointer { table in
      guard let base = table.baseAddress else { return }
      for (row, target) in targets.enumerated() {
        let negatives = logits.row(row)
        // A negative that is the true word is no negative.
        if positions[Int(target)] >= 0 { negatives[Int(positions[Int(target)])] = -1e30 }
        let trueLogit =
          kernels.dot(z.row(row), base + Int(target) * width, count: width)
          + bias[bias.startIndex + Int(target)] - sampler.logExpectedCount(target, draws: draws)
        let largest = Swift.max(trueLogit, maximum(negatives, count: count))
        let total = exponentiate(negatives, count: count, shift: largest, kernels: kernels)
        let trueShare = exponential(trueLogit - largest)
        let normaliser = total + trueShare
        sum += Double(logarithm(Double(normaliser))) - Double(trueLogit - largest)
        kernels.scale(negatives, by: scale / normaliser, count: count)
        trueGradients[row] = scale * (trueShare / normaliser - 1)
      }
      backward.product(
        logits.pointer, rows: z.rows, stride: count, into: zGradient.pointer, outputStride: width,
        accumulating: false)
      for (row, target) in targets.enumerated() {
        kernels.add(
          base + Int(target) * width, scaledBy: trueGradients[row], count: width, to: zGradient.row(row))
        embeddingGradient.add(z.row(row), multiplier: trueGradients[row], token: target, kernels: kernels)
        biasGradient[Int(target)] += trueGradients[row]
      }
    }
    accumulateTransposedProduct(
      logits.pointer, columns: count, stride: count, z.pointer, columns: width, rows: z.rows,
      into: rowGradients.pointer, outputStride: width, packing: packing, kernels: kernels)
    kernels.addColumnSums(logits.pointer, rows: z.rows, columns: count, to: biasGradients.pointer)
    return sum
  }

  /// Hands on the negatives' gradients.
  package func finish(
    embeddingGradient: EmbeddingGradient, biasGradient: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    for (index, id) in ids.enumerated() {
      embeddingGradient.add(rowGradients.row(index), multiplier: 1, token: id, kernels: kernels)
      biasGradient[Int(id)] += biasGradients.pointer[index]
    }
  }
}
