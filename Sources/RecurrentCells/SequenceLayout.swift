/// Where each time step of a batch of sequences lies: packed rows, time-major, no padding.
///
/// Sequences are ordered by length, longest first. Step t owns `liveRows[t]` adjacent rows, one for each sequence that
/// is longer than t, starting at row `rowOffsets[t]`. A sequence that has ended has no rows: its state is left alone.
public struct SequenceLayout: Sendable, Equatable {
  /// Steps of each sequence, descending; zero is allowed.
  public let lengths: [Int]
  private let stretches: [StepStretch]

  /// - Parameter lengths: descending.
  public init(lengths: [Int]) {
    precondition(
      zip(lengths, lengths.dropFirst()).allSatisfy { $0 >= $1 } && (lengths.last ?? 0) >= 0,
      "lengths must descend and not be negative: \(lengths.prefix(8))…")
    self.lengths = lengths
    var stretches: [StepStretch] = []
    var (step, row, live) = (0, 0, lengths.count)
    while let end = lengths.prefix(live).last {
      if end > step {
        stretches.append(StepStretch(firstStep: step, firstRow: row, live: live))
        row += (end - step) * live
        step = end
      }
      live -= 1
    }
    stretches.append(StepStretch(firstStep: step, firstRow: row, live: 0))
    self.stretches = stretches
  }

  /// Live sequences at each step, never increasing.
  public var liveRows: LiveRows { LiveRows(stretches: stretches) }
  /// First row of each step; one more entry than there are steps.
  public var rowOffsets: RowOffsets { RowOffsets(stretches: stretches) }

  /// One step of `batchSize` sequences: what streaming runs.
  public static func singleStep(batchSize: Int) -> SequenceLayout {
    SequenceLayout(lengths: [Int](repeating: 1, count: batchSize))
  }

  /// Sequences, those without steps included.
  public var batchSize: Int { lengths.count }
  /// Steps of the longest sequence.
  public var timeSteps: Int { lengths.first ?? 0 }
  /// All rows: the sum of the lengths.
  public var rows: Int { stretches[stretches.count - 1].firstRow }

  /// The layout of some adjacent steps, of the same batch; its rows are `rowOffsets[steps.lowerBound]...` of this one's.
  public func window(_ steps: Range<Int>) -> SequenceLayout {
    SequenceLayout(lengths: lengths.map { Swift.min(Swift.max($0 - steps.lowerBound, 0), steps.count) })
  }

  /// For each row, the row of the same sequence counted from its own end: reading in this order reverses every sequence.
  public func reversedRows() -> [Int32] {
    var result = [Int32](repeating: 0, count: rows)
    for step in 0..<timeSteps {
      for sequence in 0..<liveRows[step] {
        result[rowOffsets[step] + sequence] = Int32(rowOffsets[lengths[sequence] - 1 - step] + sequence)
      }
    }
    return result
  }
}

/// Adjacent steps with the same live sequences. The last stretch of a layout has none: it stands behind the last step.
struct StepStretch: Sendable, Equatable {
  let firstStep: Int
  let firstRow: Int
  let live: Int
}

extension [StepStretch] {
  /// The stretch of a step; the time grows with the logarithm of their number.
  fileprivate func stretch(of step: Int) -> StepStretch {
    var (low, high) = (0, count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if self[middle].firstStep <= step { low = middle } else { high = middle }
    }
    return self[low]
  }

  fileprivate var stepCount: Int { self[count - 1].firstStep }
}

extension SequenceLayout {
  /// Live sequences at each step of a layout. No memory a step: a text of millions of tokens has one stretch of steps.
  public struct LiveRows: RandomAccessCollection, Sendable {
    let stretches: [StepStretch]
    /// 0, the first step.
    public var startIndex: Int { 0 }
    /// The number of steps, `timeSteps`.
    public var endIndex: Int { stretches.stepCount }

    /// Cost: the logarithm of the number of different lengths.
    public subscript(step: Int) -> Int {
      precondition(step >= 0 && step < endIndex, "step \(step) of \(endIndex)")
      return stretches.stretch(of: step).live
    }
  }

  /// First row of each step of a layout, and behind the last step the number of all rows.
  public struct RowOffsets: RandomAccessCollection, Sendable {
    let stretches: [StepStretch]
    /// 0, the first step.
    public var startIndex: Int { 0 }
    /// One more than there are steps.
    public var endIndex: Int { stretches.stepCount + 1 }

    /// Cost: the logarithm of the number of different lengths.
    public subscript(step: Int) -> Int {
      precondition(step >= 0 && step < endIndex, "step \(step) of \(endIndex)")
      let stretch = stretches.stretch(of: step)
      return stretch.firstRow + (step - stretch.firstStep) * stretch.live
    }
  }
}
