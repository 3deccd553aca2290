import CRecurrentKernels
import RecurrentNumerics

/// The LSTM's sequence code; see `LSTMCell` for the equations.
///
/// Tape blocks: activated gates `[rows, 4·hidden]`, c_t and tanh(c_t) `[rows, hidden]`.
struct LSTMKernel: GatedKernel {
  let projection: GatedProjection
  let projectedBias: [Float]

  init(_ projection: GatedProjection) {
    self.projection = projection
    projectedBias = projection.combinedBias
  }

  var tapeWidths: [Int] { [projection.width, projection.hiddenSize, projection.hiddenSize] }

  func forward(
    _ inputs: InputProjection, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape
  ) {
    let hidden = projection.hiddenSize
    tape.begin(widths: tapeWidths, rows: layout.rows, state: state)
    let (gates, cells, tanhCells) = (tape.blocks[0], tape.blocks[1], tape.blocks[2])
    let sums = tape.scratch(0, rows: layout.batchSize, columns: projection.width)
    let functions = projection.kernels.functions.pointee
    var previousH = state.slots[0].pointer
    var previousC = state.slots[1].pointer
    for step in 0..<layout.timeSteps {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      projection.addRecurrent(previousH, rows: live, to: inputs, from: row, into: sums)
      if tape.isRecording {
        functions.lstm_forward(
          live, hidden, sums.pointer, previousC, gates.row(row), cells.row(row), tanhCells.row(row),
          output.row(row))
        previousC = cells.row(row)
      } else {
        // A sequence that has ended is not among the live rows: its last cell state stays where it is.
        functions.lstm_forward(
          live, hidden, sums.pointer, previousC, nil, previousC, nil, output.row(row))
      }
      previousH = output.row(row)
    }
    keepLastStates(of: output, layout, in: state.slots[0])
    if tape.isRecording { keepLastStates(of: cells, layout, in: state.slots[1]) }
  }

  func backward(
    _ outputGradient: Matrix?, stateGradient: CellState, output: Matrix, _ layout: SequenceLayout, tape: Tape,
    projectionGradient dGates: Matrix, gradients: inout ParameterSet
  ) {
    let hidden = projection.hiddenSize
    let kernels = projection.kernels
    let functions = kernels.functions.pointee
    let (gates, cells, tanhCells) = (tape.blocks[0], tape.blocks[1], tape.blocks[2])
    let (dH, dC) = (stateGradient.slots[0], stateGradient.slots[1])
    let recurrentWeight = projection.recurrentWeightBackward.matrix
    for step in stride(from: layout.timeSteps - 1, through: 0, by: -1) {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      if let outputGradient { kernels.add(outputGradient.row(row), count: live * hidden, to: dH.pointer) }
      let previousC = step == 0 ? tape.initialState.slots[1].pointer : cells.row(layout.rowOffsets[step - 1])
      functions.lstm_backward(
        live, hidden, gates.row(row), previousC, tanhCells.row(row), dH.pointer, dC.pointer,
        dGates.row(row))
      recurrentWeight.product(
        dGates.row(row), rows: live, stride: projection.width, into: dH.pointer, outputStride: hidden,
        accumulating: false)
    }
    projection.accumulateRecurrentGradients(dGates, output: output, layout, tape, into: &gradients)
  }
}
