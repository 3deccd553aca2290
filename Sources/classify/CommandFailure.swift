/// Why the command ends without having done all its work.
struct CommandFailure: Error, CustomStringConvertible {
  /// What the caller of the program learns from its exit status.
  enum Code: Sendable {
    case usage, badInput, notFound, internalError, cannotCreate, inputOutput, malformedPackage, newerEngine,
      untrusted
    /// The reader of the output went away: nothing is wrong.
    case brokenPipe
  }

  let code: Code
  /// One line, without the program's name.
  let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  var description: String { message }
}
