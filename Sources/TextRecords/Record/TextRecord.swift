/// One record of a file: its text, or what is wrong with it.
public struct TextRecord: Sendable {
  /// The number of the record in the file, from 0. Faulty records count; skipped lines do not.
  public let index: Int
  /// The line of the file on which the record starts, from 1.
  public let line: Int
  /// The record's own name, where the file has one and no fault hides it.
  public let id: String?
  /// The text, or the fault that keeps it from being read.
  public let content: Result<String, RecordFault>
  /// The labels in the order of the file; empty where there is none, or where
  /// ``RecordReaderOptions/readsLabels`` is false.
  public let labels: [String]
  /// All columns in the order of the file, when
  /// ``RecordReaderOptions/keepsFields`` asks for them; empty for formats without columns.
  public let fields: [(name: String, value: String)]
  /// The JSON object of a line of JSON Lines as it is written there, when
  /// ``RecordReaderOptions/keepsFields`` asks for it; `nil` for other formats and where the line is none.
  ///
  /// It holds no line end: a CR between its values is a space.
  public let object: String?

  /// A record.
  public init(
    index: Int, line: Int, id: String? = nil, content: Result<String, RecordFault>,
    labels: [String] = [], fields: [(name: String, value: String)] = [], object: String? = nil
  ) {
    self.index = index
    self.line = line
    self.id = id
    self.content = content
    self.labels = labels
    self.fields = fields
    self.object = object
  }
}
