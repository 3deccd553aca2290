/// The parameters of one cell in one direction of one layer, or their gradients.
package struct ReferenceWeights: Equatable, Sendable {
  /// `weight_ih`, `[gates·hidden, input]`.
  package var input: [Double]
  /// `weight_hh`, `[gates·hidden, hidden]`.
  package var recurrent: [Double]
  /// `bias_ih`, `[gates·hidden]`.
  package var inputBias: [Double]
  /// `bias_hh`, `[gates·hidden]`.
  package var recurrentBias: [Double]

  package init(input: [Double], recurrent: [Double], inputBias: [Double], recurrentBias: [Double]) {
    self.input = input
    self.recurrent = recurrent
    self.inputBias = inputBias
    self.recurrentBias = recurrentBias
  }

  /// Zeros in the shapes of `cell`, to accumulate gradients in.
  package init(zerosFor cell: ReferenceCell) {
    let rows = cell.kind.gateCount * cell.hiddenSize
    self.init(
      input: [Double](repeating: 0, count: rows * cell.inputSize),
      recurrent: [Double](repeating: 0, count: rows * cell.hiddenSize),
      inputBias: [Double](repeating: 0, count: rows),
      recurrentBias: [Double](repeating: 0, count: rows))
  }
}
