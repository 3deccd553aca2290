/// Puts answers into bytes: one line for each record.
protocol RecordWriter {
  /// Appends the line of `record`, with its line feed.
  func append(_ answer: RecordAnswer, to record: InputRecord, into bytes: inout [UInt8])
}

extension [UInt8] {
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }
}
