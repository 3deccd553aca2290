import ArgumentParser
import StrictJSON
import TextRecords

/// Where texts come from and how they are written there.
struct InputOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Texts to label. One that begins with a dash goes behind --.", valueName: "text"))
  var texts: [ArgumentText] = []

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "A file of texts, plain or gzip; - is standard input. May be given more than once.", valueName: "file"),
    completion: .file())
  var input: [String] = []

  @Option(
    help: ArgumentHelp(
      "How files and standard input are written; auto goes by the file's ending, else lines, and takes no .json (say jsonl "
        + "for one object a line, or lines).", valueName: "format"))
  var format: InputFormat = .auto

  @Flag(name: .customShort("0"), help: "Texts end with a NUL byte: the same as --format nul.")
  var nulSeparated = false

  @Option(help: ArgumentHelp("The column or key of the text. (default: text)", valueName: "name"))
  var textField: String?

  @Option(
    help: ArgumentHelp(
      "The column or key of the record's id; where it is given, it must be there. (default: id)",
      valueName: "name"))
  var idField: String?

  @Option(
    help: ArgumentHelp(
      "The column or key of a known label, which is not read. (default: label)", valueName: "name"))
  var labelField: String?

  @Flag(
    help: """
      The first row is a record: a text, or a label and a text. Without this, --text-field and --id-field, a first row with \
      the name text is a header, one with another name that tables of texts use (review, stars and the like) is an error, and \
      any other of one or two columns is a record.
      """)
  var noHeader = false

  /// The format of all inputs, where one is given.
  var recordFormat: RecordFormat? { nulSeparated ? .nul : format.recordFormat }

  /// What readers look for.
  var readerOptions: RecordReaderOptions {
    var options = RecordReaderOptions(format: recordFormat)
    if let textField { options.textField = textField }
    if let idField {
      options.idField = idField
      options.requiredFields = [.id]
    }
    if let labelField { options.labelField = labelField }
    options.readsLabels = false
    // A field that is asked for must be there.
    options.hasHeader = noHeader ? false : textField == nil && idField == nil ? nil : true
    return options
  }

  /// Whether an option names a column or key, so that a table must have a header.
  var namesField: Bool { textField != nil || idField != nil || labelField != nil }

  /// The files to read: those named, or standard input where there are no texts either.
  var paths: [String] { input.isEmpty && texts.isEmpty ? [RecordReader.standardInputPath] : input }

  mutating func validate() throws {
    for path in input { try RawArguments.checkIsText(path, of: "--input") }
    try RawArguments.checkIsText(textField, of: "--text-field")
    try RawArguments.checkIsText(idField, of: "--id-field")
    try RawArguments.checkIsText(labelField, of: "--label-field")
    if input.contains("") { throw ValidationError("--input is empty; name a file, or - for standard input") }
    if !texts.isEmpty, !input.isEmpty {
      throw ValidationError("texts and --input exclude each other; run classify once for each")
    }
    if input.count(where: { $0 == RecordReader.standardInputPath }) > 1 {
      throw ValidationError("standard input can be read only once; give --input - once")
    }
    if nulSeparated, format != .auto, format != .nul {
      throw ValidationError("-0 and --format \(format.rawValue) exclude each other")
    }
    if recordFormat == nil, let path = paths.first(where: Self.endsInJSON) {
      throw ValidationError(
        "\(RecordReader.displayName(of: path)) ends in .json, which does not say how texts stand in it; add --format jsonl for one "
          + "object a line, or --format lines for plain text")
    }
    try validateFields()
  }

  /// A field that no input can have is a mistake: the whole line would be taken for the text.
  private func validateFields() throws {
    let named = [("--text-field", textField), ("--id-field", idField), ("--label-field", labelField)]
    guard let option = named.first(where: { $0.1 != nil })?.0 else {
      if noHeader { try checkColumns(of: "--no-header", \.isTable, "tsv or csv") }
      return
    }
    try checkColumns(of: option, { $0.isTable || $0 == .jsonl }, "tsv, csv or jsonl")
    if let idField, idField == readerOptions.textField {
      throw ValidationError("--id-field and --text-field are both \(EscapedText(idField)); name two columns")
    }
    if noHeader { throw ValidationError("\(option) and --no-header exclude each other") }
  }

  private func checkColumns(
    of option: String, _ isFitting: (RecordFormat) -> Bool, _ fitting: String
  ) throws {
    if !texts.isEmpty { throw ValidationError("\(option) is for files, not for texts given as arguments") }
    for path in paths {
      let format = formatRead(from: path)
      guard !isFitting(format) else { continue }
      let name = RecordReader.displayName(of: path)
      throw ValidationError(
        "\(option) has no meaning for \(name), which is read as \(format.rawValue); add --format \(fitting)")
    }
  }

  /// Refuses JSON Lines where each record must have the same columns: its keys may differ from line to line.
  func checkSharesColumns(for output: OutputFormat) throws {
    guard let path = paths.first(where: { formatRead(from: $0) == .jsonl }) else { return }
    throw ValidationError(
      "--keep-fields cannot make columns of \(RecordReader.displayName(of: path)), which is read as jsonl: its keys may differ "
        + "from line to line; use --output-format jsonl or json instead of \(output.rawValue)")
  }

  /// Whether `path` is likely one JSON document, an array of objects or an object of many lines, whose lines are no texts.
  private static func endsInJSON(_ path: String) -> Bool {
    let name = path.lowercased()
    return name.hasSuffix(".json") || name.hasSuffix(".json.gz")
  }

  private func formatRead(from path: String) -> RecordFormat { recordFormat ?? RecordFormat(path: path) }
}

/// The values of `--format`.
enum InputFormat: String, CaseIterable, ExpressibleByArgument {
  case auto, lines, tsv, csv, jsonl, fasttext, nul

  /// The format to read; `nil` where the file's ending decides.
  var recordFormat: RecordFormat? { RecordFormat(rawValue: rawValue) }
}
