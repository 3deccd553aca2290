import RecurrentCells
import RecurrentNumerics

/// One direction's attention: a softmax that is summed up step by step (Milakov & Gimelshein 2018, arXiv:1805.02867).
///
///     m_t = max(m_{t-1}, e_t)
///     Z_t = Z_{t-1} exp(m_{t-1} − m_t) + exp(e_t − m_t)
///     y_t = y_{t-1} exp(m_{t-1} − m_t) + h_t exp(e_t − m_t)
///
/// The attended vector is y_T / Z_T. Each step's arithmetic is the same wherever windows are cut.
final class AttentionSummary: DirectionSummary {
  private let outputSize: Int
  private let last: LastStateSummary
  /// m, Z `[batch]` and y `[batch, outputSize]`.
  private var largest: [Float] = []
  private var total: [Float] = []
  private let attended = Matrix()
  /// u of every row where a way back follows, otherwise of a window; e likewise.
  private let hidden = Matrix()
  private let scores = Matrix()
  private var isRecording = false

  private let attendedGradient = Matrix()
  /// ∂L/∂(attended) · attended, `[batch]`.
  private var meanGradient: [Float] = []
  private let hiddenGradient = Matrix()
  private let packing = Matrix()

  init(outputSize: Int) {
    self.outputSize = outputSize
    last = LastStateSummary(outputSize: outputSize)
  }

  func begin(_ layout: SequenceLayout, isRecording: Bool) {
    self.isRecording = isRecording
    largest = [Float](repeating: -.infinity, count: layout.batchSize)
    total = [Float](repeating: 0, count: layout.batchSize)
    attended.reshape(rows: layout.batchSize, columns: outputSize)
    attended.setToZero()
    guard isRecording else { return }
    hidden.reshape(rows: layout.rows, columns: outputSize)
    scores.reshape(rows: layout.rows, columns: 1)
  }

  func accumulate(_ output: Matrix, _ window: SummaryWindow, weights: ReadoutWeights) {
    let kernels = weights.kernels
    let rows = window.layout.rows
    if !isRecording {
      hidden.reshape(rows: rows, columns: outputSize)
      scores.reshape(rows: rows, columns: 1)
    }
    let first = isRecording ? window.firstRow : 0
    weights.products[0].product(
      output.pointer, rows: rows, stride: outputSize, plus: Array(weights.parameters[1]),
      into: hidden.row(first), outputStride: outputSize)
    kernels.tanh(hidden.row(first), count: rows * outputSize)
    weights.products[2].product(
      hidden.row(first), rows: rows, stride: outputSize, into: scores.row(first), outputStride: 1,
      accumulating: false)
    for step in 0..<window.layout.timeSteps {
      let row = window.layout.rowOffsets[step]
      for sequence in 0..<window.layout.liveRows[step] {
        add(
          output.row(row + sequence), score: scores.row(first + row + sequence).pointee, to: sequence,
          kernels: kernels)
      }
    }
  }

  private func add(_ output: UnsafePointer<Float>, score: Float, to sequence: Int, kernels: KernelSet) {
    let sum = attended.row(sequence)
    guard score > largest[sequence] else {
      let weight = kernels.exp(score - largest[sequence])
      total[sequence] += weight
      kernels.add(output, scaledBy: weight, count: outputSize, to: sum)
      return
    }
    let shrink = kernels.exp(largest[sequence] - score)
    largest[sequence] = score
    total[sequence] = total[sequence] * shrink + 1
    kernels.scale(sum, by: shrink, count: outputSize)
    kernels.add(output, count: outputSize, to: sum)
  }

  func finish(
    lastOutput: Matrix, texts: TextPieces, into features: Matrix, columns: [Int], kernels: KernelSet
  ) {
    last.finish(
      lastOutput: lastOutput, texts: texts, into: features, columns: [columns[0]], kernels: kernels)
    for (text, length) in texts.lengths.enumerated() {
      let pieces = texts[text]
      let first = pieces[pieces.startIndex]
      for piece in pieces.dropFirst() { join(piece, to: first, kernels: kernels) }
      let (target, sum) = (features.row(text) + columns[1], attended.row(first))
      for index in 0..<outputSize {
        if length > 0 { sum[index] /= total[first] }
        target[index] = sum[index]
      }
      // Shares on the way back are of the whole text.
      for piece in pieces.dropFirst() { (largest[piece], total[piece]) = (largest[first], total[first]) }
    }
  }

  /// Adds m, Z and y of a piece to those of the text's first.
  private func join(_ piece: Int, to first: Int, kernels: KernelSet) {
    let joined = Swift.max(largest[first], largest[piece])
    let (kept, added) = (kernels.exp(largest[first] - joined), kernels.exp(largest[piece] - joined))
    largest[first] = joined
    total[first] = total[first] * kept + total[piece] * added
    kernels.scale(attended.row(first), by: kept, count: outputSize)
    kernels.add(attended.row(piece), scaledBy: added, count: outputSize, to: attended.row(first))
  }

  /// With g = ∂L/∂(attended), α_t and attended y:
  ///
  ///     ∂L/∂e_t = α_t (g · h_t − g · y)
  func beginBackward(
    _ featureGradient: Matrix, texts: TextPieces, columns: [Int], lastOutputGradient: Matrix
  ) {
    last.beginBackward(
      featureGradient, texts: texts, columns: [columns[0]], lastOutputGradient: lastOutputGradient)
    attendedGradient.reshape(rows: attended.rows, columns: outputSize)
    meanGradient = [Float](repeating: 0, count: attended.rows)
    for text in 0..<texts.count {
      let pieces = texts[text]
      let sum = attended.row(pieces[pieces.startIndex])
      let gradient = featureGradient.row(text) + columns[1]
      var mean: Float = 0
      for index in 0..<outputSize { mean += gradient[index] * sum[index] }
      for piece in pieces {
        attendedGradient.row(piece).update(from: gradient, count: outputSize)
        meanGradient[piece] = mean
      }
    }
  }

  ///     ∂L/∂(A h_t + b) = ∂L/∂e_t q ⊙ (1 − u_t²)
  ///     ∂L/∂h_t = α_t g + Aᵀ ∂L/∂(A h_t + b)
  func writeOutputGradient(
    _ window: SummaryWindow, output: Matrix, weights: ReadoutWeights, gradients: inout ParameterSet,
    into outputGradient: Matrix
  ) -> Bool {
    let kernels = weights.kernels
    let rows = window.layout.rows
    hiddenGradient.reshape(rows: rows, columns: outputSize)
    hiddenGradient.setToZero()
    outputGradient.setToZero()
    let offsets = gradients.offsets
    let query = weights.parameters[2]
    query.withUnsafeBufferPointer { query in
      gradients.values.withUnsafeMutableBufferPointer { values in
        guard let query = query.baseAddress, let base = values.baseAddress else { return }
        for step in 0..<window.layout.timeSteps {
          for sequence in 0..<window.layout.liveRows[step] {
            let row = window.layout.rowOffsets[step] + sequence
            let saved = window.firstRow + row
            let gradient = attendedGradient.row(sequence)
            let share = kernels.exp(scores.row(saved).pointee - largest[sequence]) / total[sequence]
            let scoreGradient =
              share
              * (kernels.dot(gradient, output.row(row), count: outputSize) - meanGradient[sequence])
            kernels.add(gradient, scaledBy: share, count: outputSize, to: outputGradient.row(row))
            kernels.add(query, scaledBy: scoreGradient, count: outputSize, to: hiddenGradient.row(row))
            kernels.add(
              hidden.row(saved), scaledBy: scoreGradient, count: outputSize, to: base + offsets[2])
          }
        }
        kernels.tanhBackward(
          hiddenGradient.pointer, output: hidden.row(window.firstRow), count: rows * outputSize)
        accumulateTransposedProduct(
          hiddenGradient.pointer, columns: outputSize, stride: outputSize, output.pointer,
          columns: outputSize, rows: rows, into: base + offsets[0], outputStride: outputSize,
          packing: packing, kernels: kernels)
        kernels.addColumnSums(
          hiddenGradient.pointer, rows: rows, columns: outputSize, to: base + offsets[1])
      }
    }
    weights.backwardProducts[0].matrix.product(
      hiddenGradient.pointer, rows: rows, stride: outputSize, into: outputGradient.pointer,
      outputStride: outputSize, accumulating: true)
    return true
  }
}
