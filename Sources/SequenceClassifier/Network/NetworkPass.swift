import RecurrentCells
import RecurrentNumerics

/// The working memory of one worker, and the way through a network: forward, and back again.
///
/// There is one path for training, batches and single texts. Steps run window by window with carried state, so that what
/// a step writes is still in the cache when the next product reads it. Inference uses the same memory for every window, so
/// that a text of any length needs little; training keeps them all. Two windows give the same logits as one, bit for bit,
/// because each row's sums depend on that row alone.
public final class NetworkPass: @unchecked Sendable {
  private let network: RecurrentNetwork
  private let runs: [[DirectionRun]]
  private let summaries: [any DirectionSummary]
  private var summaryGradients: ParameterSet
  /// Input of each level above the first, `[rows, directions · outputSize]`; level 0 reads the embedding.
  private let levelInputs: [Matrix]
  private let levelInputGradients: [Matrix]
  private let inputMasks: [Matrix]
  private let features = Matrix()
  private let featureMask = Matrix()
  private let featureGradient = Matrix()
  private let logits = Matrix()
  private let packing = Matrix()
  private let windowInputGradient = Matrix()
  private let windowOutputGradient = Matrix()
  private var rowMultipliers: [Float] = []
  private let scratch: Scratch
  private let projection = Matrix()
  private let inferenceWords: TokenProjections
  private let batchWords: TokenProjections
  /// The projections that the first level reads; nil where each row has its own.
  private var words: TokenProjections?
  private let projectionGradient = Matrix()
  private var windows: [Window] = []
  private var dropout: DropoutMasks?
  /// What kernels that always add to weight gradients add to where nobody reads them.
  private lazy var unreadGradients = NetworkGradients(network)

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

  private func forward(
    _ bound: BoundNetwork, _ batch: TokenBatch, truncation: Int?, dropout: DropoutMasks?, examples: [Int]?,
    perturbation: Matrix?, isRecording: Bool
  ) -> Matrix {
    let layout = batch.layout
    precondition(
      batch.pieceLength == network.running.pieceLength, "a batch in pieces of \(batch.pieceLength ?? 0)")
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
  private func projectWhole(
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

  private func withWholeProjection(
    _ windowed: WindowedRun, level: Int, direction: Int, run: DirectionRun, _ body: (InputProjection) -> Void
  ) {
    guard level == 0, let words else {
      body(InputProjection(windowed.projection))
      return
    }
    words.withProjection(
      direction: direction, isReversed: run.layer.isReversed, firstRow: 0, body)
  }

  private func summaryWindow(
    _ record: WindowRecord, _ layout: SequenceLayout, firstStep: Int
  ) -> SummaryWindow {
    SummaryWindow(layout: record.layout, firstStep: firstStep, firstRow: layout.rowOffsets[firstStep])
  }

  /// The projections of the batch's words; nil where a mask makes each place of a word different, or where most words
  /// stand in one place only and sharing would save little.
  private func prepareWords(_ bound: BoundNetwork, _ batch: TokenBatch, isRecording: Bool)
    -> TokenProjections?
  {
    if !isRecording { return inferenceWords.prepare(bound, batch) ? inferenceWords : nil }
    if let dropout, dropout.masksInput(level: 0) { return nil }
    return batchWords.prepare(bound, batch, largestShare: 0.6, multiplier: rowMultiplier) ? batchWords : nil
  }

  /// What embedding-row dropout multiplies a word's vector by; nil without it.
  private var rowMultiplier: ((Int32) -> Float)? {
    guard let dropout, dropout.rates.embeddingRows > 0 else { return nil }
    return { dropout.embeddingRow(token: $0) }
  }

  private func makeMasks(_ batch: TokenBatch, _ examples: [Int]?) {
    guard let dropout, let examples else { return }
    for level in runs.indices where dropout.masksInput(level: level) {
      let width = network.levels[level][0].cell.inputSize
      inputMasks[level].reshape(rows: batch.layout.batchSize, columns: width)
      for (text, example) in examples.enumerated() {
        let mask = dropout.levelInput(level: level, example: example, width: width)
        for piece in batch.pieces[text] { inputMasks[level].setRow(piece, mask) }
      }
    }
    featureMask.reshape(rows: examples.count, columns: network.featureSize)
    for (row, example) in examples.enumerated() {
      featureMask.setRow(row, dropout.features(example: example, width: network.featureSize))
    }
    if dropout.rates.embeddingRows > 0 {
      rowMultipliers = batch.tokens.map { dropout.embeddingRow(token: $0) }
    }
  }

  /// Gathers the window's input rows in the run's reading order, and applies the masks.
  private func fillInput(
    _ record: WindowRecord, level: Int, run: DirectionRun, batch: TokenBatch, firstStep: Int,
    bound: BoundNetwork
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    let width = run.layer.cell.inputSize
    record.input.reshape(rows: record.layout.rows, columns: width)
    if level == 0 {
      let tokens = run.layer.isReversed ? batch.reversedTokens : batch.tokens
      bound.embed(tokens[first..<first + record.layout.rows], into: record.input)
      if let dropout, dropout.rates.embeddingRows > 0 {
        for row in 0..<record.layout.rows {
          let source = run.layer.isReversed ? Int(batch.reversedRows[first + row]) : first + row
          bound.kernels.scale(record.input.row(row), by: rowMultipliers[source], count: width)
        }
      }
    } else {
      let source = levelInputs[level]
      for row in 0..<record.layout.rows {
        let from = run.layer.isReversed ? Int(batch.reversedRows[first + row]) : first + row
        record.input.row(row).update(from: source.row(from), count: width)
      }
    }
    applyInputMask(record.input, record.layout, level: level, kernels: bound.kernels)
  }

  private func applyInputMask(_ rows: Matrix, _ layout: SequenceLayout, level: Int, kernels: KernelSet) {
    guard let dropout, dropout.masksInput(level: level) else { return }
    for step in 0..<layout.timeSteps {
      // The rows of a step stand in the order of the batch, as the masks do.
      kernels.multiply(
        rows.row(layout.rowOffsets[step]), by: inputMasks[level].pointer,
        count: layout.liveRows[step] * rows.columns)
    }
  }

  /// Adds the window's rows of a perturbation to its input.
  private func add(
    _ perturbation: Matrix, to record: WindowRecord, run: DirectionRun, batch: TokenBatch, firstStep: Int,
    _ kernels: KernelSet
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    for row in 0..<record.layout.rows {
      let from = run.layer.isReversed ? Int(batch.reversedRows[first + row]) : first + row
      kernels.add(perturbation.row(from), count: perturbation.columns, to: record.input.row(row))
    }
  }

  private func scatterOutput(
    _ record: WindowRecord, into target: Matrix, column: Int, run: DirectionRun, batch: TokenBatch,
    firstStep: Int
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    for row in 0..<record.layout.rows {
      let to = run.layer.isReversed ? Int(batch.reversedRows[first + row]) : first + row
      (target.row(to) + column).update(from: record.output.row(row), count: record.output.columns)
    }
  }

  // MARK: Backward

  /// Back-propagates ∂L/∂logits `[batch, labels]`, in the order of the batch's layout, adding to `gradients`.
  ///
  /// Follows a `recordedLogits` of the same batch. Where that was truncated, gradients stop at the cuts.
  /// - Parameter inputGradient: gets ∂L/∂X `[rows, embedding]` of the embedded words after all masks and perturbations,
  ///   in the order of the batch's layout, both directions together.
  public func backward(
    _ logitGradient: Matrix, _ bound: BoundNetwork, _ batch: TokenBatch,
    into gradients: inout NetworkGradients, inputGradient: Matrix? = nil
  ) {
    backward(
      logitGradient, bound, batch, into: &gradients, inputGradient: inputGradient, needsWeightGradients: true)
  }

  /// Back-propagates ∂L/∂logits to ∂L/∂X only, the same bits as `backward` gives, at half its cost.
  ///
  /// Follows a `recordedLogits` of the same batch; no gradient of a parameter is computed.
  public func inputGradient(
    _ logitGradient: Matrix, _ bound: BoundNetwork, _ batch: TokenBatch, into inputGradient: Matrix
  ) {
    backward(
      logitGradient, bound, batch, into: &unreadGradients, inputGradient: inputGradient,
      needsWeightGradients: false)
  }

  private func backward(
    _ logitGradient: Matrix, _ bound: BoundNetwork, _ batch: TokenBatch,
    into gradients: inout NetworkGradients, inputGradient: Matrix?, needsWeightGradients: Bool
  ) {
    if needsWeightGradients { accumulateReadoutGradients(logitGradient, bound, into: &gradients.readout) }
    backwardReadout(logitGradient, bound)
    let layout = batch.layout
    inputGradient?.reshape(rows: layout.rows, columns: network.embeddingSize)
    inputGradient?.setToZero()
    for level in stride(from: runs.count - 1, through: 0, by: -1) {
      let directions = runs[level]
      let isTop = level == runs.count - 1
      let outputSize = network.levels[level][0].cell.outputSize
      if level > 0 {
        levelInputGradients[level].reshape(
          rows: layout.rows, columns: network.levels[level][0].cell.inputSize)
        levelInputGradients[level].setToZero()
      }
      for (direction, run) in directions.enumerated() {
        let position = level * directions.count + direction
        run.stateGradient.reset(batchSize: layout.batchSize)
        if isTop {
          summaries[direction].beginBackward(
            featureGradient, texts: batch.pieces(isReversed: run.layer.isReversed),
            columns: network.featureColumns(direction: direction),
            lastOutputGradient: run.stateGradient.slots[0])
          summaryGradients.setToZero()
        }
        let kernel = bound.cells[level][direction]
        if level == 0, needsWeightGradients, let words { words.beginBackward(width: kernel.projectionWidth) }
        for index in stride(from: windows.count - 1, through: 0, by: -1) {
          let record = run.record(index, scratch)
          record.tape.needsWeightGradients = needsWeightGradients
          let firstStep = windows[index].steps.lowerBound
          windowOutputGradient.reshape(rows: record.layout.rows, columns: outputSize)
          var hasOutputGradient = true
          if isTop {
            hasOutputGradient = summaries[direction].writeOutputGradient(
              summaryWindow(record, layout, firstStep: firstStep), output: record.output,
              weights: bound.summaryWeights[direction], gradients: &summaryGradients,
              into: windowOutputGradient)
          } else {
            gatherOutputGradient(
              levelInputGradients[level + 1], column: direction * outputSize, run: run, batch: batch,
              firstStep: firstStep, into: windowOutputGradient)
          }
          if let windowed = run.windowed {
            if index == windows.count - 1 { windowed.beginBackward(layout, width: kernel.projectionWidth) }
            withWholeProjection(windowed, level: level, direction: direction, run: run) {
              windowed.backward(
                kernel, bound.parameters.layers[position], $0, layout, steps: windows[index].steps,
                outputGradient: hasOutputGradient ? windowOutputGradient : nil,
                lastGradient: run.stateGradient.slots[0], kernels: bound.kernels,
                gradients: &gradients.layers[position])
            }
            continue
          }
          projectionGradient.reshape(rows: record.layout.rows, columns: kernel.projectionWidth)
          kernel.backward(
            hasOutputGradient ? windowOutputGradient : nil, stateGradient: run.stateGradient,
            output: record.output, record.layout, tape: record.tape, projectionGradient: projectionGradient,
            gradients: &gradients.layers[position])
          if level == 0, let words {
            if needsWeightGradients {
              words.accumulate(
                projectionGradient, isReversed: run.layer.isReversed, firstRow: layout.rowOffsets[firstStep],
                kernels: bound.kernels)
            }
            if let inputGradient {
              // Words share what they project, but each place has a gradient of its own.
              fillInput(record, level: 0, run: run, batch: batch, firstStep: firstStep, bound: bound)
              windowInputGradient.reshape(rows: record.layout.rows, columns: run.layer.cell.inputSize)
              record.tape.needsWeightGradients = false
              func project(_ unread: inout ParameterSet) {
                kernel.projectBackward(
                  projectionGradient, input: record.input, inputGradient: windowInputGradient,
                  tape: record.tape, gradients: &unread)
              }
              // The words' weight gradients follow in `finishBackward`.
              if needsWeightGradients {
                project(&unreadGradients.layers[position])
              } else {
                project(&gradients.layers[position])
              }
              record.tape.needsWeightGradients = needsWeightGradients
              addWindow(
                to: inputGradient, record, run: run, batch: batch, firstStep: firstStep, bound.kernels)
            }
          } else {
            windowInputGradient.reshape(rows: record.layout.rows, columns: run.layer.cell.inputSize)
            kernel.projectBackward(
              projectionGradient, input: record.input, inputGradient: windowInputGradient, tape: record.tape,
              gradients: &gradients.layers[position])
            if level == 0, let inputGradient {
              addWindow(
                to: inputGradient, record, run: run, batch: batch, firstStep: firstStep, bound.kernels)
            }
            if level > 0 || needsWeightGradients {
              applyInputMask(windowInputGradient, record.layout, level: level, kernels: bound.kernels)
              passDown(
                record, level: level, run: run, batch: batch, firstStep: firstStep, kernels: bound.kernels,
                into: gradients.embedding)
            }
          }
          if index > 0 && windows[index].isCut { cut(run.stateGradient, live: record.layout.liveRows[0]) }
        }
        guard needsWeightGradients else { continue }
        if let windowed = run.windowed, windows.count > 0 {
          backwardWhole(
            windowed, level: level, run: run, kernel: kernel, batch, bound,
            gradients: &gradients.layers[position], embedding: gradients.embedding)
        }
        if level == 0, let words, windows.count > 0 {
          words.finishBackward(
            kernel, tape: run.record(0, scratch).tape, multiplier: rowMultiplier, kernels: bound.kernels,
            gradients: &gradients.layers[position], embedding: gradients.embedding)
        }
        if isTop {
          gradients.readout.add(
            summaryGradients, at: network.summaryRange(direction: direction).lowerBound,
            kernels: bound.kernels)
        }
        run.layer.accumulateInitialStateGradient(
          run.stateGradient, kernels: bound.kernels, into: &gradients.layers[position])
      }
    }
  }

  /// Takes the gradients of the whole batch's projections to the level below.
  private func backwardWhole(
    _ windowed: WindowedRun, level: Int, run: DirectionRun, kernel: any CellKernel, _ batch: TokenBatch,
    _ bound: BoundNetwork, gradients: inout ParameterSet, embedding: EmbeddingGradient
  ) {
    if level == 0, let words {
      words.accumulate(
        windowed.projectionGradient, isReversed: run.layer.isReversed, firstRow: 0, kernels: bound.kernels)
      return
    }
    let inputs = windowed.inputs
    windowInputGradient.reshape(rows: batch.layout.rows, columns: run.layer.cell.inputSize)
    kernel.projectBackward(
      windowed.projectionGradient, input: inputs.input, inputGradient: windowInputGradient,
      tape: inputs.tape, gradients: &gradients)
    applyInputMask(windowInputGradient, inputs.layout, level: level, kernels: bound.kernels)
    passDown(
      inputs, level: level, run: run, batch: batch, firstStep: 0, kernels: bound.kernels, into: embedding)
  }

  private func accumulateReadoutGradients(
    _ logitGradient: Matrix, _ bound: BoundNetwork, into gradients: inout ParameterSet
  ) {
    let (labels, width) = (network.labelCount, network.featureSize)
    let offsets = gradients.offsets
    gradients.values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      accumulateTransposedProduct(
        logitGradient.pointer, columns: labels, stride: labels, features.pointer, columns: width,
        rows: features.rows, into: base + offsets[0], outputStride: width, packing: packing,
        kernels: bound.readoutKernels)
      bound.kernels.addColumnSums(
        logitGradient.pointer, rows: logitGradient.rows, columns: labels, to: base + offsets[1])
    }
  }

  private func backwardReadout(_ logitGradient: Matrix, _ bound: BoundNetwork) {
    let (labels, width) = (network.labelCount, network.featureSize)
    featureGradient.reshape(rows: features.rows, columns: width)
    bound.readoutWeightBackward.matrix.product(
      logitGradient.pointer, rows: features.rows, stride: labels, into: featureGradient.pointer,
      outputStride: width,
      accumulating: false)
    if dropout != nil {
      bound.kernels.multiply(featureGradient.pointer, by: featureMask.pointer, count: featureGradient.count)
    }
  }

  private func gatherOutputGradient(
    _ source: Matrix, column: Int, run: DirectionRun, batch: TokenBatch, firstStep: Int, into target: Matrix
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    for row in 0..<target.rows {
      let from = run.layer.isReversed ? Int(batch.reversedRows[first + row]) : first + row
      target.row(row).update(from: source.row(from) + column, count: target.columns)
    }
  }

  /// Adds a window's ∂L/∂x_t to those of the whole batch.
  private func addWindow(
    to inputGradient: Matrix, _ record: WindowRecord, run: DirectionRun, batch: TokenBatch, firstStep: Int,
    _ kernels: KernelSet
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    for row in 0..<record.layout.rows {
      let to = run.layer.isReversed ? Int(batch.reversedRows[first + row]) : first + row
      kernels.add(windowInputGradient.row(row), count: inputGradient.columns, to: inputGradient.row(to))
    }
  }

  /// Adds a window's ∂L/∂x_t to the level below, or to the embedding.
  private func passDown(
    _ record: WindowRecord, level: Int, run: DirectionRun, batch: TokenBatch, firstStep: Int,
    kernels: KernelSet,
    into embedding: EmbeddingGradient
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    let dropsRows = (dropout?.rates.embeddingRows ?? 0) > 0
    for row in 0..<record.layout.rows {
      let to = run.layer.isReversed ? Int(batch.reversedRows[first + row]) : first + row
      if level > 0 {
        kernels.add(
          windowInputGradient.row(row), count: windowInputGradient.columns,
          to: levelInputGradients[level].row(to))
      } else {
        embedding.add(
          windowInputGradient.row(row), multiplier: dropsRows ? rowMultipliers[to] : 1,
          token: batch.tokens[to],
          kernels: kernels)
      }
    }
  }

  /// Stops the gradient of sequences that go on past a window's first edge; those that ended before keep theirs.
  private func cut(_ stateGradient: CellState, live: Int) {
    for slot in stateGradient.slots { slot.pointer.update(repeating: 0, count: live * slot.columns) }
  }
}

/// Adjacent time steps that run together.
private struct Window {
  let steps: Range<Int>
  /// Whether gradients stop before the first step.
  let isCut: Bool

  /// Windows over all steps: a new one where the last has `rows` rows, and at every multiple of `truncation` steps.
  static func cover(_ layout: SequenceLayout, rows: Int, truncation: Int?) -> [Window] {
    var windows: [Window] = []
    var first = 0
    for step in 0..<layout.timeSteps {
      let next = step + 1
      let isFull = layout.rowOffsets[next] - layout.rowOffsets[first] >= rows
      let isCut = truncation.map { next.isMultiple(of: $0) } ?? false
      guard isFull || isCut || next == layout.timeSteps else { continue }
      windows.append(Window(steps: first..<next, isCut: truncation.map { first.isMultiple(of: $0) } ?? false))
      first = next
    }
    return windows
  }
}

/// One layer's working memory: its state and what each window left.
private final class DirectionRun {
  let layer: RecurrentLayer
  let state: CellState
  let stateGradient: CellState
  private var records: [WindowRecord] = []
  private var inference: WindowRecord?
  /// Where texts run in windows of some tokens.
  let windowed: WindowedRun?

  init(_ layer: RecurrentLayer, _ running: Running, _ scratch: Scratch) {
    self.layer = layer
    windowed = running.windowLength.map { WindowedRun(length: $0, layer, scratch: scratch) }
    state = CellState(layer.cell.stateSlots, batchSize: 0)
    stateGradient = CellState(layer.cell.stateSlots, batchSize: 0)
  }

  func record(_ index: Int, _ scratch: Scratch) -> WindowRecord {
    while records.count <= index {
      records.append(WindowRecord(Tape(layer.cell.stateSlots, scratch: scratch)))
    }
    return records[index]
  }

  /// The memory of every window where nothing is kept.
  func unrecorded(_ scratch: Scratch) -> WindowRecord {
    if let inference { return inference }
    let record = WindowRecord(Tape(layer.cell.stateSlots, isRecording: false, scratch: scratch))
    inference = record
    return record
  }
}

/// What one window of one layer left for `backward`.
final class WindowRecord {
  var layout = SequenceLayout(lengths: [])
  let input = Matrix()
  let output = Matrix()
  let tape: Tape

  init(_ tape: Tape) { self.tape = tape }
}
