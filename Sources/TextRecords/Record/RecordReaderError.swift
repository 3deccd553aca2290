/// Why a file of records cannot be read, or cannot be read on.
public enum RecordReaderError: Error, Equatable, Sendable {
  /// No file has this name.
  case notFound(path: String)
  /// The system refuses to open or read the file.
  case unreadable(path: String, reason: String)
  /// Compressed data that ends too early.
  case truncatedGzip(path: String)
  /// Compressed data that cannot be unpacked.
  case damagedGzip(path: String, reason: String)
  /// UTF-16, not UTF-8.
  case utf16(path: String, form: UTF16Form)
  /// The first row names columns and holds a CR outside quotes, as where lines end with CR alone.
  case returnInHeader(path: String, line: Int)
  /// The first row does not name the column of a field that must be there.
  case missingColumn(path: String, field: RecordField, name: String, columns: [String])
  /// The first row names a column twice.
  case duplicateColumn(path: String, name: String)
  /// The first row cannot be read as a row.
  case unreadableHeader(path: String, line: Int, fault: RecordFault)
  /// Rows without a header that are neither a text nor a label and a text.
  case wrongColumnCount(path: String, found: Int)
  /// There is no first row to name the columns.
  case emptyFile(path: String, column: String)

  /// What a program should make of the error.
  public enum Category: Sendable, Hashable {
    /// The file does not exist.
    case notFound
    /// The file's content is wrong.
    case badInput
    /// The system failed to deliver the file's content.
    case inputOutput
  }

  /// What a program should make of the error.
  public var category: Category {
    switch self {
    case .notFound: .notFound
    case .unreadable: .inputOutput
    case .truncatedGzip, .damagedGzip, .utf16, .returnInHeader, .missingColumn, .duplicateColumn,
      .unreadableHeader, .wrongColumnCount, .emptyFile:
      .badInput
    }
  }

  /// The path of the file as it was given; `-` for standard input.
  public var path: String {
    switch self {
    case .notFound(let path), .unreadable(let path, _), .truncatedGzip(let path),
      .damagedGzip(let path, _), .utf16(let path, _), .returnInHeader(let path, _),
      .missingColumn(let path, _, _, _), .duplicateColumn(let path, _),
      .unreadableHeader(let path, _, _), .wrongColumnCount(let path, _), .emptyFile(let path, _):
      path
    }
  }
}
