import ClassifierTraining
import FileAccess
import Foundation
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing

/// Checkpoints on disk: a run that goes on from one equals an unbroken run.
@Suite struct CheckpointTests {
  private let directory = TemporaryDirectory()
  private let run: JSONValue = ["configuration": ["epochs": 2, "cell": "lstm"], "data": "abc"]

  private var path: String { directory.path + "/run.checkpoint" }

  @Test(arguments: [1, 5, 12, 14, 23], [0, 0.9])
  func aRunStoppedAndResumedEqualsAnUnbrokenOne(_ stopAfter: Int, _ average: Double) throws {
    var task = try ToyTask()
    task.options.average = average
    let whole = try task.trained()

    var state = task.state
    var steps = 0
    let end = try task.trainer(threads: 1).run(
      &state, checkpointInterval: 1e9,
      checkpoint: { try Checkpoint.save($0, task.network, run: run, to: path) },
      observer: { if case .step = $0 { steps += 1 } }, shouldStop: { steps == stopAfter })
    #expect(end == .interrupted)
    var resumed = try Checkpoint.load(path, task.network, task.options, run: run)
    #expect(TrainedBits(resumed) == TrainedBits(state))
    #expect(resumed.epoch == state.epoch && resumed.batch == state.batch && resumed.lossSum == state.lossSum)
    #expect(try task.trainer(threads: 2).run(&resumed) == .completed)
    #expect(TrainedBits(resumed) == TrainedBits(whole))
  }

  /// The dev data of an epoch are read after its checkpoint; whatever ends that, the epoch's work is kept.
  @Test(arguments: [1, 2])
  func aStopDuringAnEvaluationKeepsTheStateBeforeIt(_ epoch: Int) throws {
    let task = try ToyTask()
    let whole = try task.trained()
    var state = task.state
    var isEvaluating = false
    var kept: [Int] = []
    let end = try task.trainer(threads: 1).run(
      &state, checkpointInterval: 1e9,
      checkpoint: {
        try Checkpoint.save($0, task.network, run: run, to: path)
        kept.append($0.batch)
      },
      observer: { if case .evaluating(let found) = $0, found == epoch { isEvaluating = true } },
      shouldStop: { isEvaluating })
    #expect(end == .interrupted)
    #expect(state.epoch == epoch - 1 && state.history.count == epoch - 1)
    #expect(state.batch > 0 && state.batch == kept.last)
    var resumed = try Checkpoint.load(path, task.network, task.options, run: run)
    #expect(TrainedBits(resumed) == TrainedBits(state) && resumed.batch == state.batch)
    var steps = 0
    let rest = try task.trainer(threads: 2).run(
      &resumed, observer: { if case .step = $0 { steps += 1 } })
    #expect(rest == .completed && steps == (task.options.epochs - epoch) * state.batch)
    #expect(TrainedBits(resumed) == TrainedBits(whole))
  }

  @Test func aRunInBf16GoesOnToTheSameBits() throws {
    var task = try ToyTask()
    task.options.precision = .bfloat16
    let whole = try task.trained()
    var state = task.state
    var steps = 0
    _ = try task.trainer().run(
      &state, checkpoint: { try Checkpoint.save($0, task.network, run: run, to: path) },
      observer: { if case .step = $0 { steps += 1 } }, shouldStop: { steps == 7 })
    var resumed = try Checkpoint.load(path, task.network, task.options, run: run)
    #expect(try task.trainer().run(&resumed) == .completed)
    #expect(TrainedBits(resumed) == TrainedBits(whole))
  }

  @Test func aCheckpointOfOtherSettingsIsRefusedByName() throws {
    let task = try ToyTask()
    try Checkpoint.save(task.state, task.network, run: run, to: path)
    let other: JSONValue = ["configuration": ["epochs": 3, "cell": "lstm"], "data": "abd"]
    let error = #expect(throws: CheckpointError.self) {
      _ = try Checkpoint.load(path, task.network, task.options, run: other)
    }
    #expect(
      error
        == .otherRun(
          path: path, differences: ["configuration.epochs: 3 now, 2 then", "data: \"abd\" now, \"abc\" then"])
    )
    let message = "\(try #require(error))"
    #expect(
      message.contains("configuration.epochs") && message.contains("--restart")
        && !message.contains("\n"))
  }

  /// What a file says of its run may be mebibytes of names: neither a line with all of them, nor time for each pair.
  @Test func ofManyOtherSettingsTheFirstAreToldAndTheRestCounted() throws {
    let task = try ToyTask(hidden: 1, count: 12)
    func settings(_ prefix: String) -> JSONValue {
      var object = JSONObject()
      for index in 0..<50_000 { object["\(prefix)\(index)"] = 1 }
      return ["configuration": .object(object)]
    }
    try Checkpoint.save(task.state, task.network, run: settings("a"), to: path)
    let error = #expect(throws: CheckpointError.self) {
      _ = try Checkpoint.load(path, task.network, task.options, run: settings("b"))
    }
    guard case .otherRun(path, let differences, let more) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(differences.count == 12 && more == 99_988)
    #expect(differences[0] == "configuration.a0: null now, 1 then")
    #expect("\(try #require(error))".contains("; and 99988 more. Use the same settings"))
  }

  /// Names are the same where their bytes are: two forms of a word are two settings.
  @Test func aSettingThatOnlyLooksLikeAnotherIsADifference() throws {
    let task = try ToyTask(hidden: 1, count: 12)
    try Checkpoint.save(task.state, task.network, run: ["caf\u{e9}": 1, "cafe\u{301}": 2], to: path)
    let error = #expect(throws: CheckpointError.self) {
      _ = try Checkpoint.load(path, task.network, task.options, run: ["caf\u{e9}": 1])
    }
    #expect(error == .otherRun(path: path, differences: ["cafe\u{301}: null now, 2 then"]))
  }

  /// What is said is what then helps: without --resume, a run refuses to replace a checkpoint.
  @Test func errorsSayHowToBeginAnew() {
    for error in [
      CheckpointError.damaged(path: "a", reason: "cut"), .otherRun(path: "a", differences: ["seed"]),
    ] {
      #expect("\(error)".contains("give --restart in place of --resume"), "\(error)")
    }
  }

  /// What no file holds is said to be too much, not damaged, and what was saved stays.
  @Test func aStateThatNoFileHoldsLeavesTheOneBefore() throws {
    let task = try ToyTask(hidden: 1, count: 12)
    try Checkpoint.save(task.state, task.network, run: run, to: path)
    let endless = JSONValue.string(String(repeating: "x", count: 65 << 20))
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint.save(task.state, task.network, run: endless, to: path)
    }
    guard case .unwritable(path, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("header"), "\(reason)")
    _ = try Checkpoint.load(path, task.network, task.options, run: run)
  }

  @Test func aCheckpointOfAnotherNetworkIsRefused() throws {
    let task = try ToyTask()
    try Checkpoint.save(task.state, task.network, run: run, to: path)
    let wider = try ToyTask(hidden: 7)
    let error = #expect(throws: CheckpointError.self) {
      _ = try Checkpoint.load(path, wider.network, wider.options, run: run)
    }
    guard case .damaged(_, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("shape"))
  }

  @Test func aMissingCheckpointIsAFileError() throws {
    let task = try ToyTask()
    let error = #expect(throws: CheckpointError.self) {
      _ = try Checkpoint.load(directory.path + "/none", task.network, task.options, run: run)
    }
    guard case .file = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// A file with the right digest may still hold counts that no sum can take.
  @Test(arguments: ["optimiserSteps", "epochsWithoutImprovement", "seconds", "optimiserUpdates"])
  func countersOutOfRangeAreRefused(_ name: String) throws {
    let task = try ToyTask(hidden: 1, count: 12)
    try Checkpoint.save(try task.trained(), task.network, run: run, to: path)
    var file = try TensorFile(parsing: FileAccess.read(path, limit: 1 << 20), limits: .checkpoint)
    var state = try #require(try JSONValue(parsing: Array((file.metadata["state"] ?? "").utf8)).objectValue)
    #expect(state[name] != nil)
    state[name] =
      switch name {
      case "seconds": -1e300
      case "optimiserUpdates": [1, 2]
      default: .integer(.max)
      }
    let text = String(decoding: JSONValue.object(state).canonicalBytes(), as: UTF8.self)
    file.metadata["state"] = text
    file.metadata["sha256"] = Checkpoint.digest(file.tensors, state: text)
    try FileAccess.write(file.bytes(limits: .checkpoint), to: path)
    #expect(throws: CheckpointError.damaged(path: path, reason: "its counters are out of range")) {
      try Checkpoint.load(path, task.network, task.options, run: run)
    }
  }

  @Test func aCheckpointOfAnotherLengthIsRefused() throws {
    let task = try ToyTask(hidden: 1, count: 12)
    try Checkpoint.save(try task.trained(), task.network, run: run, to: path)
    let bytes = try FileAccess.read(path, limit: 1 << 20)
    for length in Array(stride(from: 0, to: bytes.count, by: 257)) + [bytes.count - 1] {
      try FileAccess.write(Array(bytes[..<length]), to: path)
      expectDamaged(task, "cut to \(length) bytes")
    }
    try FileAccess.write(bytes + [0], to: path)
    expectDamaged(task, "one byte more")
  }

  @Test func aCheckpointWithAFlippedBitIsRefused() throws {
    let task = try ToyTask(hidden: 1, count: 12)
    try Checkpoint.save(try task.trained(), task.network, run: run, to: path)
    let bytes = try FileAccess.read(path, limit: 1 << 20)
    var random = RandomStream(seed: 3)
    for round in 0..<120 {
      var changed = bytes
      // The header, then the numbers.
      let position = round < 60 ? random.integer(below: 1_200) : random.integer(below: bytes.count)
      changed[position] ^= UInt8(1) << UInt8(random.integer(below: 8))
      try FileAccess.write(changed, to: path)
      // It may be in the settings, which then differ.
      expectDamaged(task, "bit of byte \(position) flipped", mayBeOfAnotherRun: true)
    }
  }

  private func expectDamaged(_ task: ToyTask, _ what: String, mayBeOfAnotherRun: Bool = false) {
    do {
      _ = try Checkpoint.load(path, task.network, task.options, run: run)
      Issue.record("loaded a checkpoint \(what)")
    } catch {
      switch error {
      case .damaged: break
      case .otherRun where mayBeOfAnotherRun: break
      case .otherRun, .unwritable, .file: Issue.record("\(what): \(error)")
      }
    }
  }
}
