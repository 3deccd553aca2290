import TextRecords

/// Files of texts. The first byte chooses the options, the rest is the file.
enum RecordFuzzing {
  static func tables(_ bytes: [UInt8]) { read(bytes, formats: [.csv, .tsv]) }

  static func records(_ bytes: [UInt8]) { read(bytes, formats: [.jsonl, .fasttext, .lines, .nul]) }

  private static func read(_ bytes: [UInt8], formats: [RecordFormat]) {
    guard let choice = bytes.first else { return }
    let content = Array(bytes.dropFirst())
    let format = formats[Int(choice) % formats.count]
    let header: Bool? = [nil, true, false][Int(choice) / 8 % 3]
    let options = RecordReaderOptions(
      format: format, hasHeader: header, textLimit: choice & 4 == 0 ? 16 << 20 : 20,
      keepsFields: choice & 128 != 0)
    let first = records(content, options)
    promise(first == records(content, options), "the same file gave other records")
    // Every record ends with a byte of the file, but for the last; gzip data may hold more than its own bytes.
    let isPacked = content.starts(with: [0x1f, 0x8b])
    promise(isPacked || first.count <= content.count + 1, "\(first.count) records in \(content.count) bytes")
  }

  private static func records(_ bytes: [UInt8], _ options: RecordReaderOptions) -> [String] {
    guard let reader = try? RecordReader(name: "fuzz", bytes: bytes, options: options) else { return [] }
    var found: [String] = []
    var isAtEnd = false
    while !isAtEnd, found.count <= 1 << 20 {
      do {
        guard let record = try reader.next() else { break }
        promise(record.index == found.count, "record \(record.index) where \(found.count) is due")
        switch record.content {
        case .success(let text):
          promise(text.utf8.count <= options.textLimit, "a text beyond the limit")
          found.append(text)
        case .failure(let fault): found.append("\(fault)")
        }
      } catch {
        isAtEnd = true
      }
    }
    return found
  }
}
