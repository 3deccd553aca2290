import FileAccess
import RecurrentNumerics
import StrictJSON

/// What is written to standard output, up to the first error: what comes after it goes nowhere.
private struct StandardOutput {
  private var output = BufferedOutput.standardOutput()
  private(set) var failure: FileError?

  /// Sends all that is written from now on to standard error.
  mutating func giveWay() { output = BufferedOutput.standardError() }

  mutating func write(_ bytes: [UInt8]) {
    guard failure == nil else { return }
    do throws(FileError) {
      try output.write(bytes)
    } catch {
      failure = error
    }
  }

  mutating func flush() {
    guard failure == nil else { return }
    do throws(FileError) {
      try output.flush()
    } catch {
      failure = error
    }
  }
}

private let standardOutput = Guarded(StandardOutput())

/// Writes to standard output, in place of Swift's `print`: that one loses what a full disk, or a pipe that does not wait, will
/// not take, and says nothing.
///
/// A terminal gets each line at once. The first error is kept for `flushStandardOutput()`. The parameters are those of Swift's:
/// only so is it hidden for certain, where one that took a `String` would lose against it in some calls.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  printBytes(Array((items.map { "\($0)" }.joined(separator: separator) + terminator).utf8))
}

/// Where an output goes to standard output, nothing else does: what is printed about it goes to standard error.
func keepStandardOutput(for output: String) {
  guard FileAccess.isStandardOutput(output) else { return }
  standardOutput.withLock { $0.giveWay() }
}

/// Prints what was made or found of a file, whose name may be a stranger's.
func printResult(of path: String, _ result: String) {
  print("\(EscapedText.unquoted(path)): \(result)")
}

/// Writes bytes as they are to standard output.
func printBytes(_ bytes: [UInt8]) {
  standardOutput.withLock { $0.write(bytes) }
}

/// Writes out what `print` buffered.
/// - Throws: The first error of all that was printed, so that what was lost is no success.
func flushStandardOutput() throws(FileError) {
  let failure = standardOutput.withLock { output in
    output.flush()
    return output.failure
  }
  if let failure { throw failure }
}
