import FileAccess

/// An output that no other process makes meanwhile, from the check that it can be made until it is there.
final class ClaimedOutput {
  private let lock: FileLock?

  /// Before the work, not after it.
  /// - Parameter inputs: files that are read.
  /// - Throws: `FileError` where the output could not be made, is one of the inputs, or another process is making it.
  init(_ path: String, isNoneOf inputs: [String] = []) throws(FileError) {
    try FileAccess.checkOutput(path, isNoneOf: inputs)
    try AtomicFile.checkWritable(path)
    lock = try AtomicFile.isStream(path) ? nil : FileLock(output: path)
  }

  /// Lets other processes write here.
  func release() { lock?.release() }
}
