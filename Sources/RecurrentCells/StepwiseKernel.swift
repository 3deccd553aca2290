import RecurrentNumerics

/// A kernel whose author writes one step of one sequence and its derivative; the sequence code comes for free.
///
/// States are one array: the slots side by side, in the order of `stateSlots`. Convenient rather than fast: arrays are
/// made at each step. Cells of this package conform to `CellKernel` directly, whose speed needs memory that others cannot reach.
public protocol StepwiseKernel: CellKernel {
  /// Width of x_t.
  var inputSize: Int { get }
  /// What is carried from step to step, as the cell's `stateSlots`.
  var stateSlots: [StateSlot] { get }
  /// Floats that `step` records for `stepGradient`.
  var recordWidth: Int { get }

  /// s_t from x_t and s_{t-1}.
  /// - Returns: the new state, and `recordWidth` numbers that `stepGradient` wants back.
  func step(_ input: [Float], state: [Float]) -> (state: [Float], record: [Float])

  /// The derivative of `step`, adding to `gradients`.
  /// - Parameters:
  ///   - stateGradient: ∂L/∂s_t.
  ///   - gradients: parameter i has its numbers in `values` from `offsets[i]` on; adding to them there copies nothing.
  /// - Returns: ∂L/∂x_t and ∂L/∂s_{t-1}.
  func stepGradient(
    _ stateGradient: [Float], input: [Float], previousState: [Float], record: [Float],
    gradients: inout ParameterSet
  ) -> (input: [Float], previousState: [Float])
}

extension StepwiseKernel {
  private var stateWidth: Int { stateSlots.reduce(0) { $0 + $1.width } }

  /// The width of x_t, which is projected as it is.
  public var projectionWidth: Int { inputSize }

  /// The state before each step, the author's record, and x_t.
  public var tapeWidths: [Int] { [stateWidth, recordWidth, inputSize] }

  /// x_t as it is.
  public func project(_ input: Matrix, into projection: Matrix, firstRow: Int) {
    precondition(input.columns == inputSize, "x of \(input.columns) numbers where a cell takes \(inputSize)")
    projection.row(firstRow).update(from: input.pointer, count: input.count)
  }

  /// Calls `step` for each sequence that a step has, step by step; shapes as `CellKernel.forward` has them.
  ///
  /// Cost: a call and a few arrays a row. `step` must return as many numbers as `stateSlots` and `recordWidth` say: other
  /// counts end the program.
  public func forward(
    _ projection: InputProjection, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape
  ) {
    tape.begin(widths: tapeWidths, rows: layout.rows, state: state)
    let (before, records, inputs) = (tape.blocks[0], tape.blocks[1], tape.blocks[2])
    for step in 0..<layout.timeSteps {
      for sequence in 0..<layout.liveRows[step] {
        let row = layout.rowOffsets[step] + sequence
        let previous = joinedState(state, sequence)
        let next = self.step(projection.rowValues(row), state: previous)
        precondition(
          next.state.count == stateWidth && next.record.count == recordWidth,
          "step returned \(next.state.count) state and \(next.record.count) record values")
        if tape.isRecording {
          before.setRow(row, previous)
          records.setRow(row, next.record)
          inputs.setRow(row, projection.rowValues(row))
        }
        output.setRow(row, Array(next.state.prefix(output.columns)))
        setState(state, sequence, next.state)
      }
    }
  }

  /// Calls `stepGradient` for the same rows, last step first; shapes as `CellKernel.backward` has them.
  ///
  /// Follows a `forward` whose tape was recording. Cost: a call and a few arrays a row, even where nobody reads the
  /// gradients of weights.
  public func backward(
    _ outputGradient: Matrix?, stateGradient: CellState, output: Matrix, _ layout: SequenceLayout, tape: Tape,
    projectionGradient: Matrix, gradients: inout ParameterSet
  ) {
    let (before, records, inputs) = (tape.blocks[0], tape.blocks[1], tape.blocks[2])
    for step in stride(from: layout.timeSteps - 1, through: 0, by: -1) {
      for sequence in 0..<layout.liveRows[step] {
        let row = layout.rowOffsets[step] + sequence
        var gradient = joinedState(stateGradient, sequence)
        if let outputGradient {
          for (column, value) in outputGradient.rowValues(row).enumerated() { gradient[column] += value }
        }
        let result = stepGradient(
          gradient, input: inputs.rowValues(row), previousState: before.rowValues(row),
          record: records.rowValues(row), gradients: &gradients)
        projectionGradient.setRow(row, result.input)
        setState(stateGradient, sequence, result.previousState)
      }
    }
  }

  /// The projection is x_t itself.
  public func projectBackward(
    _ projectionGradient: Matrix, input: Matrix, inputGradient: Matrix, tape: Tape,
    gradients: inout ParameterSet
  ) {
    inputGradient.pointer.update(from: projectionGradient.pointer, count: projectionGradient.count)
  }

  private func joinedState(_ state: CellState, _ sequence: Int) -> [Float] {
    state.slots.flatMap { $0.rowValues(sequence) }
  }

  private func setState(_ state: CellState, _ sequence: Int, _ values: [Float]) {
    var start = 0
    for slot in state.slots {
      slot.setRow(sequence, Array(values[start..<start + slot.columns]))
      start += slot.columns
    }
  }
}
