import ClassifierTraining
import RecurrentNumerics
import SequenceClassifier
import Testing

/// Logits of many texts.
@Suite struct NetworkEvaluatorTests {
  @Test func aStopIsSeenBetweenBatchesAndAskingChangesNothing() throws {
    let task = try ToyTask(count: 300)
    let tokens = task.train.tokens
    let evaluator = NetworkEvaluator(task.network, pool: WorkerPool(threads: 2))
    let bound = BoundNetwork(task.network, task.start, kernels: .best)
    var questions = 0
    let asked = evaluator.logits(bound, tokens) {
      questions += 1
      return false
    }
    let whole = evaluator.logits(bound, tokens)
    #expect(whole.count == 300 && asked == whole)
    #expect(questions > 1)
    var left = 2
    let stopped = evaluator.logits(bound, tokens) {
      left -= 1
      return left == 0
    }
    #expect(stopped == nil && left == 0)
  }

  /// A pool of one thread makes nobody wait: its callers run at the same time.
  @Test(arguments: [1, 2]) func callersMayShareAnEvaluator(_ threads: Int) throws {
    let task = try ToyTask(count: 100)
    let tokens = task.train.tokens
    let evaluator = NetworkEvaluator(task.network, pool: WorkerPool(threads: threads))
    let bound = BoundNetwork(task.network, task.start, kernels: .best)
    let expected = evaluator.logits(bound, tokens)
    let answers = Guarded<[[[Float]]]>([])
    WorkerPool(threads: 4).run(8) { _ in
      let logits = evaluator.logits(bound, tokens)
      answers.withLock { $0.append(logits) }
    }
    let found = answers.withLock { $0 }
    #expect(found.count == 8)
    #expect(found.allSatisfy { $0 == expected })
  }

  /// The package of a run that ends needs no second evaluation of its best epoch.
  @Test func aTrainerKnowsTheAnswersOfItsBestParameters() throws {
    let task = try ToyTask()
    let trainer = try task.trainer()
    var state = task.state
    #expect(trainer.evaluate(task.start, shouldStop: { true }) == nil)
    _ = try trainer.run(&state)
    let best = try #require(state.best).parameters
    #expect(
      trainer.evaluate(best, shouldStop: { true }) != nil
        && trainer.evaluate(task.start, shouldStop: { true }) == nil)
    let other = try task.trainer()
    #expect(other.evaluate(best, shouldStop: { true }) == nil)
    #expect(trainer.evaluate(best).logits == other.evaluate(best).logits)
    #expect(trainer.evaluate(task.start).logits == other.evaluate(task.start).logits)
  }
}
