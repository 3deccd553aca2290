import CRecurrentKernels
import RecurrentNumerics

/// The LSTM's sequence code; see `LSTMCell` for the equations.
///
/// Tape blocks: activated gates `[rows, 4·hidden]`, c_t and tanh(c_t) `[rows, hidden]`.
struct LSTMKernel: CellKernel {
  private let projection: GatedProjection
  private let bias: [Float]

  init(_ projection: GatedProjection) {
    self.projection = projection
    bias = projection.combinedBias
  }

  var tapeWidths: [Int] { [projection.width, projection.hiddenSize, projection.hiddenSize] }

  func forward(_ input: Matrix, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape) {
    let hidden = projection.hiddenSize
    tape.begin(widths: tapeWidths, rows: layout.rows, state: state)
    let (gates, cells, tanhCells) = (tape.blocks[0], tape.blocks[1], tape.blocks[2])
    projection.projectInput(input, bias: bias, into: gates)
    let functions = projection.kernels.functions.pointee
    var previousH = state.slots[0].pointer
    var previousC = state.slots[1].pointer
    for step in 0..<layout.timeSteps {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      projection.recurrentWeight.product(
        previousH, rows: live, stride: hidden, into: gates.row(row), outputStride: projection.width,
        accumulating: true)
      functions.lstm_forward(
        live, hidden, gates.row(row), previousC, cells.row(row), tanhCells.row(row), output.row(row))
      previousH = output.row(row)
      previousC = cells.row(row)
    }
    keepLastStates(of: output, layout, in: state.slots[0])
    keepLastStates(of: cells, layout, in: state.slots[1])
  }

  func backward(
    _ outputGradient: Matrix?, stateGradient: CellState, input: Matrix, output: Matrix,
    _ layout: SequenceLayout,
    tape: Tape, inputGradient: Matrix?, gradients: inout ParameterSet
  ) {
    let hidden = projection.hiddenSize
    let kernels = projection.kernels
    let functions = kernels.functions.pointee
    let (gates, cells, tanhCells) = (tape.blocks[0], tape.blocks[1], tape.blocks[2])
    let (dH, dC) = (stateGradient.slots[0], stateGradient.slots[1])
    for step in stride(from: layout.timeSteps - 1, through: 0, by: -1) {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      if let outputGradient { kernels.add(outputGradient.row(row), count: live * hidden, to: dH.pointer) }
      let previousC = step == 0 ? tape.initialState.slots[1].pointer : cells.row(layout.rowOffsets[step - 1])
      functions.lstm_backward(
        live, hidden, gates.row(row), previousC, tanhCells.row(row), dH.pointer, dC.pointer)
      projection.recurrentWeightBackward.product(
        gates.row(row), rows: live, stride: projection.width, into: dH.pointer, outputStride: hidden,
        accumulating: false)
    }
    if let inputGradient { projection.inputGradient(gates, into: inputGradient) }
    let previous = tape.scratch(0, rows: layout.rows, columns: hidden)
    previousStates(output, first: tape.initialState.slots[0], layout, into: previous)
    projection.accumulateGradients(
      gates: gates, recurrent: gates, input: input, previous: previous,
      packing: tape.scratch(1, rows: 0, columns: 0), into: &gradients)
  }
}
