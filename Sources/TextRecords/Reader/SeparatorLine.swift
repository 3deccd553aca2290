/// The line with which Excel and those that write for it begin a table, and which is no row of it: `sep=,`.
enum SeparatorLine {
  /// What stands before the separator.
  static let start = "sep="

  /// Whether `bytes` are such a line that names the separator of `format`, bare or, in CSV, in quotes.
  static func isFound(in bytes: UnsafeBufferPointer<UInt8>, _ format: RecordFormat) -> Bool {
    switch format {
    case .csv: bytes.elementsEqual("\(start),".utf8) || bytes.elementsEqual("\"\(start),\"".utf8)
    case .tsv: bytes.elementsEqual("\(start)\t".utf8)
    case .lines, .jsonl, .fasttext, .nul: false
    }
  }
}
