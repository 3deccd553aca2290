import FileAccess
import StrictJSON

/// Messages on standard error, so that standard output holds only what was asked for.
///
/// What they quote, such as the name of a stranger's file, is made safe for a terminal here, once for all of them.
enum Report {
  static func error(_ error: any Error) { line("rnnpkg: \(error)") }

  /// One line, whatever `text` holds.
  static func line(_ text: String) { write(EscapedText.unquoted(text) + "\n") }

  /// A text of several lines.
  static func lines(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) { self.line(String(line)) }
  }

  /// Text as it is.
  static func write(_ text: String) {
    let output = BufferedOutput.standardError()
    // Where standard error cannot be written to there is nobody left to tell.
    try? output.write(text)
    try? output.flush()
  }
}
