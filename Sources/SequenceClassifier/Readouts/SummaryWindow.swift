import RecurrentCells

/// Adjacent steps of one direction whose outputs a summary reads together.
///
/// Steps and rows count in the direction's own reading order.
public struct SummaryWindow: Sendable {
  /// Of these steps alone.
  public let layout: SequenceLayout
  /// The first step's number in the whole batch.
  public let firstStep: Int
  /// The first row's number among the rows of the whole batch.
  public let firstRow: Int

  /// A window as given: `layout` counts from its first step, the others in the whole batch.
  public init(layout: SequenceLayout, firstStep: Int, firstRow: Int) {
    self.layout = layout
    self.firstStep = firstStep
    self.firstRow = firstRow
  }
}
