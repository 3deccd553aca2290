import StrictJSON

/// The columns that every input has, because the header of the output names them before any record.
struct SharedColumns {
  /// Their names, in order; empty before an input tells them.
  private(set) var names: [String] = []
  /// The input that told them.
  private var path: String?

  /// Takes the columns of an input, which must be those of the inputs before it.
  mutating func take(_ names: [String], of path: String) throws(CommandFailure) {
    guard let first = self.path else {
      self.names = names
      self.path = path
      return
    }
    guard names != self.names else { return }
    throw CommandFailure(
      .badInput,
      "\(InputRecord.Place.name(of: path)): \(Self.listed(names)), but \(InputRecord.Place.name(of: first)) has "
        + "\(Self.listed(self.names)); a table that keeps fields has the same columns throughout: write --output-format jsonl, "
        + "or run classify once for each")
  }

  private static func listed(_ names: [String]) -> String {
    if names.isEmpty { return "no columns" }
    let most = 12
    let listed = names.prefix(most).map { EscapedText($0).description }.joined(separator: ", ")
    return "\(names.count == 1 ? "column" : "columns") \(listed)"
      + (names.count > most ? " and \(names.count - most) more" : "")
  }
}
