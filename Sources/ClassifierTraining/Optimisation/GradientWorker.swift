import RecurrentNumerics
import SequenceClassifier

/// The loss and the gradients of a batch, computed in a fixed number of shards.
///
/// Example k of a batch (longest first) belongs to shard k mod `shards`, and the shards' gradients are added in order:
/// the bits depend on the number of shards, never on the number of threads that work on them.
///
/// For one caller at a time, and so not `Sendable`: it holds the gradients of its last call.
public final class GradientWorker {
  /// How many parts a batch is cut into, 1 or more: `training.shards`.
  public let shards: Int
  private let pool: WorkerPool
  private let workers: [ShardWorker]

  /// Makes, for each shard, the memory of a pass through the network and of its gradients, and keeps it.
  public init(_ network: RecurrentNetwork, shards: Int, pool: WorkerPool) {
    self.shards = shards
    self.pool = pool
    workers = (0..<shards).map { _ in ShardWorker(network) }
  }

  /// The mean cross-entropy of a batch. Its gradients are in `gradients` until the next call.
  /// - Parameters:
  ///   - batch: positions in `examples`, longest first; masks are keyed by them.
  ///   - truncation: steps of a truncated-BPTT window; `nil` for whole texts.
  public func loss(
    _ bound: BoundNetwork, _ examples: EncodedExamples, batch: [Int], loss: CrossEntropy, truncation: Int?,
    dropout: DropoutMasks?
  ) -> Double {
    losses(
      bound, examples, batch: batch, loss: TrainingLoss(loss), truncation: truncation, dropout: dropout
    ).crossEntropy
  }

  /// The losses of a batch, labelled and unlabelled. The gradients of their weighted sum are in `gradients` until the
  /// next call.
  /// - Parameters:
  ///   - batch: positions in `examples`, longest first; masks are keyed by them.
  ///   - unlabelled: texts without labels, and their positions, longest first. Their masks are keyed by position plus
  ///     the number of examples. Without them the virtual adversarial loss reads the labelled texts.
  ///   - truncation: steps of a truncated-BPTT window; `nil` for whole texts.
  ///   - random: of the step; for directions that start at random.
  public func losses(
    _ bound: BoundNetwork, _ examples: EncodedExamples, batch: [Int],
    unlabelled: (texts: [[Int32]], batch: [Int]) = ([], []), loss: TrainingLoss, truncation: Int?,
    dropout: DropoutMasks?, random: RandomStream = RandomStream(seed: 0)
  ) -> LossParts {
    let step = StepContext(
      bound: bound, loss: loss, truncation: truncation, dropout: dropout, random: random,
      totalWeight: loss.crossEntropy.totalWeight(batch.map { examples.targets[$0] }),
      labelledTexts: batch.count, unlabelledTexts: unlabelled.batch.count)
    let isVirtual = loss.virtualAdversarial.weight > 0 && unlabelled.batch.isEmpty
    let needsUnlabelled = loss.virtualAdversarial.weight > 0 || loss.entropyWeight > 0
    let (shards, workers) = (self.shards, self.workers)
    pool.run(shards) { shard in
      func share(_ batch: [Int]) -> [Int] {
        stride(from: shard, to: batch.count, by: shards).map { batch[$0] }
      }
      let worker = workers[shard]
      worker.begin()
      let members = share(batch)
      if !members.isEmpty {
        worker.addLabelled(
          ShardTexts(bound.network, members.map { examples.tokens[$0] }, numbers: members),
          targets: members.map { examples.targets[$0] }, step, isVirtual: isVirtual)
      }
      let others = needsUnlabelled ? share(unlabelled.batch) : []
      if !others.isEmpty {
        worker.addUnlabelled(
          ShardTexts(
            bound.network, others.map { unlabelled.texts[$0] }, numbers: others.map { examples.count + $0 }),
          step)
      }
    }
    var sums = LossParts()
    for shard in 0..<shards {
      sums = sums + workers[shard].sums
      if shard > 0 { workers[0].gradients.add(workers[shard].gradients, kernels: bound.kernels) }
    }
    return step.means(sums)
  }

  /// The gradients of the last call; the next one overwrites them.
  public var gradients: NetworkGradients { workers[0].gradients }

  /// The Euclidean norm of the last call's gradients of all parts that learn at these rates.
  public func gradientNorm(_ rates: LayerRates, kernels: KernelSet) -> Double {
    gradients.norm(rates, kernels: kernels)
  }
}
