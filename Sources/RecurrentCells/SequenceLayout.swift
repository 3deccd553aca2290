/// Where each time step of a batch of sequences lies: packed rows, time-major, no padding.
///
/// Sequences are ordered by length, longest first. Step t owns `liveRows[t]` adjacent rows, one for each sequence that
/// is longer than t, starting at row `rowOffsets[t]`. A sequence that has ended has no rows: its state is left alone.
public struct SequenceLayout: Sendable, Equatable {
  /// Steps of each sequence, descending; zero is allowed.
  public let lengths: [Int]
  /// Live sequences at each step, never increasing.
  public let liveRows: [Int]
  /// First row of each step; one more entry than there are steps.
  public let rowOffsets: [Int]

  /// - Parameter lengths: descending.
  public init(lengths: [Int]) {
    precondition(
      zip(lengths, lengths.dropFirst()).allSatisfy { $0 >= $1 } && (lengths.last ?? 0) >= 0,
      "lengths must descend and not be negative: \(lengths.prefix(8))…")
    self.lengths = lengths
    var liveRows: [Int] = []
    var rowOffsets = [0]
    var live = lengths.count
    for step in 0..<(lengths.first ?? 0) {
      while live > 0 && lengths[live - 1] <= step { live -= 1 }
      liveRows.append(live)
      rowOffsets.append(rowOffsets[step] + live)
    }
    self.liveRows = liveRows
    self.rowOffsets = rowOffsets
  }

  /// One step of `batchSize` sequences: what streaming runs.
  public static func singleStep(batchSize: Int) -> SequenceLayout {
    SequenceLayout(lengths: [Int](repeating: 1, count: batchSize))
  }

  public var batchSize: Int { lengths.count }
  public var timeSteps: Int { liveRows.count }
  /// All rows: the sum of the lengths.
  public var rows: Int { rowOffsets[rowOffsets.count - 1] }

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
