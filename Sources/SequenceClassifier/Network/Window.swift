import RecurrentCells

/// Adjacent time steps that run together.
package struct Window {
  package let steps: Range<Int>
  /// Whether gradients stop before the first step.
  let isCut: Bool

  /// Windows over all steps: a new one where the last has `rows` rows, and at every multiple of `truncation` steps.
  package static func cover(_ layout: SequenceLayout, rows: Int, truncation: Int? = nil) -> [Window] {
    var windows: [Window] = []
    var first = 0
    for step in 0..<layout.timeSteps {
      let next = step + 1
      let isFull = layout.rowOffsets[next] - layout.rowOffsets[first] >= rows
      let isCut = truncation.map { next.isMultiple(of: $0) } ?? false
      guard isFull || isCut || next == layout.timeSteps else { continue }
      windows.append(Window(steps: first..<next, isCut: truncation.map { first.isMultiple(of: $0) } ?? false))
      first = next
    }
    return windows
  }
}
