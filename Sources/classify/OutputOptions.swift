import ArgumentParser

/// What is written for each record, and where.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("k"), .long],
    help: ArgumentHelp(
      "Write the <n> likeliest labels. (default: all as jsonl and json, else 1)", valueName: "n"))
  var top: Int?

  @Flag(help: "Write all labels.")
  var all = false

  @Flag(help: "Write JSON Lines: the same as --output-format jsonl.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "How records are written. json is one array, and whole only where the run ends well; csv and tsv have a header row. "
        + "(default: what the ending of --output says, else text)", valueName: "format"))
  var outputFormat: OutputFormat?

  @Flag(
    help: """
      Carry the fields of the input along: with csv and tsv its columns, behind the others (input_ goes before a name that is \
      taken); with jsonl and json its columns or keys, as an object, fields.
      """)
  var keepFields = false

  @Option(
    help: ArgumentHelp(
      "Write ? for the label where its score, unrounded, is below <p>, from 0 to 1 (jsonl and json: the label stays, and "
        + "abstained is true, which no label can be taken for). "
        + "(default: the package's, if any)", valueName: "p"))
  var abstainBelow: Float?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Write to a file, which appears only when it is complete. Where no format is given, the ending .jsonl, .json, .csv or "
        + ".tsv tells it. (default: standard output)", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(help: "Add the logits, before calibration, to jsonl and json.")
  var raw = false

  @Flag(
    help: """
      Write every record as soon as it is read. Implied where standard input is a terminal, and where a stream is \
      read and standard output is one.
      """)
  var lineBuffered = false

  /// How records are written: as an option says, else as the file's ending does.
  var format: OutputFormat { json ? .jsonl : outputFormat ?? file.flatMap(OutputFormat.init(path:)) ?? .text }

  /// What becomes of the fields of the input.
  var fieldKeeping: FieldKeeping { !keepFields ? .nothing : format.isTable ? .sharedColumns : .ownFields }

  /// How many labels a record gets; `nil` for all.
  var labelLimit: Int? { all ? nil : top ?? (format.isJSON ? nil : 1) }

  /// The file to write; `nil` for standard output.
  var file: String? { output == "-" ? nil : output }

  mutating func validate() throws {
    try RawArguments.checkIsText(output, of: "--output")
    if let top, top < 1 { throw ValidationError("--top is \(top); it must be at least 1") }
    if top != nil, all { throw ValidationError("--top and --all exclude each other") }
    if json, let outputFormat, outputFormat != .jsonl {
      throw ValidationError("--json and --output-format \(outputFormat.rawValue) exclude each other")
    }
    if raw, !format.isJSON { throw ValidationError("--raw needs --output-format jsonl (--json) or json") }
    if keepFields, format == .text {
      throw ValidationError(
        "--keep-fields needs --output-format jsonl, json, csv or tsv; text has no place for fields")
    }
    if let abstainBelow, !(0...1).contains(abstainBelow) {
      throw ValidationError("--abstain-below is \(abstainBelow); it must be from 0 to 1")
    }
    if output == "" { throw ValidationError("--output is empty; name a file") }
  }
}

/// The values of `--output-format`.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text, jsonl, json, csv, tsv

  /// The format that the ending of `path` names; `nil` for any other ending.
  init?(path: String) {
    let name = path.lowercased()
    guard let format = Self.allCases.first(where: { $0 != .text && name.hasSuffix(".\($0.rawValue)") })
    else { return nil }
    self = format
  }

  var isJSON: Bool { self == .jsonl || self == .json }
  var isTable: Bool { self == .csv || self == .tsv }
}
