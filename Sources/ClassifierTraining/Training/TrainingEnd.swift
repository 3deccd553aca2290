/// Why training ended.
public enum TrainingEnd: String, Sendable {
  /// All epochs are done.
  case completed
  /// The dev metric did not improve for `patience` epochs.
  case stoppedEarly = "stopped-early"
  /// Whoever runs it asked it to stop; the state can be resumed.
  case interrupted
}
