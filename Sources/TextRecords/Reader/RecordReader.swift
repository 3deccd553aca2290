import StrictJSON

/// Reads a file of records from its start to its end.
///
/// One record of the file gives one ``TextRecord``: a record that cannot be read carries its
/// ``RecordFault`` and reading goes on behind it (a CSV quote that is open for longer than the longest record takes
/// what it spans with it). Such a record keeps its id where that can be told: of a row of the wrong shape only
/// one in the first column, of a line of JSON that is too long only one near its start, of a malformed one none.
/// Nothing is repaired.
///
/// A byte order mark at the start is dropped; CR LF counts as LF, and any other CR stays in the text, as do
/// NUL and U+2028; a last line counts without a line end. A file that begins as UTF-16 does is refused, and so is a table whose
/// header holds a CR outside quotes, as where all lines end with CR alone. The line `sep=,` at the start of CSV, with a tab at
/// that of TSV, is passed over. The file may be gzip data, which its content tells.
public final class RecordReader {
  /// The path that stands for standard input.
  public static let standardInputPath = "-"

  /// What messages call the file at `path`: "standard input", or the path with what a terminal would obey or hide escaped.
  public static func displayName(of path: String) -> String {
    path == standardInputPath ? "standard input" : EscapedText.unquoted(path)
  }

  /// How much longer than its text a record may be, where it has more than the text: 1 MiB.
  static let recordAllowance = 1 << 20

  /// The format of the file.
  public let format: RecordFormat

  let path: String
  let options: RecordReaderOptions
  let window: RecordWindow
  var layout: ColumnLayout?
  var row = Row()
  private var isAtStart = true
  private var opening = OpeningRows()
  /// What ends the file, once the rows that wait are out.
  private var refusal: RecordReaderError?
  private var nextIndex = 0
  private var failure: RecordReaderError?

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
      case .tsv, .csv, .fasttext: Self.recordLimit(options, bytesOfText: 1)
      case .jsonl: Self.recordLimit(options, bytesOfText: Self.escapeLength)
      }
    window = try RecordWindow(source: source, limit: limit, isNULSeparated: format == .nul)
    if format.isTable, options.hasHeader != false { try readFirstRow() }
  }

  /// The longest record that has more than its text.
  ///
  /// - Parameter bytesOfText: what a byte of text takes at most as it is written.
  static func recordLimit(_ options: RecordReaderOptions, bytesOfText: Int) -> Int {
    let (text, isTooMuch) = max(options.textLimit, 0).multipliedReportingOverflow(by: bytesOfText)
    let (limit, isTooMuchInAll) = text.addingReportingOverflow(recordAllowance)
    return isTooMuch || isTooMuchInAll ? Int.max : limit
  }

  /// The names of the columns of TSV and CSV, in order; `nil` for other formats, and before the first row that tells.
  ///
  /// A header row names them. Without one they are the names that the options give the text and the label. Where fields
  /// are kept, rows before the one that tells wait for it.
  public var columns: [String]? { layout?.names }

  /// The column of TSV and CSV that holds the label; `nil` where none does, where labels are not read, or before the
  /// first row tells.
  public var labelColumn: String? {
    guard options.readsLabels, let layout, let label = layout.label else { return nil }
    return layout.names[label]
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
        labels: parsed.record.labels, fields: parsed.record.fields, object: parsed.record.object)
    } catch {
      failure = error
      throw error
    }
  }

  private func nextParsed() throws(RecordReaderError) -> (line: Int, record: ParsedRecord)? {
    if let found = nextOfOpening() { return found }
    if let refusal { throw refusal }
    do throws(RecordReaderError) {
      while let span = try nextSpan() {
        let isOpening = format.isTable && layout == nil
        if span.fault == nil, span.bytes.isEmpty, skipsEmptyRecords {
          if isOpening { opening.append(emptyLine: span.line) }
          continue
        }
        let record =
          if let fault = span.fault { ParsedRecord(fault, id: idOfBrokenRecord(span)) } else {
            try parse(span.bytes)
          }
        guard isOpening, options.waitsForColumns || !opening.isEmpty else { return (span.line, record) }
        opening.append((span.line, record))
        guard layout != nil || opening.isFull else { continue }
        opening.decide(emptyLinesAreRecords: isOneColumn)
        if let found = nextOfOpening() { return found }
      }
    } catch {
      refusal = error
    }
    opening.decide(emptyLinesAreRecords: false)
    if let found = nextOfOpening() { return found }
    if let refusal { throw refusal }
    return nil
  }

  private func nextOfOpening() -> OpeningRows.Found? {
    opening.next().map { ($0.line, $0.record ?? emptyText) }
  }

  /// Whether an empty line is no record. It is one where a record is nothing but a text.
  private var skipsEmptyRecords: Bool {
    switch format {
    case .lines, .nul: false
    case .tsv, .csv: !isOneColumn
    case .jsonl, .fasttext: true
    }
  }

  private var isOneColumn: Bool { layout?.names.count == 1 }

  /// An empty line of a table of one column.
  private var emptyText: ParsedRecord {
    var record = ParsedRecord(text: "")
    if options.keepsFields { record.fields = [(name: options.textField, value: "")] }
    return record
  }

  private func nextSpan() throws(RecordReaderError) -> RecordSpan? {
    let isFirst = isAtStart
    isAtStart = false
    let span = try nextSpanOfFormat()
    guard isFirst, let span, span.fault == nil, SeparatorLine.isFound(in: span.bytes, format) else {
      return span
    }
    return try nextSpanOfFormat()
  }

  private func nextSpanOfFormat() throws(RecordReaderError) -> RecordSpan? {
    switch format {
    case .csv: try window.nextCSVSpan()
    case .nul: try window.nextSpan(endingWith: 0)
    case .lines, .tsv, .jsonl, .fasttext: try window.nextSpan(endingWith: .lineFeed)
    }
  }

  /// The id of a record that cannot be taken apart.
  private func idOfBrokenRecord(_ span: RecordSpan) -> String? {
    format == .jsonl ? idAtStart(span.head) : idOfBrokenRow(span)
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
      try checkLineEnds(of: span)
      if let fault = span.fault ?? firstInvalidUTF8(in: span.bytes) {
        throw .unreadableHeader(path: path, line: span.line, fault: fault)
      }
      if span.bytes.isEmpty {
        opening.append(emptyLine: span.line)
        continue
      }
      if try takeHeader(span.bytes) {
        opening = OpeningRows()
      } else {
        opening.append((span.line, try parseRow(span.bytes)))
        opening.decide(emptyLinesAreRecords: isOneColumn)
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
  var object: String?

  init(_ fault: RecordFault, id: String? = nil) {
    self.id = id
    content = .failure(fault)
  }

  init(text: String) { content = .success(text) }
}
