import RecurrentNumerics

/// The two linear maps that vanilla, LSTM and GRU cells share, packed for forward and for backward.
///
///     W_ih x_t + b_ih    input projection, one product for all rows
///     W_hh h_{t-1} + b_hh    recurrent projection, one product a step
///
/// Parameters are `weight_ih [width, input]`, `weight_hh [width, hidden]`, `bias_ih`, `bias_hh [width]`, in this order.
struct GatedProjection: Sendable {
  let inputSize: Int
  let hiddenSize: Int
  /// Rows of the weights: gates times hidden.
  let width: Int
  let kernels: KernelSet
  let inputWeight: PackedMatrix
  let recurrentWeight: PackedMatrix
  let inputWeightBackward: PackedMatrix
  let recurrentWeightBackward: PackedMatrix
  let inputBias: [Float]
  let recurrentBias: [Float]

  static func specs(inputSize: Int, hiddenSize: Int, gates: Int, inputBias: Initialiser = .zeros)
    -> [ParameterSpec]
  {
    let width = gates * hiddenSize
    return [
      ParameterSpec("weight_ih", shape: [width, inputSize], initialiser: .glorot(blocks: gates)),
      ParameterSpec("weight_hh", shape: [width, hiddenSize], initialiser: .orthogonal(blocks: gates)),
      ParameterSpec("bias_ih", shape: [width], initialiser: inputBias),
      ParameterSpec("bias_hh", shape: [width], initialiser: .zeros),
    ]
  }

  init(_ parameters: ParameterSet, inputSize: Int, hiddenSize: Int, gates: Int, kernels: KernelSet) {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.kernels = kernels
    let width = gates * hiddenSize
    self.width = width
    let packed = parameters.values.withUnsafeBufferPointer { values in
      let base = values.baseAddress.unsafelyUnwrapped
      let ih = base + parameters.offsets[0]
      let hh = base + parameters.offsets[1]
      return (
        PackedMatrix(transposing: ih, rows: width, columns: inputSize, kernels: kernels),
        PackedMatrix(transposing: hh, rows: width, columns: hiddenSize, kernels: kernels),
        PackedMatrix(ih, rows: width, columns: inputSize, kernels: kernels),
        PackedMatrix(hh, rows: width, columns: hiddenSize, kernels: kernels)
      )
    }
    (inputWeight, recurrentWeight, inputWeightBackward, recurrentWeightBackward) = packed
    inputBias = Array(parameters[2])
    recurrentBias = Array(parameters[3])
  }

  /// Both biases together, for cells that add the two projections at once.
  var combinedBias: [Float] { zip(inputBias, recurrentBias).map { $0 + $1 } }

  /// `gates` `[rows, width]` = bias + x W_ihᵀ for all rows.
  func projectInput(_ input: Matrix, bias: [Float], into gates: Matrix) {
    kernels.fillRows(gates.rows, bias, gates.pointer)
    inputWeight.product(
      input.pointer, rows: gates.rows, stride: inputSize, into: gates.pointer, outputStride: width,
      accumulating: true)
  }

  /// ∂L/∂x `[rows, input]` = ∂L/∂a W_ih.
  func inputGradient(_ gates: Matrix, into inputGradient: Matrix) {
    inputWeightBackward.product(
      gates.pointer, rows: gates.rows, stride: width, into: inputGradient.pointer, outputStride: inputSize,
      accumulating: false)
  }

  /// Adds the gradients of all four parameters.
  /// - Parameters:
  ///   - gates: ∂L/∂(input projection), `[rows, width]`.
  ///   - recurrent: ∂L/∂(recurrent projection), `[rows, width]`; the same matrix where the two are added at once.
  ///   - previous: h_{t-1} of every row, `[rows, hidden]`.
  func accumulateGradients(
    gates: Matrix, recurrent: Matrix, input: Matrix, previous: Matrix, packing: Matrix,
    into gradients: inout ParameterSet
  ) {
    let offsets = gradients.offsets
    gradients.values.withUnsafeMutableBufferPointer { values in
      let base = values.baseAddress.unsafelyUnwrapped
      accumulateTransposedProduct(
        gates.pointer, columns: width, stride: width, input.pointer, columns: inputSize, rows: gates.rows,
        into: base + offsets[0], outputStride: inputSize, packing: packing, kernels: kernels)
      accumulateTransposedProduct(
        recurrent.pointer, columns: width, stride: width, previous.pointer, columns: hiddenSize,
        rows: gates.rows,
        into: base + offsets[1], outputStride: hiddenSize, packing: packing, kernels: kernels)
      kernels.addColumnSums(gates.pointer, rows: gates.rows, columns: width, to: base + offsets[2])
      kernels.addColumnSums(recurrent.pointer, rows: recurrent.rows, columns: width, to: base + offsets[3])
    }
  }
}

/// h_{t-1} (or another slot's s_{t-1}) of every row: the window's first state, then the step before's rows.
///
/// - Parameters:
///   - steps: s_t of every row, `[rows, width]`.
///   - first: s_0, `[batch, width]`.
func previousStates(_ steps: Matrix, first: Matrix, _ layout: SequenceLayout, into previous: Matrix) {
  let width = first.columns
  previous.reshape(rows: layout.rows, columns: width)
  for step in 0..<layout.timeSteps {
    let source = step == 0 ? first.pointer : steps.row(layout.rowOffsets[step - 1])
    previous.row(layout.rowOffsets[step]).update(from: source, count: layout.liveRows[step] * width)
  }
}

/// Copies each sequence's last s_t of the window to `state`; a sequence without steps keeps its state.
func keepLastStates(of steps: Matrix, _ layout: SequenceLayout, in state: Matrix) {
  let width = state.columns
  for (sequence, length) in layout.lengths.enumerated() where length > 0 {
    state.row(sequence).update(from: steps.row(layout.rowOffsets[length - 1] + sequence), count: width)
  }
}
