import StrictJSON
import TextRecords

/// Files of texts. The first byte chooses the options, the rest is the file.
enum RecordFuzzing {
  static func tables(_ bytes: [UInt8]) -> Bool { read(bytes, formats: [.csv, .tsv]) }

  static func records(_ bytes: [UInt8]) -> Bool { read(bytes, formats: [.jsonl, .fasttext, .lines, .nul]) }

  private static func read(_ bytes: [UInt8], formats: [RecordFormat]) -> Bool {
    guard let choice = bytes.first else { return false }
    let content = Array(bytes.dropFirst())
    let format = formats[Int(choice) % formats.count]
    let header: Bool? = [nil, true, false][Int(choice) / 8 % 3]
    let options = RecordReaderOptions(
      format: format, readsLabels: choice & 64 == 0, hasHeader: header,
      textLimit: choice & 4 == 0 ? 16 << 20 : 20, keepsFields: choice & 128 != 0)
    let whole = Reading(content, options, largestBlock: content.count)
    let pieces = Reading(content, options, largestBlock: 1 + Int(choice) % 11)
    promise(whole.isRefused == pieces.isRefused, "whether a file is read depends on where its blocks end")
    // What stands before the damage in gzip data comes out as far as its block was whole. Whether empty lines are records is told by
    // a row that may not.
    promise(
      whole.records == pieces.records
        || whole.isRefused
          && (whole.fullRecords.starts(with: pieces.fullRecords)
            || pieces.fullRecords.starts(with: whole.fullRecords)),
      "the same file gave other records")
    // Every record ends with a byte of the file, but for the last; gzip data may hold more than its own bytes.
    let isPacked = content.starts(with: [0x1f, 0x8b])
    promise(
      isPacked || whole.records.count <= content.count + 1,
      "\(whole.records.count) records in \(content.count) bytes")
    return !whole.isRefused
  }
}

/// What a reader makes of a file.
private struct Reading {
  /// Ids with texts, or with the faults of records without.
  var records: [String] = []
  /// Those that are no empty texts.
  var fullRecords: [String] { records.filter { $0 != ": " } }
  /// Whether an error ended it.
  var isRefused = false

  init(_ bytes: [UInt8], _ options: RecordReaderOptions, largestBlock: Int) {
    do throws(RecordReaderError) {
      let reader = try RecordReader(name: "fuzz", bytes: bytes, options: options, largestBlock: largestBlock)
      while records.count <= 1 << 20, let record = try reader.next() {
        promise(record.index == records.count, "record \(record.index) where \(records.count) is due")
        promise(options.readsLabels || record.labels.isEmpty, "a label that is not to be read")
        if let object = record.object {
          promise(
            !object.utf8.contains { $0 == 10 || $0 == 13 }
              && (try? JSONValue(parsing: Array(object.utf8)))?.objectValue != nil,
            "an object that is carried along is none, or takes more than a line")
        }
        let id = record.id ?? ""
        switch record.content {
        case .success(let text):
          promise(text.utf8.count <= options.textLimit, "a text beyond the limit")
          records.append("\(id): \(text)")
        case .failure(let fault): records.append("\(id): \(fault)")
        }
      }
    } catch {
      isRefused = true
    }
  }
}
