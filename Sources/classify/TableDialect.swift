/// How a table is written.
enum TableDialect {
  /// RFC 4180 with line feeds: a cell with a comma, a quote, a line feed or a carriage return stands between quotes, and
  /// quotes in it are written twice.
  case csv
  /// Cells between tabs. Tab, line feed and carriage return, which no cell can hold, are written `\t`, `\n` and `\r`. All else
  /// stands as it is, backslashes too: that is how the reader of TSV takes cells, so that those from TSV come out unchanged.
  case tsv

  var separator: UInt8 {
    switch self {
    case .csv: .comma
    case .tsv: .tab
    }
  }

  /// Appends a cell.
  func append(_ cell: String, to bytes: inout [UInt8]) {
    switch self {
    case .csv: Self.appendQuoted(cell, to: &bytes)
    case .tsv: Self.appendEscaped(cell, to: &bytes)
    }
  }

  private static func appendQuoted(_ cell: String, to bytes: inout [UInt8]) {
    guard
      cell.utf8.contains(where: { $0 == .quote || $0 == .comma || $0 == .lineFeed || $0 == .carriageReturn })
    else { return bytes.append(cell) }
    bytes.append(.quote)
    for byte in cell.utf8 {
      if byte == .quote { bytes.append(.quote) }
      bytes.append(byte)
    }
    bytes.append(.quote)
  }

  private static func appendEscaped(_ cell: String, to bytes: inout [UInt8]) {
    guard cell.utf8.contains(where: { $0 == .tab || $0 == .lineFeed || $0 == .carriageReturn })
    else { return bytes.append(cell) }
    for byte in cell.utf8 {
      switch byte {
      case .tab: bytes.append("\\t" as StaticString)
      case .lineFeed: bytes.append("\\n" as StaticString)
      case .carriageReturn: bytes.append("\\r" as StaticString)
      default: bytes.append(byte)
      }
    }
  }
}
