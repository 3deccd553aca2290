import RecurrentNumerics

/// A cell at one place of the stack: its level, its direction, and its first state.
///
/// Parameters are the cell's own, then `initial_state_<slot>` where the first state is learned. In packages they carry
/// PyTorch's suffixes: `rnn.weight_ih_l0_reverse` is the reversed direction of level 0.
public struct RecurrentLayer: Sendable {
  /// What runs; the same at both directions of a level, with parameters for each.
  public let cell: any RecurrentCell
  /// From 0, which reads the embedding.
  public let level: Int
  /// Whether each sequence is read from its own end.
  public let isReversed: Bool
  /// Where s_0 comes from.
  public let initialState: InitialState

  /// A layer; holds no weights.
  public init(cell: any RecurrentCell, level: Int, isReversed: Bool, initialState: InitialState) {
    self.cell = cell
    self.level = level
    self.isReversed = isReversed
    self.initialState = initialState
  }

  /// The cell's, then the first state's `[width]` a slot where it is learned. Cost: makes the array anew.
  public var parameterSpecs: [ParameterSpec] {
    guard initialState == .learned else { return cell.parameterSpecs }
    return cell.parameterSpecs
      + cell.stateSlots.enumerated().map { index, slot in
        ParameterSpec("initial_state_\(index)", shape: [slot.width], initialiser: .zeros)
      }
  }

  /// The name of a parameter in a package.
  public func qualifiedName(_ name: String) -> String {
    "rnn.\(name)_l\(level)\(isReversed ? "_reverse" : "")"
  }

  /// Sets `state` to s_0 of `batchSize` sequences.
  package func setInitialState(_ state: CellState, batchSize: Int, parameters: ParameterSet) {
    state.reset(batchSize: batchSize)
    guard initialState == .learned else { return }
    for (index, slot) in state.slots.enumerated() {
      let values = Array(parameters[cell.parameterSpecs.count + index])
      for sequence in 0..<batchSize { slot.setRow(sequence, values) }
    }
  }

  /// Adds ∂L/∂s_0, summed over the sequences in order, to the gradients of a learned first state.
  package func accumulateInitialStateGradient(
    _ stateGradient: CellState, kernels: KernelSet, into gradients: inout ParameterSet
  ) {
    guard initialState == .learned else { return }
    let first = cell.parameterSpecs.count
    let offsets = gradients.offsets
    gradients.values.withUnsafeMutableBufferPointer { values in
      for (index, slot) in stateGradient.slots.enumerated() {
        kernels.addColumnSums(
          slot.pointer, rows: slot.rows, columns: slot.columns,
          to: values.baseAddress.unsafelyUnwrapped + offsets[first + index])
      }
    }
  }
}
