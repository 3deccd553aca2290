import Foundation
import TestSupport

/// A run of `rnnpkg` that a signal ends while it works.
struct InterruptedRun {
  var runner = RnnpkgFixtures.rnnpkg
  private let arguments: [String]
  private let scratch: TemporaryDirectory
  private let checkpoint: String

  /// How often a run that ends before the signal is tried again.
  private static let trials = 10

  /// - Parameters:
  ///   - scratch: where the run writes, and nothing else does.
  ///   - checkpoint: the name of the file that shows that it works.
  init(_ arguments: [String], in scratch: TemporaryDirectory, checkpoint: String) {
    self.arguments = arguments
    self.scratch = scratch
    self.checkpoint = checkpoint
  }

  /// Starts the run, and sends it a signal as soon as there is a checkpoint.
  ///
  /// A run that was done before that shows nothing: the folder is put back as it was, and the run is tried again.
  ///
  /// - Parameter meanwhile: what is done between the checkpoint and the signal.
  func outcome(of signal: Int32, meanwhile: (RunningCommand) throws -> Void = { _ in }) throws
    -> CommandRunner.Outcome
  {
    let before = try scratch.names.map { (name: $0, bytes: try scratch.bytes(of: $0)) }
    for _ in 0..<Self.trials {
      let process = try runner.start(arguments: bytes(arguments))
      Self.wait(for: process) { scratch.names.contains(checkpoint) }
      let attempt = Result { try meanwhile(process) }
      process.send(signal: signal)
      let outcome = try process.finish()
      try attempt.get()
      if outcome.status != 0 { return outcome }
      for name in scratch.names { try FileManager.default.removeItem(atPath: "\(scratch.path)/\(name)") }
      for file in before { _ = try scratch.file(file.name, file.bytes) }
    }
    throw RnnpkgFixtures.Failed(
      description: "\(Self.trials) runs were done before signal \(signal) reached them; make them longer")
  }

  /// Waits until something is so, or the process has ended, or a minute is over.
  static func wait(for process: RunningCommand, until isSo: () -> Bool) {
    let deadline = Date(timeIntervalSinceNow: 60)
    while !isSo(), !process.hasEnded, Date() < deadline { usleep(1_000) }
  }
}
