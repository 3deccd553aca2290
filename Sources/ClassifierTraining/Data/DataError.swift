import StrictJSON
import TextRecords

/// Why data cannot train or test a classifier.
public enum DataError: Error, Equatable {
  case unreadable(RecordReaderError)
  case badRecord(path: String, line: Int, fault: RecordFault)
  case missingLabel(path: String, line: Int, field: String)
  case severalLabels(path: String, line: Int, labels: [String])
  case unknownLabel(path: String, line: Int, label: String, known: [String])
  case empty(path: String)
  /// The share held out as dev data leaves no text on one side.
  case uselessShare(Double, count: Int)
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
      "\(path):\(line): the record has \(labels.count) labels (\(list(labels))); this version trains "
        + "on one label a text"
    case .unknownLabel(let path, let line, let label, let known):
      "\(path):\(line): the label \(EscapedText(label)) is not among the \(known.count) known ones: \(list(known)); "
        + "correct the file, or say with --label-map which of them is meant (`rnnpkg test`, `diff`, `partner`, `quantize` and "
        + "`average` have it)"
    case .empty(let path): "\(path): there is no record in it"
    case .uselessShare(let share, let count):
      "a share of \(share) of \(count) texts, label by label, leaves no text to train on or none for the dev data; give "
        + "more texts, another --valid share or a --valid file"
    }
  }

  /// The first labels, safe to print.
  private func list(_ labels: [String]) -> String {
    labels.prefix(8).map { "\(EscapedText($0))" }.joined(separator: ", ") + (labels.count > 8 ? ", …" : "")
  }
}
