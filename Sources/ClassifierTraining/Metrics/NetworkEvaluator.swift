import RecurrentNumerics
import SequenceClassifier

/// Runs a network over encoded examples, in batches of like length on all threads.
public struct NetworkEvaluator: Sendable {
  private let pool: WorkerPool
  private let passes: [NetworkPass]
  /// Batches of each worker between two questions whether to stop: some milliseconds of work.
  private static let roundBatches = 4

  public init(_ network: RecurrentNetwork, pool: WorkerPool) {
    self.pool = pool
    passes = (0..<pool.threads).map { _ in NetworkPass(network) }
  }

  /// The logits of each example, in the order given.
  public func logits(_ bound: BoundNetwork, _ tokens: [[Int32]]) -> [[Float]] {
    logits(bound, tokens, shouldStop: { false }) ?? []
  }

  /// The same logits; nil where `shouldStop`, which is asked before every few batches, says so.
  public func logits(_ bound: BoundNetwork, _ tokens: [[Int32]], shouldStop: () -> Bool) -> [[Float]]? {
    let batches = InferenceBatches.plan(lengths: tokens.map(\.count))
    let workers = passes.count
    let results = (0..<workers).map { _ in WorkerResults() }
    let passes = self.passes
    let round = workers * NetworkEvaluator.roundBatches
    for first in stride(from: 0, to: batches.count, by: round) {
      if shouldStop() { return nil }
      let end = Swift.min(first + round, batches.count)
      pool.run(workers) { worker in
        for index in stride(from: first + worker, to: end, by: workers) {
          let batch = bound.network.batch(batches[index].map { tokens[$0] })
          let logits = passes[worker].logits(bound, batch)
          for (row, position) in batch.order.enumerated() {
            results[worker].rows.append((batches[index][position], logits.rowValues(row)))
          }
        }
      }
    }
    var all = [[Float]](repeating: [], count: tokens.count)
    for result in results {
      for (example, row) in result.rows { all[example] = row }
    }
    return all
  }
}

/// What one worker found; written by that worker alone.
private final class WorkerResults: @unchecked Sendable {
  var rows: [(example: Int, logits: [Float])] = []
}
