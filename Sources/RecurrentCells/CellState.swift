import RecurrentNumerics

/// The state of a batch: one matrix `[batch, width]` a slot; slot 0 is the output h_t.
public final class CellState {
  /// `[batch, width]` each, in the order of the cell's `stateSlots`.
  public let slots: [Matrix]

  /// Zeros.
  public init(_ slots: [StateSlot], batchSize: Int) {
    self.slots = slots.map { Matrix(rows: batchSize, columns: $0.width) }
  }

  package func reset(batchSize: Int) {
    for slot in slots {
      slot.reshape(rows: batchSize, columns: slot.columns)
      slot.setToZero()
    }
  }

  package func copy(from other: CellState) {
    for (slot, source) in zip(slots, other.slots) { slot.copy(from: source) }
  }
}
