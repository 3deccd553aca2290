import CRecurrentKernels
import RecurrentNumerics

/// The vanilla cell's sequence code; see `VanillaCell` for the equation.
///
/// The outputs are all that the way back needs, so there are no tape blocks.
struct VanillaKernel: GatedKernel {
  let projection: GatedProjection
  private let activation: VanillaCell.Activation
  let projectedBias: [Float]

  init(_ projection: GatedProjection, activation: VanillaCell.Activation) {
    self.projection = projection
    self.activation = activation
    projectedBias = projection.combinedBias
  }

  var tapeWidths: [Int] { [] }

  func forward(
    _ inputs: InputProjection, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape
  ) {
    let hidden = projection.hiddenSize
    tape.begin(widths: tapeWidths, rows: layout.rows, state: state)
    let sums = tape.scratch(0, rows: layout.batchSize, columns: projection.width)
    let functions = projection.kernels.functions.pointee
    let activate = activation == .tanh ? functions.vtanh : functions.vrelu
    var previousH = state.slots[0].pointer
    for step in 0..<layout.timeSteps {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      projection.addRecurrent(previousH, rows: live, to: inputs, from: row, into: sums)
      activate(live * hidden, sums.pointer, output.row(row))
      previousH = output.row(row)
    }
    keepLastStates(of: output, layout, in: state.slots[0])
  }

  func backward(
    _ outputGradient: Matrix?, stateGradient: CellState, output: Matrix, _ layout: SequenceLayout, tape: Tape,
    projectionGradient dGates: Matrix, gradients: inout ParameterSet
  ) {
    let hidden = projection.hiddenSize
    let kernels = projection.kernels
    let functions = kernels.functions.pointee
    let differentiate = activation == .tanh ? functions.tanh_backward : functions.relu_backward
    let dH = stateGradient.slots[0]
    let recurrentWeight = projection.recurrentWeightBackward.matrix
    for step in stride(from: layout.timeSteps - 1, through: 0, by: -1) {
      let (row, live) = (layout.rowOffsets[step], layout.liveRows[step])
      if let outputGradient { kernels.add(outputGradient.row(row), count: live * hidden, to: dH.pointer) }
      differentiate(live * hidden, output.row(row), dH.pointer, dGates.row(row))
      recurrentWeight.product(
        dGates.row(row), rows: live, stride: hidden, into: dH.pointer, outputStride: hidden,
        accumulating: false)
    }
    projection.accumulateRecurrentGradients(dGates, output: output, layout, tape, into: &gradients)
  }
}
