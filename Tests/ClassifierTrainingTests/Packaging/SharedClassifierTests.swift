import ClassifierTraining
import Foundation
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import Synchronization
import TestSupport
import Testing

/// One classifier, loaded once, that 64 threads call at the same time.
@Suite struct SharedClassifierTests {
  private static let threads = 64

  /// Calls of each thread. Debug builds, whose kernels are far slower, make fewer; `RECURRENT_SHARED_CALLS` names another
  /// number.
  private static let calls: Int = {
    if let named = ProcessInfo.processInfo.environment["RECURRENT_SHARED_CALLS"].flatMap(Int.init) {
      return named
    }
    #if DEBUG
      return 100
    #else
      return 10_000
    #endif
  }()

  private static let texts = [
    "A great film and a lovely one.", "A dull story and a weak one.", "", "zzqx", "awful", "warm, funny",
    "Superb music. Poor ending!", "A brilliant cast and a boring story and a terrible ending.", "film",
  ]

  /// A small classifier with a partner, read from a file.
  private func load(_ type: TensorType) throws -> Classifier {
    let directory = TemporaryDirectory()
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.cell = "lstm"
    configuration.model.hidden = 5
    configuration.model.embedding = 6
    configuration.training.epochs = 1
    configuration.partner.enabled = true
    let run = try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best)
    var state = run.start
    _ = try run.train(&state)
    let package = try #require(try run.makePackage(state, sources: [], created: nil)).package
    let path = directory.path + "/shared.rnnpkg"
    try (type == .f32 ? package : package.storing(as: type)).write(toFile: path)
    return try Classifier(contentsOfFile: path)
  }

  /// What of an answer must be the same, to the bit.
  private static func bits(_ prediction: Prediction) -> [UInt32] {
    prediction.logits.map(\.bitPattern) + prediction.scores.map(\.score.bitPattern)
  }

  @Test(arguments: [TensorType.f32, .i8])
  func everyThreadGetsTheSameBits(_ type: TensorType) throws {
    let classifier = try load(type)
    let expected = try Self.texts.map { Self.bits(try classifier.classify($0)) }
    #expect(Set(expected).count > 3)
    let pool = WorkerPool(threads: Self.threads)
    try #require(pool.threads == Self.threads)
    let counts = Counts()
    pool.run(Self.threads) { thread in
      // All are there before the first begins: a thread that waits here can take no second task.
      counts.started.add(1, ordering: .relaxed)
      while counts.started.load(ordering: .relaxed) < Self.threads { sched_yield() }
      for call in 0..<Self.calls {
        // Each thread goes through the texts from another one on.
        let index = (thread + call) % Self.texts.count
        let answer = try? classifier.classify(Self.texts[index])
        counts.answered.add(1, ordering: .relaxed)
        if answer.map(Self.bits) != expected[index] { counts.wrong.add(1, ordering: .relaxed) }
      }
    }
    #expect(counts.answered.load(ordering: .relaxed) == Self.threads * Self.calls)
    #expect(counts.wrong.load(ordering: .relaxed) == 0)
  }

  private final class Counts: Sendable {
    let started = Atomic(0)
    let answered = Atomic(0)
    let wrong = Atomic(0)
  }
}
