import TextRecords

/// Texts without labels: a text a line, a folder of plain texts, or any form that labelled texts come in, whose labels are not
/// read.
public enum UnlabelledTexts {
  /// Reads files and folders text by text.
  ///
  /// - Parameters:
  ///   - format: of all files; `nil` takes it from each one's ending.
  ///   - labelledFormat: of labelled files beside them, which may tell more than an ending.
  /// - Throws: `DataError` at the first record that is no text.
  public static func forEach(
    in files: [String], textField: String, format: RecordFormat? = nil,
    besides labelledFormat: DataFormat = .auto, _ body: (String) -> Void
  ) throws(DataError) {
    for path in files {
      if TextFolder.isOne(path) {
        for folder in try TextFolder.unlabelled(in: path) { try folder.forEach(body) }
        continue
      }
      let options = RecordReaderOptions(
        format: format ?? labelledFormat.recordFormat(ofUnlabelled: path), textField: textField,
        readsLabels: false)
      let records = try DataRecords(path: path, options: options)
      while let (_, text) = try records.next() { body(text) }
    }
  }
}
