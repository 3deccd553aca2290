import StrictJSON

extension RecordReaderError: CustomStringConvertible {
  /// The file, what is wrong with it and what to do, in one line.
  public var description: String {
    "\(RecordReader.displayName(of: path)): \(what)"
  }

  private var what: String {
    switch self {
    case .notFound: "no such file"
    case .unreadable(_, let reason): reason
    case .truncatedGzip: "gzip data ends too early; fetch or compress the file again"
    case .damagedGzip(_, let reason):
      "gzip data is damaged (\(reason)); fetch or compress the file again"
    case .utf16(_, let form):
      "it is \(form.name); convert it, e.g. with iconv -f \(form.name) -t UTF-8"
    case .returnInHeader(_, let line):
      #"line \#(line): the header row ends with CR only, which ends no line here; convert the line ends, e.g. with tr '\r' '\n'"#
    case .missingColumn(_, let field, let name, let columns):
      "no column \(EscapedText(name)) in the first row; found \(listed(columns))"
        + (ForeignSeparator(in: columns, around: name).map(remedy)
          ?? "; name the \(field.rawValue)'s column with --\(field.rawValue)-field")
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

  private func remedy(_ separator: ForeignSeparator) -> String {
    let what =
      switch separator.character {
      case ",": "add --format csv"
      case "\t": "add --format tsv"
      default: "write commas (csv) or tabs (tsv) between columns"
      }
    return ", with \(EscapedText(String(separator.character))) between names; \(what)"
  }

  private func listed(_ columns: [String]) -> String {
    let most = 12
    let names = columns.prefix(most).map { EscapedText($0).description }.joined(separator: ", ")
    return columns.count > most ? "\(names) and \(columns.count - most) more" : names
  }
}
