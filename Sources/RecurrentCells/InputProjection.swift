import RecurrentNumerics

/// What a kernel's `project` made of a window's inputs: one row for each packed row of the window.
///
/// Rows may share a row of the table: the same word makes the same projection wherever it stands, so it is computed once.
public struct InputProjection {
  /// `[count, projectionWidth]`.
  public let table: Matrix
  /// The table's row for each packed row; nil where packed row i has row i.
  package let index: UnsafePointer<Int32>?

  /// Each packed row has its own row.
  public init(_ table: Matrix) {
    self.table = table
    index = nil
  }

  /// - Parameter index: valid while this is in use.
  package init(_ table: Matrix, index: UnsafePointer<Int32>) {
    self.table = table
    self.index = index
  }

  /// The values for a packed row, as a copy.
  public func rowValues(_ row: Int) -> [Float] { table.rowValues(index.map { Int($0[row]) } ?? row) }

  /// Where rows from `row` on start, and their index if they have one: what sums start from.
  package func rows(from row: Int) -> (start: UnsafePointer<Float>, index: UnsafePointer<Int32>?) {
    if let index { return (UnsafePointer(table.pointer), index + row) }
    return (UnsafePointer(table.row(row)), nil)
  }
}
