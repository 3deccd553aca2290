import RecurrentNumerics

/// A cell bound to its weights: the one code path for training, batched inference and streaming. Outside this package, conform to
/// `StepwiseKernel`, which makes the rest of one step.
///
/// A step has two parts. What depends on x_t alone, `project` computes for many rows in one product; `forward` adds what
/// depends on the state. Rows are in packed order (see `SequenceLayout`). State, tape and outputs belong to the caller,
/// so kernels are immutable, shared between threads, and allocate nothing in the time loop.
public protocol CellKernel: Sendable {
  /// Width of a row that `project` makes.
  var projectionWidth: Int { get }
  /// Width of each tape block: floats a row that `backward` needs beside input and output.
  var tapeWidths: [Int] { get }

  /// Computes what each step takes from x_t alone; for gated cells b + x_t W_ihᵀ.
  /// - Parameters:
  ///   - input: x_t, `[rows, inputSize]`.
  ///   - projection: already shaped, `[at least firstRow + rows, projectionWidth]`; rows from `firstRow` on are written.
  func project(_ input: Matrix, into projection: Matrix, firstRow: Int)

  /// Runs the window's steps.
  /// - Parameters:
  ///   - projection: what `project` made of x_t, for every row.
  ///   - state: s_0 on entry, each sequence's last state on return, `[batch, width]` a slot. A sequence without steps
  ///     in this window keeps its state.
  ///   - output: every h_t, `[rows, outputSize]`, already shaped.
  ///   - tape: written for `backward` where it is recording.
  func forward(
    _ projection: InputProjection, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape)

  /// Back-propagates through the window's steps, adding to `gradients` what does not come through the projection.
  /// - Parameters:
  ///   - outputGradient: ∂L/∂h_t, `[rows, outputSize]`; `nil` where only last states were read.
  ///   - stateGradient: ∂L/∂s_last on entry, ∂L/∂s_0 on return, `[batch, width]` a slot.
  ///   - output, tape: as `forward` left them; the tape is used up.
  ///   - projectionGradient: gets ∂L/∂(projection) of every row, `[rows, projectionWidth]`, already shaped.
  ///   - gradients: nobody reads them where the tape's `needsWeightGradients` is false.
  func backward(
    _ outputGradient: Matrix?, stateGradient: CellState, output: Matrix, _ layout: SequenceLayout, tape: Tape,
    projectionGradient: Matrix, gradients: inout ParameterSet)

  /// Back-propagates through `project`, adding to `gradients`. Rows that shared a projection come as one, their
  /// gradients summed.
  /// - Parameters:
  ///   - projectionGradient: ∂L/∂(projection), `[rows, projectionWidth]`.
  ///   - input: x of each row, `[rows, inputSize]`, as `project` had it.
  ///   - inputGradient: gets ∂L/∂x, `[rows, inputSize]`, already shaped.
  ///   - tape: for its scratch memory, and for `needsWeightGradients`.
  func projectBackward(
    _ projectionGradient: Matrix, input: Matrix, inputGradient: Matrix, tape: Tape,
    gradients: inout ParameterSet)
}

extension CellKernel {
  /// Projects the inputs of a window and runs its steps. Arguments as `project` and `forward` have them; rows and widths are
  /// checked here.
  public func run(
    _ input: Matrix, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape
  ) {
    precondition(
      input.rows == layout.rows && output.rows == layout.rows && output.columns == state.slots[0].columns
        && state.slots.allSatisfy { $0.rows == layout.batchSize },
      "x of \(input.rows) rows, h [\(output.rows), \(output.columns)] and a state of \(state.slots[0].rows) sequences where "
        + "\(layout.batchSize) have \(layout.rows) steps")
    let projection = Matrix(rows: input.rows, columns: projectionWidth)
    project(input, into: projection, firstRow: 0)
    forward(InputProjection(projection), layout, state: state, output: output, tape: tape)
  }

  /// Advances `state` by one step: a sequence of one step, never a second implementation.
  public func step(_ input: Matrix, state: CellState, output: Matrix, tape: Tape) {
    run(input, .singleStep(batchSize: input.rows), state: state, output: output, tape: tape)
  }
}
