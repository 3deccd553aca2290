import ClassifierTraining
import FileAccess
import StrictJSON

/// The epochs of a run as JSON Lines: one object an epoch.
///
/// A file is written whole after each epoch, and is never torn. A pipe or a device keeps nothing: it gets each epoch once.
final class TrainingLog {
  private let path: String
  /// What the file holds, or what a stream has not got yet.
  private var lines: [UInt8] = []
  private let stream: AtomicFile?
  /// What ended a stream.
  private var failure: FileError?

  /// - Parameter history: the epochs that a resumed run has behind it: the file is written anew, so that an epoch that
  ///   was logged but not yet in the checkpoint stands in it once.
  init(_ path: String, history: [EpochRecord]) throws {
    self.path = path
    let file = try AtomicFile(replacing: path)
    stream = file.isStream ? file : nil
    if stream == nil { file.discard() }
    for record in history { append(record) }
    try flush()
  }

  func write(_ event: TrainingEvent) {
    guard case .epoch(let record) = event else { return }
    append(record)
    // A full disk must not end hours of training: what cannot be written now is written, or reported, at the end.
    try? flush()
  }

  private func append(_ record: EpochRecord) {
    guard let value = try? JSONValueEncoder().encode(record) else { return }
    lines += value.compactBytes() + [UInt8(ascii: "\n")]
  }

  private func flush() throws(FileError) {
    guard let stream else { return try FileAccess.write(lines, to: path) }
    if let failure { throw failure }
    do throws(FileError) {
      try stream.write(lines)
      lines = []
    } catch {
      failure = error
      throw error
    }
  }

  /// Writes what is not written yet.
  func finish() throws(FileError) {
    try flush()
    try stream?.commit()
  }
}
