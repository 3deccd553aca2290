/// What the columns of a TSV or CSV file mean.
struct ColumnLayout {
  let names: [String]
  let text: Int
  let id: Int?
  /// The column of the label; `nil` where a header has none, or has one that is not read.
  let label: Int?
  /// Whether the text takes the rest of the row, tabs and all.
  let isTextOpen: Bool

  /// The layout that a header row names.
  init(
    header names: [String], options: RecordReaderOptions, path: String
  ) throws(RecordReaderError) {
    guard let text = names.firstIndex(of: options.textField) else {
      throw .missingColumn(path: path, field: .text, name: options.textField, columns: names)
    }
    for field in [RecordField.id, .label] where options.requiredFields.contains(field) {
      let name = options.name(of: field)
      guard names.contains(name) else {
        throw .missingColumn(path: path, field: field, name: name, columns: names)
      }
    }
    let read: [RecordField] = options.readsLabels ? [.text, .id, .label] : [.text, .id]
    for name in read.map(options.name(of:))
    where names.count(where: { $0 == name }) > 1 {
      throw .duplicateColumn(path: path, name: name)
    }
    self.names = names
    self.text = text
    id = names.firstIndex(of: options.idField).flatMap { $0 == text ? nil : $0 }
    label =
      options.readsLabels
      ? names.firstIndex(of: options.labelField).flatMap { $0 == text ? nil : $0 } : nil
    isTextOpen = false
  }

  /// The layout of rows without a header: a text, or a label and a text. `nil` for other widths.
  init?(width: Int, isOpenEnded: Bool, options: RecordReaderOptions) {
    if width == 1 {
      names = [options.textField]
      text = 0
      label = nil
      isTextOpen = false
    } else if width == 2 || (width > 2 && isOpenEnded) {
      names = [options.labelField, options.textField]
      text = 1
      label = 0
      isTextOpen = isOpenEnded
    } else {
      return nil
    }
    id = nil
  }
}
