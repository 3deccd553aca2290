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
  let inputWeightBackward: PackedOnDemand
  let recurrentWeightBackward: PackedOnDemand
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
    (inputWeight, recurrentWeight) = parameters.values.withUnsafeBufferPointer { values in
      let base = values.baseAddress.unsafelyUnwrapped
      return (
        PackedMatrix(
          transposing: base + parameters.offsets[0], rows: width, columns: inputSize, kernels: kernels),
        PackedMatrix(
          transposing: base + parameters.offsets[1], rows: width, columns: hiddenSize, kernels: kernels)
      )
    }
    inputWeightBackward = PackedOnDemand(parameters, index: 0, kernels: kernels)
    recurrentWeightBackward = PackedOnDemand(parameters, index: 1, kernels: kernels)
    inputBias = Array(parameters[2])
    recurrentBias = Array(parameters[3])
  }

  /// Both biases together, for cells that add the two projections at once.
  var combinedBias: [Float] { zip(inputBias, recurrentBias).map { $0 + $1 } }

  /// Writes bias + x W_ihᵀ for all rows of `input`.
  func projectInput(_ input: Matrix, bias: [Float], into projection: Matrix, firstRow: Int) {
    precondition(input.columns == inputSize, "x of \(input.columns) numbers where a cell takes \(inputSize)")
    inputWeight.product(
      input.pointer, rows: input.rows, stride: inputSize, plus: bias, into: projection.row(firstRow),
      outputStride: width)
  }

  /// projection + h_{t-1} W_hhᵀ for rows from `row` on, into `sums` `[rows, width]`.
  func addRecurrent(
    _ previous: UnsafePointer<Float>, rows: Int, to projection: InputProjection, from row: Int,
    into sums: Matrix
  ) {
    let (start, index) = projection.rows(from: row)
    recurrentWeight.product(
      previous, rows: rows, stride: hiddenSize, startingFrom: start, width, index, into: sums.pointer,
      outputStride: width)
  }

  /// ∂L/∂x `[rows, input]` = ∂L/∂a W_ih, and the gradients of W_ih and b_ih where they are read.
  func backwardInput(
    _ gates: Matrix, input: Matrix, inputGradient: Matrix, _ tape: Tape, into gradients: inout ParameterSet
  ) {
    inputWeightBackward.matrix.product(
      gates.pointer, rows: gates.rows, stride: width, into: inputGradient.pointer, outputStride: inputSize,
      accumulating: false)
    guard tape.needsWeightGradients else { return }
    let offsets = gradients.offsets
    gradients.values.withUnsafeMutableBufferPointer { values in
      let base = values.baseAddress.unsafelyUnwrapped
      accumulateTransposedProduct(
        gates.pointer, columns: width, stride: width, input.pointer, columns: inputSize, rows: gates.rows,
        into: base + offsets[0], outputStride: inputSize, packing: packing(tape), kernels: kernels)
      kernels.addColumnSums(gates.pointer, rows: gates.rows, columns: width, to: base + offsets[2])
    }
  }

  /// Adds the gradients of W_hh and b_hh where they are read.
  /// - Parameters:
  ///   - gates: ∂L/∂(recurrent projection), `[rows, width]`.
  ///   - candidateInput: what the last gate's recurrent weight saw in place of h_{t-1}, `[rows, hidden]`.
  func accumulateRecurrentGradients(
    _ gates: Matrix, output: Matrix, _ layout: SequenceLayout, _ tape: Tape, candidateInput: Matrix? = nil,
    into gradients: inout ParameterSet
  ) {
    guard tape.needsWeightGradients else { return }
    let offsets = gradients.offsets
    let packing = packing(tape)
    let previous = tape.scratch(3, rows: layout.rows, columns: hiddenSize)
    previousStates(output, first: tape.initialState.slots[0], layout, into: previous)
    gradients.values.withUnsafeMutableBufferPointer { values in
      let base = values.baseAddress.unsafelyUnwrapped
      func accumulate(columns: Range<Int>, _ right: Matrix) {
        accumulateTransposedProduct(
          gates.pointer + columns.lowerBound, columns: columns.count, stride: width, right.pointer,
          columns: hiddenSize, rows: gates.rows, into: base + offsets[1] + columns.lowerBound * hiddenSize,
          outputStride: hiddenSize, packing: packing, kernels: kernels)
      }
      let split = candidateInput == nil ? width : width - hiddenSize
      accumulate(columns: 0..<split, previous)
      if let candidateInput { accumulate(columns: split..<width, candidateInput) }
      kernels.addColumnSums(gates.pointer, rows: gates.rows, columns: width, to: base + offsets[3])
    }
  }

  private func packing(_ tape: Tape) -> Matrix { tape.scratch(2, rows: 0, columns: 0) }
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
