import CRecurrentKernels
import RecurrentNumerics

/// The vanilla cell's sequence code; see `VanillaCell` for the equation.
///
/// Tape block: pre-activations forward, their gradients backward, `[rows, hidden]`.
struct VanillaKernel: CellKernel {
  private let projection: GatedProjection
  private let activation: VanillaCell.Activation
  private let bias: [Float]

  init(_ projection: GatedProjection, activation: VanillaCell.Activation) {
    self.projection = projection
    self.activation = activation
    bias = projection.combinedBias
  }

  var tapeWidths: [Int] { [projection.hiddenSize] }

  func forward(_ input: Matrix, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape) {
    let hidden = projection.hiddenSize
    tape.begin(widths: tapeWidths, rows: layout.rows, state: state)
    let gates = tape.blocks[0]
    projection.projectInput(input, bias: bias, into: gates)
    let functions = projection.kernels.functions.pointee
    let activate = activation == .tanh ? functions.vtanh : functions.vrelu
    var previousH = state.slots[0].pointer
    for step in 0..<layout.timeSteps {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      projection.recurrentWeight.product(
        previousH, rows: live, stride: hidden, into: gates.row(row), outputStride: hidden, accumulating: true)
      activate(live * hidden, gates.row(row), output.row(row))
      previousH = output.row(row)
    }
    keepLastStates(of: output, layout, in: state.slots[0])
  }

  func backward(
    _ outputGradient: Matrix?, stateGradient: CellState, input: Matrix, output: Matrix,
    _ layout: SequenceLayout,
    tape: Tape, inputGradient: Matrix?, gradients: inout ParameterSet
  ) {
    let hidden = projection.hiddenSize
    let kernels = projection.kernels
    let functions = kernels.functions.pointee
    let differentiate = activation == .tanh ? functions.tanh_backward : functions.relu_backward
    let gates = tape.blocks[0]
    let dH = stateGradient.slots[0]
    for step in stride(from: layout.timeSteps - 1, through: 0, by: -1) {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      if let outputGradient { kernels.add(outputGradient.row(row), count: live * hidden, to: dH.pointer) }
      differentiate(live * hidden, output.row(row), dH.pointer, gates.row(row))
      projection.recurrentWeightBackward.product(
        gates.row(row), rows: live, stride: hidden, into: dH.pointer, outputStride: hidden,
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
