extension RecordReader {
  /// Takes `bytes` as the header row and says whether it is one; sets the layout in either case.
  func takeHeader(_ bytes: UnsafeBufferPointer<UInt8>) throws(RecordReaderError) -> Bool {
    split(bytes)
    let names = row.columns.map { columnText(bytes, $0, isCSV: format == .csv) }
    if let bare = bareLayout(names) {
      layout =
        format == .tsv && bare.label != nil
        ? ColumnLayout(width: names.count, isOpenEnded: true, options: options) : bare
      return false
    }
    layout = try ColumnLayout(header: names, options: options, path: path)
    return true
  }

  /// The layout of a first row of these cells that is a record; `nil` where it is a header.
  private func bareLayout(_ names: [String]) -> ColumnLayout? {
    guard options.hasHeader == nil, !names.contains(options.textField), !looksLikeHeader(names) else {
      return nil
    }
    return ColumnLayout(width: names.count, isOpenEnded: false, options: options)
  }

  /// Refuses a header row that ends with CR alone: all rows up to the first LF, or to the end, would be taken for names.
  func checkLineEnds(of span: RecordSpan) throws(RecordReaderError) {
    let holdsReturn =
      span.head.isEmpty
      ? endsHeaderWithReturn(span.bytes) : span.head.withUnsafeBufferPointer { endsHeaderWithReturn($0) }
    if holdsReturn { throw .returnInHeader(path: path, line: span.line) }
  }

  private func endsHeaderWithReturn(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let end = bareReturn(in: bytes, isCSV: format == .csv) else { return false }
    let header = UnsafeBufferPointer(rebasing: bytes[..<end])
    if SeparatorLine.isFound(in: header, format) { return true }
    split(header)
    return bareLayout(row.columns.map { columnText(header, $0, isCSV: format == .csv) }) == nil
  }

  /// Whether a first row that lacks the text's column is a header all the same: one of its cells is a name that tables
  /// of texts use, such as `review` or `stars`, or its only cell holds names that another separator parts, or sets one for Excel.
  /// To read such a row as a record would be wrong in silence.
  private func looksLikeHeader(_ names: [String]) -> Bool {
    names.contains { Self.headerNames.contains($0.lowercased()) }
      || ForeignSeparator(in: names, around: options.textField) != nil
  }

  private static let headerNames: Set<String> = [
    "text", "label", "id", "body", "review", "reviews", "comment", "content", "sentence", "title", "message",
    "tweet",
    "stars", "rating", "score", "sentiment", "category", "class", "topic", "target", "polarity", "summary",
  ]

  /// The record of a row.
  func parseRow(_ bytes: UnsafeBufferPointer<UInt8>) throws(RecordReaderError) -> ParsedRecord {
    let fault = firstInvalidUTF8(in: bytes)
    // A row that is not UTF-8 does not decide what the columns are.
    if let fault, self.layout == nil { return ParsedRecord(fault) }
    split(bytes)
    let layout = try layoutOfRow()
    if layout.isTextOpen { row.join(from: layout.text) }
    guard row.columns.count == layout.names.count else {
      let shape = RecordFault.wrongColumnCount(expected: layout.names.count, found: row.columns.count)
      return ParsedRecord(fault ?? shape, id: idOfBrokenRow(bytes))
    }
    if let fault { return ParsedRecord(fault, id: layout.id.flatMap { soundID(bytes, row.columns[$0]) }) }
    let isCSV = format == .csv
    func value(_ index: Int) -> String { columnText(bytes, row.columns[index], isCSV: isCSV) }
    var record = ParsedRecord(text: "")
    record.content = limited(value(layout.text))
    if let id = layout.id.map(value), !id.isEmpty { record.id = id }
    if options.readsLabels, let label = layout.label.map(value), !label.isEmpty { record.labels = [label] }
    if options.keepsFields {
      record.fields = layout.names.indices.map { (layout.names[$0], value($0)) }
    }
    return record
  }

  /// The id of a row that cannot be cut into its columns: of a record that is too long, its first bytes tell.
  func idOfBrokenRow(_ span: RecordSpan) -> String? {
    span.head.isEmpty ? idOfBrokenRow(span.bytes) : span.head.withUnsafeBufferPointer { idOfBrokenRow($0) }
  }

  /// The id of a row of the wrong shape, where the id is the first column: what stands behind it could be the value of
  /// any column.
  private func idOfBrokenRow(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard layout?.id == 0, let column = soundFirstColumn(of: bytes, isCSV: format == .csv) else { return nil }
    return soundID(bytes, column)
  }

  /// The id in a column; `nil` where it is empty or not UTF-8.
  private func soundID(_ bytes: UnsafeBufferPointer<UInt8>, _ column: Range<Int>) -> String? {
    guard firstInvalidUTF8(in: UnsafeBufferPointer(rebasing: bytes[column])) == nil else { return nil }
    let id = columnText(bytes, column, isCSV: format == .csv)
    return id.isEmpty ? nil : id
  }

  /// The layout, which the first readable row decides where there is no header.
  private func layoutOfRow() throws(RecordReaderError) -> ColumnLayout {
    if let layout { return layout }
    let width = row.columns.count
    let isOpenEnded = format == .tsv
    guard let bare = ColumnLayout(width: width, isOpenEnded: isOpenEnded, options: options) else {
      throw .wrongColumnCount(path: path, found: width)
    }
    layout = bare
    return bare
  }

  private func split(_ bytes: UnsafeBufferPointer<UInt8>) {
    if format == .csv { row.splitAtCommas(bytes) } else { row.splitAtTabs(bytes) }
  }
}
