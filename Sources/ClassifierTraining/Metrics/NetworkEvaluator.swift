import RecurrentNumerics
import SequenceClassifier

/// Runs a network over encoded examples, in batches of like length on all threads.
public struct NetworkEvaluator: Sendable {
  private let pool: WorkerPool
  private let passes: [NetworkPass]

  public init(_ network: RecurrentNetwork, pool: WorkerPool) {
    self.pool = pool
    passes = (0..<pool.threads).map { _ in NetworkPass(network) }
  }

  /// The logits of each example, in the order given.
  public func logits(_ bound: BoundNetwork, _ tokens: [[Int32]]) -> [[Float]] {
    let batches = InferenceBatches.plan(lengths: tokens.map(\.count))
    let workers = passes.count
    let results = (0..<workers).map { _ in WorkerResults() }
    let passes = self.passes
    pool.run(workers) { worker in
      for index in stride(from: worker, to: batches.count, by: workers) {
        let batch = bound.network.batch(batches[index].map { tokens[$0] })
        let logits = passes[worker].logits(bound, batch)
        for (row, position) in batch.order.enumerated() {
          results[worker].rows.append((batches[index][position], logits.rowValues(row)))
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
