import ClassifierTraining
import RecurrentNumerics
import Testing

/// Batches of an epoch: every example once, within the budget, as the seed says.
@Suite struct BatchPlannerTests {
  private let lengths: [Int] = {
    var random = RandomStream(seed: 4)
    return (0..<5_000).map { $0 % 97 == 0 ? 900 : 1 + random.integer(below: 60) }
  }()

  @Test(arguments: [(64, 8), (512, 64), (1, 3), (100_000, 1)])
  func everyExampleIsInOneBatchWithinTheBudget(_ budget: Int, _ limit: Int) {
    let planner = BatchPlanner(tokenBudget: budget, exampleLimit: limit)
    let batches = planner.batches(lengths: lengths, stream: RandomStream(seed: 1))
    #expect(batches.joined().sorted() == Array(lengths.indices))
    for batch in batches {
      #expect(!batch.isEmpty && batch.count <= limit)
      #expect(batch.count == 1 || batch.reduce(0) { $0 + lengths[$1] } <= budget)
      #expect(zip(batch, batch.dropFirst()).allSatisfy { lengths[$0] >= lengths[$1] })
    }
  }

  @Test func aPlanDependsOnItsStreamAlone() {
    let planner = BatchPlanner(tokenBudget: 512, exampleLimit: 32)
    let seed = RandomStream(seed: 1)
    let first = planner.batches(lengths: lengths, stream: seed.derived(1))
    #expect(planner.batches(lengths: lengths, stream: seed.derived(1)) == first)
    #expect(planner.batches(lengths: lengths, stream: seed.derived(2)) != first)
    #expect(planner.batches(lengths: lengths, stream: RandomStream(seed: 2).derived(1)) != first)
  }

  @Test func batchesHoldExamplesOfLikeLengthInRandomOrder() {
    let batches = BatchPlanner(tokenBudget: 512, exampleLimit: 32).batches(
      lengths: lengths, stream: RandomStream(seed: 1))
    let padding = batches.reduce(0) { $0 + $1.count * lengths[$1[0]] }
    let tokens = lengths.reduce(0, +)
    #expect(padding < tokens + tokens / 20)
    let firsts = batches.map { lengths[$0[0]] }
    #expect(firsts != firsts.sorted() && firsts != firsts.sorted(by: >))
  }

  @Test func noExamplesMakeNoBatches() {
    let planner = BatchPlanner(tokenBudget: 512, exampleLimit: 32)
    #expect(planner.batches(lengths: [], stream: RandomStream(seed: 1)).isEmpty)
  }
}
