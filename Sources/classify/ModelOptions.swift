import ArgumentParser
import FileAccess
import Recurrent

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
    help: ArgumentHelp(
      "A public key: refuse a package that it, or another one given so, did not sign.", valueName: "file"),
    completion: .file(extensions: ["pub"]))
  var requireKey: [String] = []

  @Option(
    help: ArgumentHelp(
      "The network reads at most <n> tokens of a text. (default: the package's limit)", valueName: "n"))
  var maxTokens: Int?

  @Option(
    help: ArgumentHelp(
      "Which tokens of a longer text the network reads (a partner reads all); error: none, the record has an error "
        + "(too_many_tokens).",
      valueName: "part"))
  var truncate: TruncationChoice?

  mutating func validate() throws {
    if let maxTokens, maxTokens < 1 {
      throw ValidationError("--max-tokens is \(maxTokens); it must be at least 1")
    }
    try RawArguments.checkIsText(model, of: "--model")
    for path in requireKey { try RawArguments.checkIsText(path, of: "--require-key") }
    if model == "" { throw ValidationError("--model is empty; name a package") }
  }

  /// The keys of `--require-key`; `nil` where none is required.
  func requiredKeys() throws(CommandFailure) -> [VerifyingKey]? {
    if requireKey.isEmpty { return nil }
    var keys: [VerifyingKey] = []
    for path in requireKey {
      do {
        keys.append(try VerifyingKey(contentsOfFile: path))
      } catch let error as FileError {
        throw CommandFailure(error)
      } catch {
        throw CommandFailure(.badInput, "\(path): \(error)")
      }
    }
    return keys
  }

  /// The path of the package.
  func path() throws(CommandFailure) -> String {
    if let model { return model }
    if let value = getenv(Self.environmentVariable), value.pointee != 0 {
      return try RawArguments.text(value, of: Self.environmentVariable)
    }
    throw CommandFailure(
      .usage, "no model; name a package with --model FILE or in the environment variable RNNPKG_MODEL")
  }
}

/// The values of `--truncate`.
enum TruncationChoice: String, CaseIterable, ExpressibleByArgument {
  case head, tail, middle
  /// A longer text is not cut and gets no answer.
  case error

  /// What becomes of the tokens; `nil` where none are cut.
  var truncation: Truncation? {
    switch self {
    case .head: .head
    case .tail: .tail
    case .middle: .middle
    case .error: nil
    }
  }
}
