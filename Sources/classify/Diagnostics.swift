import FileAccess

/// Messages for the person at the terminal, on standard error.
enum Diagnostics {
  /// One line: the program, then what is wrong.
  static func report(_ message: String) {
    print(line: "classify: \(message)")
  }

  /// Lines as they are.
  static func print(line: String) {
    let output = BufferedOutput.standardError()
    // Where standard error cannot be written to there is nobody left to tell.
    try? output.write(line + "\n")
    try? output.flush()
  }
}
