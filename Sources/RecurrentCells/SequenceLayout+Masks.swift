import RecurrentNumerics

extension SequenceLayout {
  /// Multiplies each step's rows, which stand in the order of the sequences, by a mask that is the same at all steps.
  /// - Parameters:
  ///   - rows: packed, `[rows, columns]`.
  ///   - mask: `[batch, columns]`.
  package func multiply(_ rows: Matrix, by mask: Matrix, kernels: KernelSet) {
    for step in 0..<timeSteps {
      kernels.multiply(rows.row(rowOffsets[step]), by: mask.pointer, count: liveRows[step] * rows.columns)
    }
  }
}
