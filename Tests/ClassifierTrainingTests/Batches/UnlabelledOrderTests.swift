import ClassifierTraining
import RecurrentNumerics
import Testing

/// The endless order of texts without labels.
@Suite struct UnlabelledOrderTests {
  private func order(_ lengths: [Int], seed: UInt64 = 1) -> UnlabelledOrder {
    UnlabelledOrder(
      lengths: lengths, planner: BatchPlanner(tokenBudget: 30, exampleLimit: 4),
      stream: RandomStream(seed: seed))
  }
  private let lengths = (0..<57).map { 1 + $0 * 7 % 13 }

  @Test func everyPassHoldsEachTextOnce() {
    var order = order(lengths)
    var step = 0
    var passes: [[Int]] = []
    for _ in 0..<3 {
      var seen: [Int] = []
      while seen.count < lengths.count {
        let batch = order.batch(step: step)
        #expect(batch.count <= 4 && !batch.isEmpty)
        #expect(batch.map { lengths[$0] } == batch.map { lengths[$0] }.sorted(by: >))
        seen += batch
        step += 1
      }
      #expect(seen.sorted() == Array(lengths.indices))
      passes.append(seen)
    }
    #expect(passes[0] != passes[1] && passes[1] != passes[2])
  }

  @Test func aStepsTextsDependOnTheStepAlone() {
    var whole = order(lengths)
    let batches = (0..<100).map { whole.batch(step: $0) }
    for step in [99, 0, 42, 41, 98] {
      var fresh = order(lengths)
      #expect(fresh.batch(step: step) == batches[step])
      #expect(whole.batch(step: step) == batches[step])
    }
    var other = order(lengths, seed: 2)
    #expect((0..<100).map { other.batch(step: $0) } != batches)
  }

  @Test func withoutTextsThereAreNoBatches() {
    var none = order([])
    #expect(none.batch(step: 7).isEmpty)
  }
}
