import RecurrentNumerics
import SequenceClassifier

/// The loss and the gradients of a batch, computed in a fixed number of shards.
///
/// Example k of a batch (longest first) belongs to shard k mod `shards`, and the shards' gradients are added in order:
/// the bits depend on the number of shards, never on the number of threads that work on them.
public final class GradientWorker: Sendable {
  public let shards: Int
  private let pool: WorkerPool
  private let passes: [NetworkPass]
  private let results: [ShardResult]

  public init(_ network: RecurrentNetwork, shards: Int, pool: WorkerPool) {
    self.shards = shards
    self.pool = pool
    passes = (0..<shards).map { _ in NetworkPass(network) }
    results = (0..<shards).map { _ in ShardResult(network) }
  }

  /// The mean loss of a batch. Its gradients are in `gradients` until the next call.
  /// - Parameters:
  ///   - batch: positions in `examples`, longest first; masks are keyed by them.
  ///   - truncation: steps of a truncated-BPTT window; `nil` for whole texts.
  public func loss(
    _ bound: BoundNetwork, _ examples: EncodedExamples, batch: [Int], loss: CrossEntropy, truncation: Int?,
    dropout: DropoutMasks?
  ) -> Double {
    let totalWeight = loss.totalWeight(labels: batch.map { examples.labels[$0] })
    let shards = self.shards
    let (passes, results) = (self.passes, self.results)
    pool.run(shards) { shard in
      let members = stride(from: shard, to: batch.count, by: shards).map { batch[$0] }
      let result = results[shard]
      result.gradients.reset()
      result.lossSum = 0
      guard !members.isEmpty else { return }
      let tokens = bound.network.batch(members.map { examples.tokens[$0] })
      let logits = passes[shard].recordedLogits(
        bound, tokens, truncation: truncation, dropout: dropout, examples: members)
      result.logitGradient.reshape(rows: logits.rows, columns: logits.columns)
      result.lossSum = loss.sum(
        logits, labels: tokens.order.map { examples.labels[members[$0]] }, totalWeight: totalWeight,
        gradient: result.logitGradient)
      passes[shard].backward(result.logitGradient, bound, tokens, into: &result.gradients)
    }
    var sum = 0.0
    for shard in 0..<shards {
      sum += results[shard].lossSum
      if shard > 0 { results[0].gradients.add(results[shard].gradients, kernels: bound.kernels) }
    }
    return sum / totalWeight
  }

  /// The gradients of the last call.
  public var gradients: NetworkGradients { results[0].gradients }

  /// The Euclidean norm of all gradients of the last call.
  public func gradientNorm(kernels: KernelSet) -> Double {
    let gradients = results[0].gradients
    var sum = gradients.embedding.rows.sumOfSquares(kernels)
    for set in gradients.layers + [gradients.readout] { sum += set.values.sumOfSquares(kernels) }
    return sum.squareRoot()
  }
}

/// What one shard computed; written by the thread that runs it, read when all have ended.
private final class ShardResult: @unchecked Sendable {
  var gradients: NetworkGradients
  var lossSum = 0.0
  let logitGradient = Matrix()

  init(_ network: RecurrentNetwork) { gradients = NetworkGradients(network) }
}

extension [Float] {
  fileprivate func sumOfSquares(_ kernels: KernelSet) -> Double {
    withUnsafeBufferPointer { values in
      values.baseAddress.map { kernels.sumOfSquares($0, count: values.count) } ?? 0
    }
  }
}
