import ModelPackage
import RecurrentCells
import SequenceClassifier
import StrictJSON

/// Where labelled texts come from: the `[data]` table.
public struct DataOptions: Codable, Sendable, Equatable {
  /// Training files: TSV, CSV, JSON Lines or fastText, plain or gzip.
  public var train: [String]
  /// Dev data: a file, or the share of the training texts to hold out, such as `0.1`.
  public var valid: String
  /// Texts whose labels, if any, are not read: for virtual adversarial training, entropy minimisation and teachers.
  public var unlabelled: [String]
  /// Packages whose mean answer to each unlabelled text is learnt as if it were its label.
  public var teachers: [String]
  /// The column or key of the text.
  public var textField: String
  /// The column or key of the label; another than that of the text.
  public var labelField: String
  /// How training and dev files are written.
  public var format: DataFormat
  /// What the data is, for the manifest: name, URL, licence, rows, SHA-256.
  public var sources: [Manifest.DataSource]

  init() {
    train = []
    valid = "0.1"
    unlabelled = []
    teachers = []
    textField = "text"
    labelField = "label"
    format = .auto
    sources = []
  }

  enum CodingKeys: String, CodingKey {
    case train, valid, unlabelled, teachers
    case textField = "text-field"
    case labelField = "label-field"
    case format, sources
  }
}

extension DataOptions {
  /// The share of the training texts to hold out; nil where `valid` is a file.
  package var validShare: Double? { Double(valid) }

  /// Refuses values that no run can use.
  func validate() throws(OptionError) {
    let require = OptionChecks(table: "data")
    for (files, name) in [
      (train, "train"), (unlabelled, "unlabelled"), (teachers, "teachers"), ([valid], "valid"),
    ] {
      try require(!files.contains(""), name, "\"\"", "the name of a file")
    }
    try require(
      validShare.map { $0 > 0 && $0 < 1 } ?? true, "valid", valid,
      "a file, or a share of the texts above 0 and below 1")
    try require(
      teachers.isEmpty || !unlabelled.isEmpty, "teachers", teachers.joined(separator: ", "),
      "left out, or used with data.unlabelled: the texts that they are asked about")
    try require(
      labelField != textField, "label-field", "\(EscapedText(labelField))",
      "another column than data.text-field"
    )
  }
}
