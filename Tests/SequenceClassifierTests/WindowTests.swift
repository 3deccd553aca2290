import RecurrentCells
import SequenceClassifier
import Testing

@Suite struct WindowTests {
  @Test(arguments: [[], [0], [1], [9, 4, 4, 1, 0], [40, 3], [7, 7, 7]], [1, 4, 10, 1_000])
  func windowsCoverAllStepsInOrder(_ lengths: [Int], _ rows: Int) {
    let layout = SequenceLayout(lengths: lengths)
    for truncation in [nil, 1, 3] {
      let windows = Window.cover(layout, rows: rows, truncation: truncation).map(\.steps)
      #expect(windows.flatMap { Array($0) } == Array(0..<layout.timeSteps))
      for steps in windows.dropLast() {
        let isFull = layout.window(steps).rows >= rows
        #expect(isFull || truncation.map { steps.upperBound.isMultiple(of: $0) } == true)
      }
      for steps in windows {
        // Without its last step no window is full.
        #expect(layout.window(steps.dropLast()).rows < rows)
      }
    }
  }
}
