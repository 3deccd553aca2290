import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// Runs a network over encoded examples, in batches of like length on all threads. Callers may share one.
public struct NetworkEvaluator: Sendable {
  private let pool: WorkerPool
  private let passes: PassPool
  /// Batches of each worker between two questions whether to stop: some milliseconds of work.
  private static let roundBatches = 4

  /// Holds no weights: they come with each call.
  public init(_ network: RecurrentNetwork, pool: WorkerPool) {
    self.pool = pool
    passes = PassPool(network)
  }

  /// The logits of each example, in the order given.
  public func logits(_ bound: BoundNetwork, _ tokens: [[Int32]]) -> [[Float]] {
    logits(bound, tokens, shouldStop: { false }) ?? []
  }

  /// The same logits; nil where `shouldStop`, which is asked before every few batches, says so.
  public func logits(_ bound: BoundNetwork, _ tokens: [[Int32]], shouldStop: () -> Bool) -> [[Float]]? {
    let batches = InferenceBatches.plan(
      lengths: tokens.map(\.count), tokenLimit: bound.network.tokenLimit)
    let found = TaskResults<[Float]>(tokens.count)
    let (passes, workers) = (self.passes, pool.threads)
    let round = workers * NetworkEvaluator.roundBatches
    for first in stride(from: 0, to: batches.count, by: round) {
      if shouldStop() { return nil }
      let end = Swift.min(first + round, batches.count)
      pool.run(workers) { worker in
        for index in stride(from: first + worker, to: end, by: workers) {
          let batch = bound.network.batch(batches[index].map { tokens[$0] })
          passes.withPass(tokens: batch.layout.rows) { pass in
            let logits = pass.logits(bound, batch)
            for (row, position) in batch.order.enumerated() {
              found[batches[index][position]] = logits.rowValues(row)
            }
          }
        }
      }
    }
    return tokens.indices.map { found[$0] ?? [] }
  }
}
