/// What a ``RecordReader`` looks for in a file.
public struct RecordReaderOptions: Sendable, Hashable {
  /// The largest text that is read unless told otherwise: 16 MiB.
  public static let standardTextLimit = 16 << 20

  /// The format of the file; `nil` takes it from the file's ending.
  public var format: RecordFormat?
  /// The column or key that holds the text.
  public var textField: String
  /// The column or key that holds the record's own name.
  public var idField: String
  /// The column or key that holds the label.
  public var labelField: String
  /// Whether labels are read.
  ///
  /// Without it ``TextRecord/labels`` is empty and no label is a fault, whatever stands where one would: a JSON
  /// value of any type, a fastText mark without a name, two columns of the label's name.
  public var readsLabels: Bool
  /// Whether the first row of TSV and CSV names the columns. A line `sep=,` above it, in TSV with a tab, is no row.
  ///
  /// `true`: it does, and it must name the text's column. `false`: it does not; one column is the
  /// text, two are label and text. `nil`: a first row that holds the text field's name is a header;
  /// one that holds another name which tables of texts use (`review`, `stars` …), or is one cell in which the
  /// separator of another format cuts out the text field's name (`id;text`) or is set (`sep=;`), is one that lacks the
  /// text's column, an error; otherwise the rule for `false` applies to rows of one or two columns, and anything wider is
  /// an error.
  public var hasHeader: Bool?
  /// What a header row must name besides the text, read or not; it may lack the others.
  ///
  /// Of JSON Lines it holds for the id: an object without its key is a fault of that record, one in which it is `null`
  /// is not.
  public var requiredFields: Set<RecordField>
  /// The largest text in bytes. A longer one is a fault of its record and is not kept in memory.
  ///
  /// Where a record has more than the text (TSV, CSV, JSON Lines, fastText), 1 MiB more is allowed
  /// for the whole record as it is written in the file. In JSON Lines an escape (`\u0041`) counts as one byte of it,
  /// so that a line may have six times the text's limit and 1 MiB.
  ///
  /// To read a line that is all escapes takes memory of up to 20 times the text's limit; values that nest take more, at
  /// most 50 bytes for each byte so counted.
  public var textLimit: Int
  /// Whether records carry all their columns in ``TextRecord/fields``, those of JSON Lines their object in
  /// ``TextRecord/object``.
  public var keepsFields: Bool
  /// Whether faulty rows before the one that tells a table's columns wait for it, so that they are known with the first record.
  public var waitsForColumns: Bool

  /// Options for a file.
  public init(
    format: RecordFormat? = nil,
    textField: String = "text",
    idField: String = "id",
    labelField: String = "label",
    readsLabels: Bool = true,
    hasHeader: Bool? = nil,
    requiredFields: Set<RecordField> = [],
    textLimit: Int = RecordReaderOptions.standardTextLimit,
    keepsFields: Bool = false,
    waitsForColumns: Bool = false
  ) {
    self.format = format
    self.textField = textField
    self.idField = idField
    self.labelField = labelField
    self.readsLabels = readsLabels
    self.hasHeader = hasHeader
    self.requiredFields = requiredFields
    self.textLimit = textLimit
    self.keepsFields = keepsFields
    self.waitsForColumns = waitsForColumns
  }

  /// The column or key that holds `field`.
  func name(of field: RecordField) -> String {
    switch field {
    case .text: textField
    case .id: idField
    case .label: labelField
    }
  }
}
