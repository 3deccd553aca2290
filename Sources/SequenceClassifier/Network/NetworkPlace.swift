import RecurrentCells

/// Where a way through a network is: at one direction of a level.
struct NetworkPlace {
  let level: Int
  let direction: Int
  /// Among all layers.
  let position: Int
  let isTop: Bool
  let run: DirectionRun
  let kernel: any CellKernel
}

extension NetworkPass {
  func place(level: Int, direction: Int, _ bound: BoundNetwork) -> NetworkPlace {
    NetworkPlace(
      level: level, direction: direction, position: level * runs[level].count + direction,
      isTop: level == runs.count - 1, run: runs[level][direction], kernel: bound.cells[level][direction])
  }
}
