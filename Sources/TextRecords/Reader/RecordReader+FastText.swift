extension RecordReader {
  /// What stands before the name of a label.
  static let labelMark = Array("__label__".utf8)

  /// The record of a fastText line: labels, then the text.
  ///
  /// Labels count at the start of the line only; a `__label__` further on belongs to the text. Labels that are not read
  /// are passed over, with or without a name.
  func parseLabelled(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedRecord {
    if let fault = firstInvalidUTF8(in: bytes) { return ParsedRecord(fault) }
    var record = ParsedRecord(text: "")
    var rest = bytes[...]
    while rest.starts(with: Self.labelMark) {
      let name = rest.dropFirst(Self.labelMark.count).prefix { !Self.separates($0) }
      if options.readsLabels {
        if name.isEmpty { return ParsedRecord(.missingField(name: options.labelField)) }
        record.labels.append(String(decoding: name, as: UTF8.self))
      }
      rest = bytes[name.endIndex...].drop(while: Self.separates)
    }
    record.content = limited(String(decoding: rest, as: UTF8.self))
    return record
  }

  private static func separates(_ byte: UInt8) -> Bool { byte == .space || byte == .tab }
}
