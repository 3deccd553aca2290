import RecurrentCells
import RecurrentNumerics

extension LanguageModelPass {
  /// Adds the gradient of β · mean |h_t − h_{t−1}|²; h before a text's first step is no part of it.
  func addTemporalGradient(_ pieces: [TextStreams.Piece], rows: Int, kernels: KernelSet) {
    let factor = 2 * options.temporalActivation / Float(rows * hiddenSize)
    for index in 0..<groupCount {
      let record = records[index]
      let layout = record.layout
      for step in 0..<layout.timeSteps {
        for sequence in 0..<layout.liveRows[step] {
          let row = layout.rowOffsets[step] + sequence
          let previous: UnsafeMutablePointer<Float>
          var previousGradient: UnsafeMutablePointer<Float>?
          if step > 0 {
            let before = layout.rowOffsets[step - 1] + sequence
            previous = record.output.row(before)
            previousGradient = record.outputGradient.row(before)
          } else if index > 0 {
            let earlier = records[index - 1]
            let before = earlier.layout.rowOffsets[earlier.layout.timeSteps - 1] + sequence
            previous = earlier.output.row(before)
            previousGradient = earlier.outputGradient.row(before)
          } else {
            guard pieces[sequence].start > 0 else { continue }
            previous = record.tape.initialState.slots[0].row(sequence)
          }
          let (output, gradient) = (record.output.row(row), record.outputGradient.row(row))
          penalty += Double(factor) / 2 * squaredDistance(output, previous, count: hiddenSize)
          kernels.add(output, scaledBy: factor, count: hiddenSize, to: gradient)
          kernels.add(previous, scaledBy: -factor, count: hiddenSize, to: gradient)
          if let previousGradient {
            kernels.add(output, scaledBy: -factor, count: hiddenSize, to: previousGradient)
            kernels.add(previous, scaledBy: factor, count: hiddenSize, to: previousGradient)
          }
        }
      }
    }
  }
}

/// |x − y|².
private func squaredDistance(
  _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
) -> Double {
  var sum: Float = 0
  for index in 0..<count { sum += (x[index] - y[index]) * (x[index] - y[index]) }
  return Double(sum)
}
