/// Puts answers into bytes, record by record.
protocol RecordWriter {
  /// Appends what stands before the first record.
  ///
  /// - Parameter columns: the columns that tables carry along, where `--keep-fields` asks for them.
  mutating func begin(columns: [String], into bytes: inout [UInt8])
  /// Appends what is written for `record`, with its line feed.
  func append(_ answer: RecordAnswer, to record: InputRecord, into bytes: inout [UInt8])
  /// Appends what stands behind the last record of a run that ends well.
  func end(into bytes: inout [UInt8])
}

extension RecordWriter {
  mutating func begin(columns: [String], into bytes: inout [UInt8]) {}
  func end(into bytes: inout [UInt8]) {}
}

extension [UInt8] {
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }
}
