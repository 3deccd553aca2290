import RecurrentNumerics

/// What `forward` leaves for `backward` over one window, and scratch memory; kept and used again.
///
/// At inference the same tape is written over in each window, so that there is one code path and no growth.
public final class Tape: @unchecked Sendable {
  /// One matrix `[rows, width]` for each of the kernel's `tapeWidths`.
  public private(set) var blocks: [Matrix] = []
  /// The state before the window's first step.
  public let initialState: CellState
  private var scratch: [Matrix] = []

  public init(_ slots: [StateSlot]) { initialState = CellState(slots, batchSize: 0) }

  /// Shapes the blocks for a window and keeps a copy of its first state.
  package func begin(widths: [Int], rows: Int, state: CellState) {
    while blocks.count < widths.count { blocks.append(Matrix()) }
    for (block, width) in zip(blocks, widths) { block.reshape(rows: rows, columns: width) }
    initialState.copy(from: state)
  }

  /// Scratch memory number `index`, whose contents last until the next request for it.
  package func scratch(_ index: Int, rows: Int, columns: Int) -> Matrix {
    while scratch.count <= index { scratch.append(Matrix()) }
    scratch[index].reshape(rows: rows, columns: columns)
    return scratch[index]
  }
}
