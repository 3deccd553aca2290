import ClassifierTraining
import FileAccess
import StrictJSON

/// The epochs of a run as JSON Lines: one object an epoch.
final class TrainingLog {
  private let path: String
  private var lines: [UInt8] = []

  /// - Parameter appending: keeps what the file holds, for a resumed run.
  init(_ path: String, appending: Bool) throws {
    self.path = path
    if appending, FileAccess.exists(path) { lines = try FileAccess.read(path, limit: 1 << 28) }
    try FileAccess.write(lines, to: path)
  }

  func write(_ event: TrainingEvent) {
    guard case .epoch(let record) = event, let value = try? JSONValueEncoder().encode(record) else { return }
    lines += value.compactBytes() + [UInt8(ascii: "\n")]
    // A full disk must not end hours of training: what cannot be written now is written, or reported, at the end.
    try? finish()
  }

  /// Writes the file whole.
  func finish() throws { try FileAccess.write(lines, to: path) }
}
