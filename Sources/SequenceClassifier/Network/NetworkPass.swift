import RecurrentCells
import RecurrentNumerics

/// The working memory of one worker, and the way through a network: forward, and back again.
///
/// There is one path for training, batches and single texts. Steps run window by window with carried state, so that what
/// a step writes is still in the cache when the next product reads it. Inference uses the same memory for every window, so
/// that a text of any length needs little (a stack keeps the rows between its levels); training keeps them all. Two windows give the same logits as one, bit for bit,
/// because each row's sums depend on that row alone.
public final class NetworkPass: @unchecked Sendable {
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

  /// - Parameter keptBytes: how much memory the projections of words may keep from batch to batch, in each direction.
  public init(_ network: RecurrentNetwork, keptBytes: Int = 16 << 20) {
    self.network = network
    let scratch = Scratch()
    self.scratch = scratch
    inferenceWords = TokenProjections(network, keptBytes: keptBytes)
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

  // MARK: Forward

  /// The logits of a batch at inference, `[batch, labels]`, in the order of the batch's layout; valid until the next call.
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

  func forward(
    _ bound: BoundNetwork, _ batch: TokenBatch, truncation: Int?, dropout: DropoutMasks?, examples: [Int]?,
    perturbation: Matrix?, isRecording: Bool
  ) -> Matrix {
    let layout = batch.layout
    precondition(
      batch.pieceLength == network.running.pieceLength, "a batch in pieces of \(batch.pieceLength ?? 0)")
    precondition(
      !network.readsBackwards || batch.reversedRows.count == layout.rows, "a batch for reading forwards only")
    if let perturbation {
      precondition(network.running == .continuous, "a perturbation of chopped or windowed texts")
      precondition(
        perturbation.rows == layout.rows && perturbation.columns == network.embeddingSize,
        "a perturbation [\(perturbation.rows), \(perturbation.columns)] of \(layout.rows) words")
    }
    self.dropout = dropout
    windows =
      network.running.windowLength == nil
      ? Window.cover(layout, rows: NetworkPass.windowRows, truncation: truncation)
      : Window.cover(layout, rows: NetworkPass.windowedRows, truncation: nil)
    makeMasks(batch, examples)
    // A perturbation makes each place of a word different.
    words = perturbation == nil ? prepareWords(bound, batch, isRecording: isRecording) : nil
    features.reshape(rows: batch.pieces.count, columns: network.featureSize)
    for (level, directions) in runs.enumerated() {
      let isTop = level == runs.count - 1
      let outputSize = network.levels[level][0].cell.outputSize
      if !isTop { levelInputs[level + 1].reshape(rows: layout.rows, columns: outputSize * directions.count) }
      for (direction, run) in directions.enumerated() {
        let position = level * directions.count + direction
        run.layer.setInitialState(
          run.state, batchSize: layout.batchSize, parameters: bound.parameters.layers[position])
        if isTop { summaries[direction].begin(layout, isRecording: isRecording) }
        if let windowed = run.windowed {
          projectWhole(windowed, level: level, run: run, kernel: bound.cells[level][direction], batch, bound)
        }
        for (index, window) in windows.enumerated() {
          let steps = window.steps
          let record = isRecording ? run.record(index, scratch) : run.unrecorded(scratch)
          record.layout = windows.count == 1 ? layout : layout.window(steps)
          record.output.reshape(rows: record.layout.rows, columns: outputSize)
          let kernel = bound.cells[level][direction]
          if let windowed = run.windowed {
            withWholeProjection(windowed, level: level, direction: direction, run: run) {
              windowed.forward(
                kernel, bound.parameters.layers[position], $0, layout, steps: steps, output: record.output,
                lastOutput: run.state.slots[0])
            }
          } else if level == 0, let words {
            words.withProjection(
              direction: direction, isReversed: run.layer.isReversed,
              firstRow: layout.rowOffsets[steps.lowerBound]
            ) {
              kernel.forward($0, record.layout, state: run.state, output: record.output, tape: record.tape)
            }
          } else {
            fillInput(record, level: level, run: run, batch: batch, firstStep: steps.lowerBound, bound: bound)
            if level == 0, let perturbation {
              add(
                perturbation, to: record, run: run, batch: batch, firstStep: steps.lowerBound, bound.kernels)
            }
            projection.reshape(rows: record.layout.rows, columns: kernel.projectionWidth)
            kernel.project(record.input, into: projection, firstRow: 0)
            kernel.forward(
              InputProjection(projection), record.layout, state: run.state, output: record.output,
              tape: record.tape)
          }
          if isTop {
            summaries[direction].accumulate(
              record.output, summaryWindow(record, layout, firstStep: steps.lowerBound),
              weights: bound.summaryWeights[direction])
          } else {
            scatterOutput(
              record, into: levelInputs[level + 1], column: direction * outputSize, run: run, batch: batch,
              firstStep: steps.lowerBound)
          }
        }
        if isTop {
          summaries[direction].finish(
            lastOutput: run.state.slots[0], texts: batch.pieces(isReversed: run.layer.isReversed),
            into: features, columns: network.featureColumns(direction: direction), kernels: bound.kernels)
        }
      }
    }
    if dropout != nil {
      bound.kernels.multiply(features.pointer, by: featureMask.pointer, count: features.count)
    }
    logits.reshape(rows: features.rows, columns: network.labelCount)
    bound.readoutWeight.product(
      features.pointer, rows: features.rows, stride: network.featureSize,
      plus: Array(bound.parameters.readout[1]), into: logits.pointer, outputStride: network.labelCount)
    return logits
  }

  /// Where texts run in windows and words are not shared: makes the projections of the whole batch.
  func projectWhole(
    _ windowed: WindowedRun, level: Int, run: DirectionRun, kernel: any CellKernel, _ batch: TokenBatch,
    _ bound: BoundNetwork
  ) {
    guard level > 0 || words == nil, batch.layout.timeSteps > 0 else { return }
    let inputs = windowed.inputs
    inputs.layout = batch.layout
    fillInput(inputs, level: level, run: run, batch: batch, firstStep: 0, bound: bound)
    windowed.projection.reshape(rows: batch.layout.rows, columns: kernel.projectionWidth)
    kernel.project(inputs.input, into: windowed.projection, firstRow: 0)
  }

  func withWholeProjection(
    _ windowed: WindowedRun, level: Int, direction: Int, run: DirectionRun, _ body: (InputProjection) -> Void
  ) {
    guard level == 0, let words else {
      body(InputProjection(windowed.projection))
      return
    }
    words.withProjection(
      direction: direction, isReversed: run.layer.isReversed, firstRow: 0, body)
  }
}
