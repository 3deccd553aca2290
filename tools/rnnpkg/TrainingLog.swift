import ClassifierTraining
import FileAccess
import StrictJSON

/// The epochs of a run as JSON Lines: one object an epoch.
final class TrainingLog {
  private let path: String
  private var lines: [UInt8] = []

  /// - Parameter history: the epochs that a resumed run has behind it: the file is written anew, so that an epoch that
  ///   was logged but not yet in the checkpoint stands in it once.
  init(_ path: String, history: [EpochRecord]) throws {
    self.path = path
    for record in history { append(record) }
    try finish()
  }

  func write(_ event: TrainingEvent) {
    guard case .epoch(let record) = event else { return }
    append(record)
    // A full disk must not end hours of training: what cannot be written now is written, or reported, at the end.
    try? finish()
  }

  private func append(_ record: EpochRecord) {
    guard let value = try? JSONValueEncoder().encode(record) else { return }
    lines += value.compactBytes() + [UInt8(ascii: "\n")]
  }

  /// Writes the file whole.
  func finish() throws { try FileAccess.write(lines, to: path) }
}
