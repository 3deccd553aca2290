/// What parts the names of a header row that is read as a single cell, because its format has another separator.
struct ForeignSeparator {
  let character: Character

  /// The separator that cuts `name` out of the only cell of a row, or that a line of Excel in it names (`sep=;`); `nil` where
  /// there is none.
  init?(in cells: [String], around name: String) {
    guard cells.count == 1, let cell = cells.first else { return nil }
    if cell.hasPrefix(SeparatorLine.start), cell.count == SeparatorLine.start.count + 1, let last = cell.last
    {
      character = last
      return
    }
    let found = Self.usual.first { separator in
      let parts = cell.split(separator: separator, omittingEmptySubsequences: false)
      return parts.count > 1 && parts.contains { $0 == name }
    }
    guard let found else { return nil }
    character = found
  }

  private static let usual: [Character] = [";", "|", ",", "\t"]
}
