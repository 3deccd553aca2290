import TextRecords

/// Why data cannot train or test a classifier.
public enum DataError: Error, Equatable {
  case unreadable(RecordReaderError)
  case badRecord(path: String, line: Int, fault: RecordFault)
  case missingLabel(path: String, line: Int, field: String)
  case severalLabels(path: String, line: Int, labels: [String])
  case unknownLabel(path: String, line: Int, label: String, known: [String])
  case empty(path: String)
}

extension DataError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .badRecord(let path, let line, let fault): "\(path):\(line): \(fault)"
    case .missingLabel(let path, let line, let field):
      "\(path):\(line): the record has no label; name its column with --label-field (now \"\(field)\"), or give rows of "
        + "label, tab, text"
    case .severalLabels(let path, let line, let labels):
      "\(path):\(line): the record has \(labels.count) labels (\(labels.joined(separator: ", "))); this version trains "
        + "on one label a text"
    case .unknownLabel(let path, let line, let label, let known):
      "\(path):\(line): the label \"\(label)\" is not among the package's: \(known.prefix(8).joined(separator: ", ")); "
        + "map it with --label-map \(label)=…"
    case .empty(let path): "\(path): there is no record in it"
    }
  }
}
