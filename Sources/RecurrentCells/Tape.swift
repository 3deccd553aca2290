import RecurrentNumerics

/// What `forward` leaves for `backward` over one window, and scratch memory; kept and used again.
public final class Tape {
  /// Whether `backward` will follow. Where not, as at inference, kernels need not write the blocks.
  public let isRecording: Bool
  /// One matrix `[rows, width]` for each of the kernel's `tapeWidths`.
  public private(set) var blocks: [Matrix] = []
  /// The state before the window's first step.
  public let initialState: CellState
  /// Whether whoever calls `backward` reads the gradients of weights. Where not, kernels may leave them out, which saves
  /// half of the way back.
  public package(set) var needsWeightGradients = true
  private let scratch: Scratch

  /// - Parameter scratch: shared with the tapes of other windows, which never run at the same time.
  public init(_ slots: [StateSlot], isRecording: Bool = true, scratch: Scratch = Scratch()) {
    self.isRecording = isRecording
    initialState = CellState(slots, batchSize: 0)
    self.scratch = scratch
  }

  /// Shapes the blocks for a window and keeps a copy of its first state.
  package func begin(widths: [Int], rows: Int, state: CellState) {
    while blocks.count < widths.count { blocks.append(Matrix()) }
    guard isRecording else { return }
    for (block, width) in zip(blocks, widths) { block.reshape(rows: rows, columns: width) }
    initialState.copy(from: state)
  }

  /// Scratch memory number `index`, whose contents last until the next request for it.
  package func scratch(_ index: Int, rows: Int, columns: Int) -> Matrix {
    scratch.matrix(index, rows: rows, columns: columns)
  }
}
