/// Reads a file of records from its start to its end.
///
/// One record of the file gives one ``TextRecord``: a record that cannot be read carries its
/// ``RecordFault`` and reading goes on behind it (a CSV quote that is open for longer than the longest record takes
/// what it spans with it). Nothing is repaired. A byte order mark at the
/// start is dropped; CR LF counts as LF, and any other CR stays in the text, as do NUL and U+2028;
/// a last line counts without a line end. The file may be gzip data, which its content tells.
public final class RecordReader {
  /// The path that stands for standard input.
  public static let standardInputPath = "-"

  /// How much longer than its text a record may be, where it has more than the text: 1 MiB.
  static let recordAllowance = 1 << 20

  /// The format of the file.
  public let format: RecordFormat

  let path: String
  let options: RecordReaderOptions
  let window: RecordWindow
  var layout: ColumnLayout?
  var row = Row()
  private var pending: PendingRow?
  private var nextIndex = 0
  private var failure: RecordReaderError?

  /// A first row that turned out to be a record.
  struct PendingRow {
    let line: Int
    let bytes: [UInt8]
  }

  /// Opens the file at `path` (`-`: standard input) and reads the header row of TSV and CSV.
  public convenience init(
    path: String, options: RecordReaderOptions = RecordReaderOptions()
  ) throws(RecordReaderError) {
    try self.init(path: path, source: try ByteSource(path: path), options)
  }

  /// Reads a file's content from memory. Its name gives the format, where `options` do not, and stands in errors.
  public convenience init(
    name: String, bytes: [UInt8], options: RecordReaderOptions = RecordReaderOptions()
  ) throws(RecordReaderError) {
    try self.init(
      path: name, source: ByteSource(path: name, file: FileBytes(name: name, memory: bytes)), options)
  }

  /// The same in blocks of at most `largestBlock` bytes: where a block ends changes no record.
  package convenience init(
    name: String, bytes: [UInt8], options: RecordReaderOptions, largestBlock: Int
  ) throws(RecordReaderError) {
    let file = FileBytes(name: name, memory: bytes)
    try self.init(
      path: name, source: ByteSource(path: name, file: file, largestBlock: largestBlock), options)
  }

  private init(path: String, source: ByteSource, _ options: RecordReaderOptions) throws(RecordReaderError) {
    self.path = path
    self.options = options
    format = options.format ?? RecordFormat(path: path)
    let limit =
      switch format {
      case .lines, .nul: max(options.textLimit, 0)
      case .tsv, .csv, .jsonl, .fasttext:
        max(options.textLimit, 0).addingReportingOverflow(Self.recordAllowance).overflow
          ? Int.max : max(options.textLimit, 0) + Self.recordAllowance
      }
    window = try RecordWindow(source: source, limit: limit)
    if format == .tsv || format == .csv, options.hasHeader != false { try readFirstRow() }
  }

  /// The next record; `nil` after the last.
  ///
  /// An error ends the file: later calls throw it again.
  public func next() throws(RecordReaderError) -> TextRecord? {
    if let failure { throw failure }
    do {
      guard let parsed = try nextParsed() else { return nil }
      defer { nextIndex += 1 }
      return TextRecord(
        index: nextIndex, line: parsed.line, id: parsed.record.id, content: parsed.record.content,
        labels: parsed.record.labels, fields: parsed.record.fields)
    } catch {
      failure = error
      throw error
    }
  }

  private func nextParsed() throws(RecordReaderError) -> (line: Int, record: ParsedRecord)? {
    if let row = pending {
      pending = nil
      let record = try row.bytes.withUnsafeBufferPointer {
        bytes throws(RecordReaderError) -> ParsedRecord in try parseRow(bytes)
      }
      return (row.line, record)
    }
    while let span = try nextSpan() {
      if let fault = span.fault { return (span.line, ParsedRecord(fault)) }
      if span.bytes.isEmpty, skipsEmptyRecords { continue }
      return (span.line, try parse(span.bytes))
    }
    return nil
  }

  private var skipsEmptyRecords: Bool { format != .lines && format != .nul }

  private func nextSpan() throws(RecordReaderError) -> RecordSpan? {
    switch format {
    case .csv: try window.nextCSVSpan()
    case .nul: try window.nextSpan(endingWith: 0)
    case .lines, .tsv, .jsonl, .fasttext: try window.nextSpan(endingWith: .lineFeed)
    }
  }

  private func parse(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(RecordReaderError) -> ParsedRecord {
    switch format {
    case .lines, .nul: parseWhole(bytes)
    case .tsv, .csv: try parseRow(bytes)
    case .jsonl: parseObject(bytes)
    case .fasttext: parseLabelled(bytes)
    }
  }

  private func parseWhole(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedRecord {
    if let text = String(validating: bytes, as: UTF8.self) { return ParsedRecord(text: text) }
    return ParsedRecord(firstInvalidUTF8(in: bytes) ?? .invalidUTF8(byte: 0, offset: 0))
  }

  /// `text`, unless it is longer than allowed.
  func limited(_ text: String) -> Result<String, RecordFault> {
    let count = text.utf8.count
    return count > options.textLimit
      ? .failure(.textTooLong(bytes: count, limit: options.textLimit)) : .success(text)
  }

  private func readFirstRow() throws(RecordReaderError) {
    while let span = try nextSpan() {
      if let fault = span.fault ?? firstInvalidUTF8(in: span.bytes) {
        throw .unreadableHeader(path: path, line: span.line, fault: fault)
      }
      if span.bytes.isEmpty { continue }
      if try takeHeader(span.bytes) == false {
        pending = PendingRow(line: span.line, bytes: Array(span.bytes))
      }
      return
    }
    if options.hasHeader == true { throw .emptyFile(path: path, column: options.textField) }
  }
}

/// What a record's bytes say.
struct ParsedRecord {
  var id: String?
  var content: Result<String, RecordFault>
  var labels: [String] = []
  var fields: [(name: String, value: String)] = []

  init(_ fault: RecordFault) { content = .failure(fault) }

  init(text: String) { content = .success(text) }
}
