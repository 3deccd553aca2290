import TextRecords

/// Texts without labels: a text a line, or any format that labelled texts come in, whose labels are not read.
public enum UnlabelledTexts {
  /// Reads files text by text.
  ///
  /// - Throws: `DataError` at the first record that is no text.
  public static func forEach(in files: [String], textField: String, _ body: (String) -> Void)
    throws(DataError)
  {
    for path in files {
      do {
        let options = RecordReaderOptions(textField: textField, readsLabels: false)
        let reader = try RecordReader(path: path, options: options)
        while let record = try reader.next() {
          switch record.content {
          case .success(let text): body(text)
          case .failure(let fault): throw DataError.badRecord(path: path, line: record.line, fault: fault)
          }
        }
      } catch let error as DataError {
        throw error
      } catch let error as RecordReaderError {
        throw .unreadable(error)
      } catch {
        preconditionFailure("RecordReader throws RecordReaderError only: \(error)")
      }
    }
  }
}
