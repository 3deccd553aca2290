import TextRecords

/// How files of labelled texts are written, in the words of options and configurations.
public enum DataFormat: String, CaseIterable, Codable, Sendable {
  /// As the ending of each file says.
  case auto
  case tsv, csv, jsonl, fasttext

  /// The format to read; `nil` where the file's ending decides.
  public var recordFormat: RecordFormat? { RecordFormat(rawValue: rawValue) }
}
