import RecurrentCells

/// One layer's working memory: its state and what each window left.
final class DirectionRun {
  let layer: RecurrentLayer
  let state: CellState
  let stateGradient: CellState
  private var records: [WindowRecord] = []
  private var inference: WindowRecord?
  /// Where texts run in windows of some tokens.
  let windowed: WindowedRun?

  init(_ layer: RecurrentLayer, _ running: Running, _ scratch: Scratch) {
    self.layer = layer
    windowed = running.windowLength.map { WindowedRun(length: $0, layer, scratch: scratch) }
    state = CellState(layer.cell.stateSlots, batchSize: 0)
    stateGradient = CellState(layer.cell.stateSlots, batchSize: 0)
  }

  func record(_ index: Int, _ scratch: Scratch) -> WindowRecord {
    while records.count <= index {
      records.append(WindowRecord(Tape(layer.cell.stateSlots, scratch: scratch)))
    }
    return records[index]
  }

  /// The memory of every window where nothing is kept.
  func unrecorded(_ scratch: Scratch) -> WindowRecord {
    if let inference { return inference }
    let record = WindowRecord(Tape(layer.cell.stateSlots, isRecording: false, scratch: scratch))
    inference = record
    return record
  }
}
