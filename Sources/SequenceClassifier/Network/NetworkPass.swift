import RecurrentCells
import RecurrentNumerics

/// The working memory of one worker, and the way through a network: forward, and back again.
///
/// There is one path for training, batches and single texts. Steps run window by window with carried state, so that what
/// a step writes is still in the cache when the next product reads it. Inference uses the same memory for every window, so
/// that a text of any length needs little (a stack keeps the rows between its levels); training keeps them all. Two
/// windows give the same logits as one, bit for bit, because each row's sums depend on that row alone.
public final class NetworkPass {
  let network: RecurrentNetwork
  let runs: [[DirectionRun]]
  let summaries: [any DirectionSummary]
  var summaryGradients: ParameterSet
  /// Input of each level above the first, `[rows, directions · outputSize]`; level 0 reads the embedding.
  let levelInputs: [Matrix]
  let levelInputGradients: [Matrix]
  let inputMasks: [Matrix]
  let features = Matrix()
  let featureMask = Matrix()
  let featureGradient = Matrix()
  let logits = Matrix()
  let packing = Matrix()
  let windowInputGradient = Matrix()
  let windowOutputGradient = Matrix()
  var rowMultipliers: [Float] = []
  let scratch: Scratch
  let projection = Matrix()
  let inferenceWords: TokenProjections
  let batchWords: TokenProjections
  /// The projections that the first level reads; nil where each row has its own.
  var words: TokenProjections?
  let projectionGradient = Matrix()
  var windows: [Window] = []
  var dropout: DropoutMasks?
  /// What kernels that always add to weight gradients add to where nobody reads them.
  lazy var unreadGradients = NetworkGradients(network)

  /// Rows of a window, the last step's beyond it included: enough for full matrix products, little enough to stay in the
  /// cache.
  public static let windowRows = 512

  /// Rows of a window where each is a run of its own: what a step of them reads and writes stays in the cache.
  public static let windowedRows = 128

  /// - Parameters:
  ///   - keptBytes: bytes of words' projections that stay from batch to batch at inference, in each direction. As much again
  ///     stays as room for other words; what a batch takes beyond that is given back after it. In training room for the words
  ///     of the largest batch stays.
  ///   - largestBytes: bytes of words' projections that a batch may have at inference, in all directions. One of more words is
  ///     projected place by place: the same bits, in more time.
  public init(_ network: RecurrentNetwork, keptBytes: Int = 16 << 20, largestBytes: Int = 128 << 20) {
    self.network = network
    let scratch = Scratch()
    self.scratch = scratch
    inferenceWords = TokenProjections(network, keptBytes: keptBytes, largestBytes: largestBytes)
    batchWords = TokenProjections(network, keptBytes: 0)
    runs = network.levels.map { $0.map { DirectionRun($0, network.running, scratch) } }
    summaries = (0..<network.directionCount).map { _ in
      network.readout.makeSummary(outputSize: network.outputSize)
    }
    summaryGradients = ParameterSet(network.summarySpecs)
    levelInputs = network.levels.map { _ in Matrix() }
    levelInputGradients = network.levels.map { _ in Matrix() }
    inputMasks = network.levels.map { _ in Matrix() }
  }

  /// Bytes that words' projections take between batches at inference, all directions together.
  package var projectionBytes: Int { inferenceWords.tableBytes }

  // MARK: Forward

  /// The logits of a batch at inference, `[texts, labels]`, in the order of `TokenBatch.order`; valid until the next call.
  /// - Parameter bound: a network of the shape that the pass is for.
  public func logits(_ bound: BoundNetwork, _ batch: TokenBatch) -> Matrix {
    forward(
      bound, batch, truncation: nil, dropout: nil, examples: nil, perturbation: nil, isRecording: false)
  }

  /// The logits of a batch in training; `backward` may follow.
  /// - Parameters:
  ///   - truncation: steps that gradients go back at most (truncated BPTT); `nil` for whole texts.
  ///   - examples: the number of each example, in the order given to `TokenBatch`: what masks are keyed by.
  ///   - perturbation: added to the embedded words after all masks, `[rows, embedding]` in the order of the batch's
  ///     layout; not read after this call.
  public func recordedLogits(
    _ bound: BoundNetwork, _ batch: TokenBatch, truncation: Int?, dropout: DropoutMasks?, examples: [Int],
    perturbation: Matrix? = nil
  ) -> Matrix {
    forward(
      bound, batch, truncation: truncation, dropout: dropout, examples: batch.order.map { examples[$0] },
      perturbation: perturbation, isRecording: true)
  }
}
