import TextRecords

/// The records of a file of data, as far as each of them is a text.
struct DataRecords {
  let reader: RecordReader
  private let path: String

  /// Opens the file at `path` (`-`: standard input).
  init(path: String, options: RecordReaderOptions) throws(DataError) {
    self.path = path
    do throws(RecordReaderError) {
      reader = try RecordReader(path: path, options: options)
    } catch {
      throw .unreadable(error)
    }
  }

  /// The next record and its text; `nil` after the last.
  /// - Throws: `DataError` for a record that is no text, and where the file cannot be read on.
  func next() throws(DataError) -> (record: TextRecord, text: String)? {
    let next: TextRecord?
    do throws(RecordReaderError) { next = try reader.next() } catch { throw .unreadable(error) }
    guard let record = next else { return nil }
    switch record.content {
    case .success(let text): return (record, text)
    case .failure(let fault): throw .badRecord(path: path, line: record.line, fault: fault)
    }
  }
}
