import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which model answers, and how much of a text it reads.
struct ModelOptions: ParsableArguments {
  /// The environment variable that names the model where `--model` does not.
  static let environmentVariable = "RNNPKG_MODEL"

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The package. (default: the environment variable RNNPKG_MODEL)", valueName: "file"),
    completion: .file(extensions: ["rnnpkg"]))
  var model: String?

  @Option(
    help: ArgumentHelp("Read at most <n> tokens of a text. (default: the package's limit)", valueName: "n"))
  var maxTokens: Int?

  @Option(help: ArgumentHelp("Which tokens of a longer text are kept.", valueName: "part"))
  var truncate: TruncationChoice?

  mutating func validate() throws {
    if let maxTokens, maxTokens < 1 {
      throw ValidationError("--max-tokens is \(maxTokens); it must be at least 1")
    }
    try RawArguments.checkIsText(model, of: "--model")
  }

  /// The path of the package.
  func path() throws(CommandFailure) -> String {
    if let model, !model.isEmpty { return model }
    if let value = getenv(Self.environmentVariable), value.pointee != 0 { return String(cString: value) }
    throw CommandFailure(
      .usage, "no model; name a package with --model FILE or in the environment variable RNNPKG_MODEL")
  }
}

/// The values of `--truncate`.
enum TruncationChoice: String, CaseIterable, ExpressibleByArgument {
  case head, tail, middle
}
