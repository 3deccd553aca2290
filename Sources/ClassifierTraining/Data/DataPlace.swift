import TextRecords

/// Where a label stands in labelled texts.
public enum DataPlace: Equatable, Sendable {
  /// A line of a file, from 1.
  case line(path: String, line: Int)
  /// A folder of texts, whose name it is.
  case folder(path: String)

  /// What to do about a label that is wrong.
  var remedy: String {
    switch self {
    case .line: "correct the file"
    case .folder: "rename the folder or move it away"
    }
  }
}

extension DataPlace: CustomStringConvertible {
  /// The file and line, or the folder.
  public var description: String {
    switch self {
    case .line(let path, let line): "\(RecordReader.displayName(of: path)):\(line)"
    case .folder(let path): RecordReader.displayName(of: path)
    }
  }
}
