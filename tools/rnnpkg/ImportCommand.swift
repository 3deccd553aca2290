import ArgumentParser
import FileAccess
import ModelConversion
import ModelPackage
import RecurrentNumerics
import StrictJSON

/// Makes a package of another system's weights.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a package of a PyTorch state dict (safetensors) and a description.",
    discussion: """
      rnnpkg import reviews.toml -o reviews.rnnpkg --reference answers.jsonl

      The description says what weights do not:

        weights = "model.safetensors"       # beside the description
        vocabulary = "vocabulary.txt"       # a token a line, line 1 is id 0; a backslash is written \\\\
        labels = ["negative", "positive"]   # in the order of the logits
        layout = "pytorch"                  # shapes and gate order: LSTM i f g o, GRU r z n
        [model]
        cell = "gru"                        # rnn, lstm or gru
        reset = "after"                     # gru: after or before; rnn: activation = "tanh" or "relu"
        hidden = 128
        embedding = 100
        layers = 1
        direction = "both"                  # forward, backward or both
        readout = "last"                    # last, concat or attention
        [tokenizer]
        case = "lower"                      # or keep; also normalization, max-tokens, truncate
        [specials]
        unknown = 1                         # also pad, begin, end: ids of the source
        [names]                             # where they differ: beginnings of ours = of theirs
        "rnn." = "gru."
        "readout." = "fc."

      Also [package] (name, version, summary, license, languages, tags), [output] temperature, and model.initial-state. Ours \
      are embedding.weight, rnn.weight_ih_l0 and so on, readout.weight, readout.bias.

      --reference holds lines of JSON with text or tokens (ids of the source), or both, and logits as the source computed \
      them. They are computed again; where one differs by more than --tolerance, or a text gives other tokens, nothing is \
      written and the exit code is 1. They become the package's golden cases, where they are near enough for `rnnpkg verify`.

      Of a file that `rnnpkg export` wrote the temperature is kept; an [output] that says another is refused.
      """)

  @Argument(help: "The description, TOML.", completion: .file())
  var description: String
  @Option(name: [.short, .customLong("output")], help: "The package to write.", completion: .file())
  var output: String
  @Option(help: "The source's answers, a JSON object a line.", completion: .file())
  var reference: String?
  @Option(help: "The largest difference of a logit from them. Default: 1e-5.")
  var tolerance: Double?

  func validate() throws {
    try OutputPath.check(output)
    guard let tolerance else { return }
    if reference == nil { throw ValidationError("--tolerance goes with --reference") }
    if !(tolerance >= 0 && tolerance.isFinite) { throw ValidationError("--tolerance must be 0 or more") }
  }

  func run() throws {
    let created = try sourceDate()
    let described = try readDescription()
    let (weights, vocabulary) = (beside(described.weights), beside(described.vocabulary))
    let claim = try ClaimedOutput(
      output, isNoneOf: [description, weights, vocabulary] + (reference.map { [$0] } ?? []))
    defer { claim.release() }
    let kernels = try KernelSet.selected()
    let records = try readReference()
    let made: PackageImport
    do {
      made = try PackageImport(
        described, weights: FileAccess.read(weights, limit: TensorFileLimits.stateDict.fileBytes),
        vocabulary: FileAccess.read(vocabulary, limit: PackageMember.vocabulary.sizeLimit),
        reference: records, created: created, kernels: kernels)
    } catch let error as ImportError {
      throw BadInput(path: description, reason: "\(error)")
    } catch let error as ReferenceError {
      throw BadInput(path: reference ?? "", reason: "\(error)")
    }
    if let comparison = made.comparison { try check(comparison) }
    // Behind the check: they speak of a package, and beyond the tolerance there is none.
    for remark in made.remarks { Report.line("rnnpkg: \(remark)") }
    try made.package.write(toFile: output)
    printResult(of: output, "\(made.package.manifest.reference), id \(made.package.id)")
  }

  private func readDescription() throws -> ImportDescription {
    do {
      return try JSONValueDecoder().decode(
        ImportDescription.self, from: try ConfigurationFile.read(description))
    } catch let error as JSONDecodingError {
      throw BadInput(path: description, reason: "\(error)")
    } catch let error as ConfigurationFileError {
      throw BadInput(path: error.path, reason: error.reason)
    }
  }

  private func readReference() throws -> [ReferenceRecord]? {
    guard let reference else { return nil }
    let bytes = try FileAccess.read(reference, limit: ReferenceRecord.byteLimit, acceptsStreams: true)
    do {
      return try ReferenceRecord.parse(bytes)
    } catch {
      throw BadInput(path: reference, reason: "\(error)")
    }
  }

  private func check(_ comparison: ReferenceComparison) throws {
    let limit = tolerance ?? 1e-5
    let name = EscapedText.unquoted(FileAccess.name(of: reference ?? ""))
    print(
      "largest difference \(comparison.largestDifference) in \(grouped(comparison.records)) records of \(name) "
        + "(line \(comparison.largestLine)), tolerance \(limit)")
    if let first = comparison.tokenDifferences.first {
      throw CheckFailure(
        description: "\(name): line \(first.line): the text gives the ids \(first.found), the reference says "
          + "\(first.expected) (\(comparison.tokenDifferences.count) of \(comparison.records) records): "
          + "the tokenizers differ; \(output) was not written")
    }
    guard Double(comparison.largestDifference) <= limit else {
      throw CheckFailure(
        description: "logits differ by \(comparison.largestDifference), more than --tolerance \(limit); "
          + "\(output) was not written")
    }
  }

  /// A file named in the description: beside it, unless its path says otherwise.
  private func beside(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileAccess.directory(of: description))/\(path)"
  }
}
