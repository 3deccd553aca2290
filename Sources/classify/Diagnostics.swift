import FileAccess
import StrictJSON

/// Messages for the person at the terminal, on standard error.
///
/// What they quote, such as the name of a stranger's file, is made safe for a terminal here, once for all of them.
enum Diagnostics {
  /// One line, whatever `message` holds: the program, then what is wrong.
  static func report(_ message: String) {
    write(EscapedText.unquoted("classify: \(message)"))
  }

  /// A text of several lines.
  static func print(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    write(lines.map { EscapedText.unquoted(String($0)) }.joined(separator: "\n"))
  }

  private static func write(_ text: String) {
    let output = BufferedOutput.standardError()
    // Where standard error cannot be written to there is nobody left to tell.
    try? output.write(text + "\n")
    try? output.flush()
  }
}
