import TextRecords

/// How files of texts are written, in the words of options and configurations.
public enum DataFormat: String, CaseIterable, Codable, Sendable {
  /// As the ending of each file says.
  case auto
  case tsv, csv, jsonl, fasttext

  /// The format to read; `nil` where the file's ending decides.
  public var recordFormat: RecordFormat? { RecordFormat(rawValue: rawValue) }

  /// The format to read a file of unlabelled texts in that stands beside labelled ones of this format; `nil` where its ending
  /// decides. fastText's files are mostly called `.txt`, and a plain line reads the same in them.
  func recordFormat(ofUnlabelled path: String) -> RecordFormat? {
    self == .fasttext && RecordFormat(path: path) == .lines ? .fasttext : nil
  }
}
