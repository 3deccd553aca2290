import Foundation
import StrictJSON
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Training that is stopped or killed goes on to the same bytes.
@Suite(.serialized) struct RnnpkgResumeTests {
  private let scratch = TemporaryDirectory()
  private let checkpoint = "out.rnnpkg.checkpoint"

  init() throws {
    _ = try scratch.file("t.tsv", RnnpkgFixtures.table)
  }

  private func arguments(_ more: String...) -> [String] {
    [
      "train", "\(scratch.path)/t.tsv", "-o", "\(scratch.path)/out.rnnpkg", "--hidden", "8", "--embedding",
      "8",
      "--epochs", "40", "--patience", "0", "--batch-size", "2", "--checkpoint-every", "0.05",
    ] + more
  }

  /// The package of a run that nothing disturbs; the checkpoint is gone after it.
  private func unbrokenBytes() throws -> [UInt8] {
    let outcome = try RnnpkgFixtures.run(arguments("--quiet"))
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(!scratch.names.contains(checkpoint))
    let bytes = try scratch.bytes(of: "out.rnnpkg")
    try FileManager.default.removeItem(atPath: "\(scratch.path)/out.rnnpkg")
    return bytes
  }

  /// Training that gets a signal as soon as there is a checkpoint.
  private func interrupted(by signal: Int32, _ more: String...) throws -> CommandRunner.Outcome {
    try InterruptedRun(arguments() + more, in: scratch, checkpoint: checkpoint).outcome(of: signal)
  }

  /// The two options exclude each other.
  @Test func aRunThatBeganAnewGoesOnWithoutThatOption() throws {
    let stopped = try interrupted(by: SIGTERM, "--restart")
    #expect(
      stopped.message.contains("the same command and --resume in place of --restart\n"), "\(stopped.message)")
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aStoppedRunKeepsItsCheckpointAndGoesOnToTheSameBytes(_ signal: Int32) throws {
    let whole = try unbrokenBytes()
    let stopped = try interrupted(by: signal, "--log", "\(scratch.path)/log.jsonl")
    #expect(stopped.status == 128 + signal, "\(stopped.message)")
    #expect(stopped.output.isEmpty)
    #expect(stopped.message.contains("rnnpkg: stopped at epoch ") && stopped.message.contains("--resume"))
    #expect(scratch.names.contains(checkpoint))

    let resumed = try RnnpkgFixtures.run(arguments("--resume", "--log", "\(scratch.path)/log.jsonl"))
    #expect(resumed.status == 0, "\(resumed.message)")
    #expect(resumed.message.contains("resuming at epoch "))
    #expect(try scratch.bytes(of: "out.rnnpkg") == whole)
    #expect(scratch.names == ["log.jsonl", "out.rnnpkg", "t.tsv"])
    let lines = String(decoding: try scratch.bytes(of: "log.jsonl"), as: UTF8.self).split(separator: "\n")
    let epochs = try lines.map { try JSONValue(parsing: Array($0.utf8)).objectValue?["epoch"] }
    #expect(epochs == (1...40).map { .integer($0) }, "each epoch stands in the log once")
  }

  @Test func aKilledRunGoesOnToTheSameBytes() throws {
    let whole = try unbrokenBytes()
    #expect(try interrupted(by: SIGKILL).status == 128 + SIGKILL)
    let resumed = try RnnpkgFixtures.run(arguments("--resume", "--threads", "1"))
    #expect(resumed.status == 0, "\(resumed.message)")
    #expect(resumed.message.contains("resuming at epoch "))
    #expect(try scratch.bytes(of: "out.rnnpkg") == whole)
  }

  @Test func otherSettingsAndDamageAreRefusedWithoutTouchingTheCheckpoint() throws {
    #expect(try interrupted(by: SIGINT).status == 130)
    let kept = try scratch.bytes(of: checkpoint)
    let other = try RnnpkgFixtures.run(arguments("--resume", "--lr", "0.5"))
    #expect(other.status == 65)
    #expect(other.message.contains("training.learning-rate: 0.5 now"), "\(other.message)")
    #expect(try scratch.bytes(of: checkpoint) == kept)
    let rounded = try RnnpkgFixtures.run(arguments("--resume", "--precision", "bf16"))
    #expect(rounded.status == 65)
    #expect(rounded.message.contains("training.precision: \"bf16\" now, \"f32\" then"), "\(rounded.message)")
    #expect(try scratch.bytes(of: checkpoint) == kept)

    var flipped = kept
    flipped[kept.count - 100] ^= 1
    _ = try scratch.file(checkpoint, flipped)
    let damaged = try RnnpkgFixtures.run(arguments("--resume"))
    #expect(damaged.status == 65 && damaged.message.contains("give --restart"), "\(damaged.message)")
    _ = try scratch.file(checkpoint, Array(kept[..<(kept.count / 2)]))
    let cut = try RnnpkgFixtures.run(arguments("--resume"))
    #expect(cut.status == 65 && cut.message.contains("damaged"), "\(cut.message)")
  }

  /// The checkpoint is written before the dev data are read, and reading them ends at the signal.
  @Test func aStopDuringAnEvaluationLosesNothing() throws {
    let rows = RnnpkgFixtures.reviews.map { "\($0.label)\t\($0.text)\n" }.joined()
    let dev = try scratch.file("dev.tsv", "label\ttext\n" + String(repeating: rows, count: 50))
    let options = [
      "train", "\(scratch.path)/t.tsv", "-o", "\(scratch.path)/out.rnnpkg", "--valid", dev, "--hidden", "256",
      "--epochs", "1", "--batch-size", "16", "--threads", "1",
    ]
    #expect(try RnnpkgFixtures.run(options + ["--quiet"]).status == 0)
    let whole = try scratch.bytes(of: "out.rnnpkg")
    try FileManager.default.removeItem(atPath: "\(scratch.path)/out.rnnpkg")

    let stopped = try InterruptedRun(options, in: scratch, checkpoint: checkpoint).outcome(of: SIGINT)
    #expect(stopped.status == 130, "\(stopped.message)")
    #expect(stopped.message.contains("stopped at epoch 1, after 4 batches of it"), "\(stopped.message)")
    #expect(stopped.message.contains("no epoch was finished"), "\(stopped.message)")
    #expect(scratch.names.contains(checkpoint) && !scratch.names.contains("out.rnnpkg"))

    let resumed = try RnnpkgFixtures.run(options + ["--resume"])
    #expect(
      resumed.status == 0 && resumed.message.contains("resuming at epoch 1, after 4 batches"), "\(resumed)")
    #expect(try scratch.bytes(of: "out.rnnpkg") == whole)
  }

  @Test func anUnfinishedRunIsLostOnlyWhenThatIsAskedFor() throws {
    #expect(try interrupted(by: SIGKILL).status == 128 + SIGKILL)
    let kept = try scratch.bytes(of: checkpoint)
    let forgotten = try RnnpkgFixtures.run(arguments())
    #expect(forgotten.status == 73, "\(forgotten.message)")
    #expect(
      forgotten.message.contains(checkpoint) && forgotten.message.contains("--resume"), "\(forgotten.message)"
    )
    #expect(try scratch.bytes(of: checkpoint) == kept)
    #expect(try RnnpkgFixtures.run(arguments("--resume", "--restart")).status == 64)
    let anew = try RnnpkgFixtures.run(arguments("--restart"))
    #expect(anew.status == 0 && !anew.message.contains("resuming"), "\(anew.message)")
    #expect(!scratch.names.contains(checkpoint))
  }

  @Test func aStoppedRunLeavesAFinishedPackageAlone() throws {
    _ = try scratch.file("out.rnnpkg", "an older package")
    let stopped = try interrupted(by: SIGINT)
    #expect(
      stopped.status == 130 && stopped.message.contains("out.rnnpkg stays as it was"), "\(stopped.message)")
    #expect(try scratch.bytes(of: "out.rnnpkg") == Array("an older package".utf8))
    #expect(try RnnpkgFixtures.run(arguments("--resume")).status == 0)
    #expect(try scratch.bytes(of: "out.rnnpkg") != Array("an older package".utf8))
  }

  /// A run that was started with `nohup` outlives the terminal; Ctrl-C still stops it.
  @Test func aSignalThatTheCallerIgnoresStopsNothing() throws {
    var run = InterruptedRun(arguments(), in: scratch, checkpoint: checkpoint)
    run.runner.ignoresHangUp = true
    let outcome = try run.outcome(of: SIGINT) { process in
      process.send(signal: SIGHUP)
      let first = try? scratch.bytes(of: checkpoint)
      InterruptedRun.wait(for: process) { (try? scratch.bytes(of: checkpoint)) != first }
    }
    #expect(outcome.status == 130, "\(outcome.message)")
  }

  @Test func resumingWithoutACheckpointStartsAtTheBeginning() throws {
    let options = ["train", "\(scratch.path)/t.tsv", "-o", "\(scratch.path)/out.rnnpkg", "--resume"]
    let outcome = try RnnpkgFixtures.run(options + RnnpkgFixtures.tiny)
    #expect(outcome.status == 0 && outcome.message.contains("no checkpoint at "), "\(outcome.message)")
  }

  @Test func aSecondRunOnTheSameOutputIsRefused() throws {
    var second: CommandRunner.Outcome?
    let run = InterruptedRun(arguments(), in: scratch, checkpoint: checkpoint)
    let first = try run.outcome(of: SIGINT) { _ in
      second = try RnnpkgFixtures.run(arguments())
    }
    let refused = try #require(second)
    #expect(refused.status == 73, "\(refused.message)")
    #expect(first.status == 130, "\(first.message)")
  }
}
