/// The rows of a table before the one that tells its columns, where no header does.
///
/// An empty line is a record where a record is nothing but a text, and none where it is more. So empty lines wait for the row
/// that tells, and what stands behind one waits with it.
struct OpeningRows {
  typealias Found = (line: Int, record: ParsedRecord)

  private enum Entry {
    /// Lines in a row.
    case empty(Range<Int>)
    case row(Found)
  }

  private var entries: ArraySlice<Entry> = []
  /// Whether it is known what becomes of empty lines, so that what waits can go.
  private var isDecided = false

  /// Rows that may wait; of so many unreadable ones nobody expects lines to fit.
  private static let limit = 1 << 16

  var isEmpty: Bool { entries.isEmpty }
  var isFull: Bool { entries.count >= Self.limit }

  mutating func append(emptyLine line: Int) {
    if case .empty(let lines)? = entries.last, lines.upperBound == line {
      entries[entries.endIndex - 1] = .empty(lines.lowerBound..<line + 1)
    } else {
      entries.append(.empty(line..<line + 1))
    }
  }

  mutating func append(_ row: Found) { entries.append(.row(row)) }

  /// Lets everything go, empty lines as records or not at all.
  mutating func decide(emptyLinesAreRecords: Bool) {
    isDecided = true
    guard !emptyLinesAreRecords else { return }
    entries.removeAll { if case .empty = $0 { true } else { false } }
  }

  /// What goes next: a row, or an empty line; nil where nothing is left or all must wait.
  mutating func next() -> (line: Int, record: ParsedRecord?)? {
    guard isDecided, let first = entries.first else {
      isDecided = false
      return nil
    }
    switch first {
    case .row(let found):
      entries.removeFirst()
      return (found.line, found.record)
    case .empty(var lines):
      let line = lines.removeFirst()
      if lines.isEmpty { entries.removeFirst() } else { entries[entries.startIndex] = .empty(lines) }
      return (line, nil)
    }
  }
}
