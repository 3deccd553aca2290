import ArgumentParser

/// What is written for each record, and where.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("k"), .long],
    help: ArgumentHelp(
      "Write the <n> likeliest labels. (default: 1 as text, all as JSON Lines)", valueName: "n"))
  var top: Int?

  @Flag(help: "Write all labels.")
  var all = false

  @Flag(help: "Write JSON Lines: the same as --output-format jsonl.")
  var json = false

  @Option(help: ArgumentHelp("How records are written; text unless asked.", valueName: "format"))
  var outputFormat: OutputFormat?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Write to a file, which appears only when it is complete. (default: standard output)", valueName: "file"
    ),
    completion: .file())
  var output: String?

  @Flag(help: "Add the logits, before calibration, to JSON Lines.")
  var raw = false

  @Flag(
    help: """
      Write every record as soon as it is read. Implied where standard input is a terminal, and where a stream is \
      read and standard output is one.
      """)
  var lineBuffered = false

  /// Whether records are written as JSON Lines.
  var isJSON: Bool { json || outputFormat == .jsonl }

  /// How many labels a record gets; `nil` for all.
  var labelLimit: Int? { all ? nil : top ?? (isJSON ? nil : 1) }

  /// The file to write; `nil` for standard output.
  var file: String? { output == "-" ? nil : output }

  mutating func validate() throws {
    try RawArguments.checkIsText(output, of: "--output")
    if let top, top < 1 { throw ValidationError("--top is \(top); it must be at least 1") }
    if top != nil, all { throw ValidationError("--top and --all exclude each other") }
    if json, outputFormat == .text {
      throw ValidationError("--json and --output-format text exclude each other")
    }
    if raw, !isJSON { throw ValidationError("--raw needs --json") }
    if output == "" { throw ValidationError("--output is empty; name a file") }
  }
}

/// The values of `--output-format`.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text, jsonl
}
