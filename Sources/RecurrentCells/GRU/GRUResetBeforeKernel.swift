import CRecurrentKernels
import RecurrentNumerics

/// The sequence code of a GRU whose reset gate multiplies before the recurrent product; see `GRUCell`.
///
/// Each step is two products in series: W_h{r,z} h_{t-1}, then W_hn (r ⊙ h_{t-1}).
/// Tape blocks: activated gates `[rows, 3·hidden]`, r ⊙ h_{t-1} `[rows, hidden]`.
struct GRUResetBeforeKernel: GatedKernel {
  let projection: GatedProjection
  let projectedBias: [Float]
  private let gateWeight: PackedMatrix
  private let candidateWeight: PackedMatrix
  private let gateWeightBackward: PackedOnDemand
  private let candidateWeightBackward: PackedOnDemand

  init(_ projection: GatedProjection, _ parameters: ParameterSet) {
    self.projection = projection
    projectedBias = projection.combinedBias
    let hidden = projection.hiddenSize
    let kernels = projection.kernels
    (gateWeight, candidateWeight) = parameters.values.withUnsafeBufferPointer { values in
      let gates = values.baseAddress.unsafelyUnwrapped + parameters.offsets[1]
      return (
        PackedMatrix(transposing: gates, rows: 2 * hidden, columns: hidden, kernels: kernels),
        PackedMatrix(
          transposing: gates + 2 * hidden * hidden, rows: hidden, columns: hidden, kernels: kernels)
      )
    }
    gateWeightBackward = PackedOnDemand(parameters, index: 1, rows: 0..<2 * hidden, kernels: kernels)
    candidateWeightBackward = PackedOnDemand(
      parameters, index: 1, rows: 2 * hidden..<3 * hidden, kernels: kernels)
  }

  var tapeWidths: [Int] { [projection.width, projection.hiddenSize] }

  func forward(
    _ inputs: InputProjection, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape
  ) {
    let (hidden, width) = (projection.hiddenSize, projection.width)
    tape.begin(widths: tapeWidths, rows: layout.rows, state: state)
    let gates = tape.blocks[0]
    let resetState =
      tape.isRecording ? tape.blocks[1] : tape.scratch(1, rows: layout.rows, columns: hidden)
    let sums = tape.scratch(0, rows: layout.batchSize, columns: projection.width)
    let functions = projection.kernels.functions.pointee
    var previousH = state.slots[0].pointer
    for step in 0..<layout.timeSteps {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      let (start, index) = inputs.rows(from: row)
      gateWeight.product(
        previousH, rows: live, stride: hidden, startingFrom: start, width, index, into: sums.pointer,
        outputStride: width)
      functions.gru_before_reset_forward(live, hidden, sums.pointer, previousH, resetState.row(row))
      candidateWeight.product(
        resetState.row(row), rows: live, stride: hidden, startingFrom: start + 2 * hidden, width, index,
        into: sums.pointer + 2 * hidden, outputStride: width)
      functions.gru_before_output_forward(
        live, hidden, sums.pointer, previousH, tape.isRecording ? gates.row(row) : nil, output.row(row))
      previousH = output.row(row)
    }
    keepLastStates(of: output, layout, in: state.slots[0])
  }

  func backward(
    _ outputGradient: Matrix?, stateGradient: CellState, output: Matrix, _ layout: SequenceLayout, tape: Tape,
    projectionGradient dGates: Matrix, gradients: inout ParameterSet
  ) {
    let (hidden, width) = (projection.hiddenSize, projection.width)
    let kernels = projection.kernels
    let functions = kernels.functions.pointee
    let (gates, resetState) = (tape.blocks[0], tape.blocks[1])
    let dResetState = tape.scratch(1, rows: layout.batchSize, columns: hidden)
    let dH = stateGradient.slots[0]
    let first = tape.initialState.slots[0]
    let (gateWeight, candidateWeight) = (gateWeightBackward.matrix, candidateWeightBackward.matrix)
    for step in stride(from: layout.timeSteps - 1, through: 0, by: -1) {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      if let outputGradient { kernels.add(outputGradient.row(row), count: live * hidden, to: dH.pointer) }
      let previousH = step == 0 ? first.pointer : output.row(layout.rowOffsets[step - 1])
      functions.gru_before_output_backward(
        live, hidden, gates.row(row), previousH, dH.pointer, dGates.row(row))
      candidateWeight.product(
        dGates.row(row) + 2 * hidden, rows: live, stride: width, into: dResetState.pointer,
        outputStride: hidden,
        accumulating: false)
      functions.gru_before_reset_backward(
        live, hidden, gates.row(row), previousH, dResetState.pointer, dH.pointer, dGates.row(row))
      gateWeight.product(
        dGates.row(row), rows: live, stride: width, into: dH.pointer, outputStride: hidden, accumulating: true
      )
    }
    // The candidate's recurrent weight saw r ⊙ h_{t-1}.
    projection.accumulateRecurrentGradients(
      dGates, output: output, layout, tape, candidateInput: resetState, into: &gradients)
  }
}
