import RecurrentNumerics

/// Which unlabelled texts each training step reads: pass after pass over all of them, without end.
///
/// Each pass has a plan of its own (`BatchPlanner`). The texts of a step are a function of (seed, step), so a run that
/// goes on from a checkpoint reads what an unbroken one would; finding its place costs one plan a pass gone by.
public struct UnlabelledOrder {
  private let lengths: [Int]
  private let planner: BatchPlanner
  private let stream: RandomStream
  private var pass = 0
  /// The step that the pass began at.
  private var firstStep = 0
  private var batches: [[Int]] = []

  /// - Parameter lengths: tokens of each text.
  public init(lengths: [Int], planner: BatchPlanner, stream: RandomStream) {
    self.lengths = lengths
    self.planner = planner
    self.stream = stream
  }

  /// Positions of the texts of a step, longest first; none where there are no texts.
  /// - Parameter step: from 0.
  public mutating func batch(step: Int) -> [Int] {
    guard !lengths.isEmpty else { return [] }
    if batches.isEmpty || step < firstStep {
      (pass, firstStep) = (0, 0)
      plan()
    }
    while step >= firstStep + batches.count {
      firstStep += batches.count
      pass += 1
      plan()
    }
    return batches[step - firstStep]
  }

  private mutating func plan() {
    batches = planner.batches(lengths: lengths, stream: stream.derived(UInt64(pass)))
  }
}
