import StrictJSON

extension RecordReaderError: CustomStringConvertible {
  /// The file, what is wrong with it and what to do, in one line.
  public var description: String {
    "\(path == RecordReader.standardInputPath ? "standard input" : EscapedText.unquoted(path)): \(what)"
  }

  private var what: String {
    switch self {
    case .notFound: "no such file"
    case .unreadable(_, let reason): reason
    case .truncatedGzip: "gzip data ends too early; fetch or compress the file again"
    case .damagedGzip(_, let reason):
      "gzip data is damaged (\(reason)); fetch or compress the file again"
    case .missingColumn(_, let field, let name, let columns):
      "no column \(EscapedText(name)) in the first row; found \(listed(columns)); "
        + "name the \(field.rawValue)'s column with --\(field.rawValue)-field"
    case .duplicateColumn(_, let name):
      "column \(EscapedText(name)) appears twice in the first row; rename one of them"
    case .unreadableHeader(_, let line, let fault):
      "line \(line): cannot read the header row: \(fault)"
    case .wrongColumnCount(_, let found):
      "expected one column (text) or two (label, text) without a header, found \(found); "
        + "add a header row and leave out --no-header"
    case .emptyFile(_, let column):
      "empty; expected a header row with the column \(EscapedText(column))"
    }
  }

  private func listed(_ columns: [String]) -> String {
    let most = 12
    let names = columns.prefix(most).map { EscapedText($0).description }.joined(separator: ", ")
    return columns.count > most ? "\(names) and \(columns.count - most) more" : names
  }
}
