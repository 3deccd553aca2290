import StrictJSON
import TextRecords

/// The columns that every input has, because the header of the output names them before any record.
struct SharedColumns {
  /// Their names, in order; empty before an input tells them.
  private(set) var names: [String] = []
  /// Whether an input told them.
  var areKnown: Bool { path != nil }
  /// The input that told them.
  private var path: String?

  /// Takes the columns of an input, which must be those of the inputs before it.
  mutating func take(_ names: [String], of path: String) throws(CommandFailure) {
    guard let first = self.path else {
      self.names = names
      self.path = path
      return
    }
    guard let (found, wanted) = difference(to: names) else { return }
    throw CommandFailure(
      .badInput,
      "\(RecordReader.displayName(of: path)): \(found), but \(wanted) in \(RecordReader.displayName(of: first)); a table that "
        + "keeps fields has the same columns throughout: write --output-format jsonl, or run classify once for each"
    )
  }

  /// What is there and what should be, where `names` are others. Names are compared byte by byte.
  private func difference(to names: [String]) -> (found: String, wanted: String)? {
    func counted(_ count: Int) -> String {
      count == 0 ? "no columns" : count == 1 ? "1 column" : "\(count) columns"
    }
    guard names.count == self.names.count else { return (counted(names.count), "\(self.names.count)") }
    guard let place = names.indices.first(where: { !names[$0].utf8.elementsEqual(self.names[$0].utf8) })
    else { return nil }
    return ("column \(place + 1) is \(EscapedText(names[place]))", "\(EscapedText(self.names[place]))")
  }
}
