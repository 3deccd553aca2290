import CRecurrentKernels
import RecurrentNumerics

/// The sequence code of a GRU whose reset gate multiplies after the recurrent product; see `GRUCell`.
///
/// Tape blocks: activated gates `[rows, 3·hidden]`, W_hn h + b_hn `[rows, hidden]`.
struct GRUResetAfterKernel: GatedKernel {
  let projection: GatedProjection
  var projectedBias: [Float] { projection.inputBias }

  init(_ projection: GatedProjection) { self.projection = projection }

  var tapeWidths: [Int] { [projection.width, projection.hiddenSize] }

  func forward(
    _ inputs: InputProjection, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape
  ) {
    let (hidden, width) = (projection.hiddenSize, projection.width)
    tape.begin(widths: tapeWidths, rows: layout.rows, state: state)
    let (gates, recurrentCandidate) = (tape.blocks[0], tape.blocks[1])
    let recurrent = tape.scratch(1, rows: layout.batchSize, columns: width)
    let functions = projection.kernels.functions.pointee
    var previousH = state.slots[0].pointer
    for step in 0..<layout.timeSteps {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      projection.recurrentWeight.product(
        previousH, rows: live, stride: hidden, plus: projection.recurrentBias, into: recurrent.pointer,
        outputStride: width)
      let (start, index) = inputs.rows(from: row)
      functions.gru_after_forward(
        live, hidden, start, index, recurrent.pointer, previousH,
        tape.isRecording ? gates.row(row) : nil, tape.isRecording ? recurrentCandidate.row(row) : nil,
        output.row(row))
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
    let (gates, recurrentCandidate) = (tape.blocks[0], tape.blocks[1])
    let dRecurrent = tape.scratch(1, rows: layout.rows, columns: width)
    let dH = stateGradient.slots[0]
    let first = tape.initialState.slots[0]
    let recurrentWeight = projection.recurrentWeightBackward.matrix
    for step in stride(from: layout.timeSteps - 1, through: 0, by: -1) {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      if let outputGradient { kernels.add(outputGradient.row(row), count: live * hidden, to: dH.pointer) }
      let previousH = step == 0 ? first.pointer : output.row(layout.rowOffsets[step - 1])
      functions.gru_after_backward(
        live, hidden, gates.row(row), recurrentCandidate.row(row), previousH, dH.pointer,
        dGates.row(row), dRecurrent.row(row))
      recurrentWeight.product(
        dRecurrent.row(row), rows: live, stride: width, into: dH.pointer, outputStride: hidden,
        accumulating: true)
    }
    projection.accumulateRecurrentGradients(dRecurrent, output: output, layout, tape, into: &gradients)
  }
}
