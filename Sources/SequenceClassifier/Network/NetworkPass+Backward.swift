import RecurrentCells
import RecurrentNumerics

/// The way back through a network.
extension NetworkPass {
  /// Back-propagates ∂L/∂logits `[batch, labels]`, in the order of the batch's layout, adding to `gradients`.
  ///
  /// Follows a `recordedLogits` of the same batch. Where that was truncated, gradients stop at the cuts.
  /// - Parameter inputGradient: gets ∂L/∂X `[rows, embedding]` of the embedded words after all masks and perturbations,
  ///   in the order of the batch's layout, both directions together. Windowed networks have none.
  public func backward(
    _ logitGradient: Matrix, _ bound: BoundNetwork, _ batch: TokenBatch,
    into gradients: NetworkGradients, inputGradient: Matrix? = nil
  ) {
    backward(
      logitGradient, bound, batch, into: gradients, inputGradient: inputGradient, needsWeightGradients: true)
  }

  /// Back-propagates ∂L/∂logits to ∂L/∂X only, the same bits as `backward` gives, at half its cost.
  ///
  /// Follows a `recordedLogits` of the same batch; no gradient of a parameter is computed. Windowed networks have none.
  public func inputGradient(
    _ logitGradient: Matrix, _ bound: BoundNetwork, _ batch: TokenBatch, into inputGradient: Matrix
  ) {
    backward(
      logitGradient, bound, batch, into: unreadGradients, inputGradient: inputGradient,
      needsWeightGradients: false)
  }

  func backward(
    _ logitGradient: Matrix, _ bound: BoundNetwork, _ batch: TokenBatch,
    into gradients: NetworkGradients, inputGradient: Matrix?, needsWeightGradients: Bool
  ) {
    precondition(
      inputGradient == nil || network.running.windowLength == nil, "an input gradient of windowed texts")
    if needsWeightGradients { accumulateReadoutGradients(logitGradient, bound, into: &gradients.readout) }
    backwardReadout(logitGradient, bound)
    let rows = batch.layout.rows
    inputGradient?.reshape(rows: rows, columns: network.embeddingSize)
    inputGradient?.setToZero()
    let wanted = BackwardRequest(
      bound: bound, batch: batch, inputGradient: inputGradient, needsWeightGradients: needsWeightGradients)
    for level in stride(from: runs.count - 1, through: 0, by: -1) {
      if level > 0 {
        levelInputGradients[level].reshape(rows: rows, columns: network.levels[level][0].cell.inputSize)
        levelInputGradients[level].setToZero()
      }
      for direction in runs[level].indices {
        let place = place(level: level, direction: direction, bound)
        begin(place, wanted)
        for index in stride(from: windows.count - 1, through: 0, by: -1) {
          backwardWindow(index, place, wanted, into: gradients)
        }
        if needsWeightGradients { finish(place, wanted, into: gradients) }
      }
    }
  }

  /// Starts the way back through one direction of a level.
  private func begin(_ place: NetworkPlace, _ wanted: BackwardRequest) {
    let run = place.run
    run.stateGradient.reset(batchSize: wanted.batch.layout.batchSize)
    if place.isTop {
      summaries[place.direction].beginBackward(
        featureGradient, texts: wanted.batch.pieces(isReversed: run.layer.isReversed),
        columns: network.featureColumns(direction: place.direction),
        lastOutputGradient: run.stateGradient.slots[0])
      summaryGradients.setToZero()
    }
    if place.level == 0, wanted.needsWeightGradients, let words {
      words.beginBackward(width: place.kernel.projectionWidth)
    }
  }

  /// Back-propagates through one window's steps, down to the level below.
  private func backwardWindow(
    _ index: Int, _ place: NetworkPlace, _ wanted: BackwardRequest, into gradients: NetworkGradients
  ) {
    let (run, kernel, bound, layout) = (place.run, place.kernel, wanted.bound, wanted.batch.layout)
    let record = run.record(index, scratch)
    record.tape.needsWeightGradients = wanted.needsWeightGradients
    let firstStep = windows[index].steps.lowerBound
    let outputGradient = outputGradient(record, firstStep: firstStep, place, wanted)
    if let windowed = run.windowed {
      if index == windows.count - 1 { windowed.beginBackward(layout, width: kernel.projectionWidth) }
      withWindowedProjection(windowed, place) {
        windowed.backward(
          kernel, bound.parameters.layers[place.position], $0, layout, steps: windows[index].steps,
          outputGradient: outputGradient, lastGradient: run.stateGradient.slots[0], kernels: bound.kernels,
          gradients: &gradients.layers[place.position])
      }
      return
    }
    projectionGradient.reshape(rows: record.layout.rows, columns: kernel.projectionWidth)
    kernel.backward(
      outputGradient, stateGradient: run.stateGradient, output: record.output, record.layout,
      tape: record.tape, projectionGradient: projectionGradient, gradients: &gradients.layers[place.position])
    if place.level == 0, let words {
      backwardWords(words, record, firstStep: firstStep, place, wanted)
    } else {
      backwardRows(record, firstStep: firstStep, place, wanted, into: gradients)
    }
    if index > 0 && windows[index].isCut { cut(run.stateGradient, live: record.layout.liveRows[0]) }
  }

  /// ∂L/∂h_t of a window's steps; nil where it is zero throughout.
  private func outputGradient(
    _ record: WindowRecord, firstStep: Int, _ place: NetworkPlace, _ wanted: BackwardRequest
  ) -> Matrix? {
    let outputSize = place.run.layer.cell.outputSize
    windowOutputGradient.reshape(rows: record.layout.rows, columns: outputSize)
    guard place.isTop else {
      gatherOutputGradient(
        levelInputGradients[place.level + 1], column: place.direction * outputSize, run: place.run,
        batch: wanted.batch, firstStep: firstStep, into: windowOutputGradient)
      return windowOutputGradient
    }
    let isWritten = summaries[place.direction].writeOutputGradient(
      summaryWindow(record, wanted.batch.layout, firstStep: firstStep), output: record.output,
      weights: wanted.bound.summaryWeights[place.direction], gradients: &summaryGradients,
      into: windowOutputGradient)
    return isWritten ? windowOutputGradient : nil
  }

  /// Takes a window's `projectionGradient` to the words that share projections.
  private func backwardWords(
    _ words: TokenProjections, _ record: WindowRecord, firstStep: Int, _ place: NetworkPlace,
    _ wanted: BackwardRequest
  ) {
    let (run, batch, kernels) = (place.run, wanted.batch, wanted.bound.kernels)
    if wanted.needsWeightGradients {
      words.accumulate(
        projectionGradient, isReversed: run.layer.isReversed, firstRow: batch.layout.rowOffsets[firstStep],
        kernels: kernels)
    }
    guard let inputGradient = wanted.inputGradient else { return }
    // Words share what they project, but each place has a gradient of its own.
    fillInput(record, level: 0, run: run, batch: batch, firstStep: firstStep, bound: wanted.bound)
    windowInputGradient.reshape(rows: record.layout.rows, columns: run.layer.cell.inputSize)
    record.tape.needsWeightGradients = false
    // The words' weight gradients follow in `finishBackward`.
    place.kernel.projectBackward(
      projectionGradient, input: record.input, inputGradient: windowInputGradient, tape: record.tape,
      gradients: &unreadGradients.layers[place.position])
    record.tape.needsWeightGradients = wanted.needsWeightGradients
    addWindow(to: inputGradient, record, run: run, batch: batch, firstStep: firstStep, kernels)
  }

  /// Takes a window's `projectionGradient` to its input rows, each of which has a projection of its own.
  private func backwardRows(
    _ record: WindowRecord, firstStep: Int, _ place: NetworkPlace, _ wanted: BackwardRequest,
    into gradients: NetworkGradients
  ) {
    let (level, run, batch, kernels) = (place.level, place.run, wanted.batch, wanted.bound.kernels)
    windowInputGradient.reshape(rows: record.layout.rows, columns: run.layer.cell.inputSize)
    place.kernel.projectBackward(
      projectionGradient, input: record.input, inputGradient: windowInputGradient, tape: record.tape,
      gradients: &gradients.layers[place.position])
    if level == 0, let inputGradient = wanted.inputGradient {
      addWindow(to: inputGradient, record, run: run, batch: batch, firstStep: firstStep, kernels)
    }
    if level > 0 || wanted.needsWeightGradients {
      applyInputMask(windowInputGradient, record.layout, level: level, kernels: kernels)
      passDown(
        record, level: level, run: run, batch: batch, firstStep: firstStep, kernels: kernels,
        into: gradients.embedding)
    }
  }

  /// Adds what one direction of a level owes once its windows are done: gradients of whole batches, of the readout and of the
  /// first state.
  private func finish(
    _ place: NetworkPlace, _ wanted: BackwardRequest, into gradients: NetworkGradients
  ) {
    let (run, kernel, bound) = (place.run, place.kernel, wanted.bound)
    if let windowed = run.windowed, windows.count > 0 {
      backwardWhole(
        windowed, level: place.level, run: run, kernel: kernel, wanted.batch, bound,
        gradients: &gradients.layers[place.position], embedding: gradients.embedding)
    }
    if place.level == 0, let words, windows.count > 0 {
      words.finishBackward(
        kernel, tape: run.record(0, scratch).tape, multiplier: rowMultiplier, kernels: bound.kernels,
        gradients: &gradients.layers[place.position], embedding: gradients.embedding)
    }
    if place.isTop {
      gradients.readout.add(
        summaryGradients, at: network.summaryRange(direction: place.direction).lowerBound,
        kernels: bound.kernels)
    }
    run.layer.accumulateInitialStateGradient(
      run.stateGradient, kernels: bound.kernels, into: &gradients.layers[place.position])
  }

  /// Takes the gradients of the whole batch's projections to the level below.
  func backwardWhole(
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

  func accumulateReadoutGradients(
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

  func backwardReadout(_ logitGradient: Matrix, _ bound: BoundNetwork) {
    let (labels, width) = (network.labelCount, network.featureSize)
    featureGradient.reshape(rows: features.rows, columns: width)
    bound.readoutWeightBackward.matrix.product(
      logitGradient.pointer, rows: features.rows, stride: labels, into: featureGradient.pointer,
      outputStride: width,
      accumulating: false)
    applyFeatureMask(featureGradient, kernels: bound.kernels)
  }

  func gatherOutputGradient(
    _ source: Matrix, column: Int, run: DirectionRun, batch: TokenBatch, firstStep: Int, into target: Matrix
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    for row in 0..<target.rows {
      let from = batch.row(at: first + row, isReversed: run.layer.isReversed)
      target.row(row).update(from: source.row(from) + column, count: target.columns)
    }
  }

  /// Adds a window's ∂L/∂x_t to those of the whole batch.
  func addWindow(
    to inputGradient: Matrix, _ record: WindowRecord, run: DirectionRun, batch: TokenBatch, firstStep: Int,
    _ kernels: KernelSet
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    for row in 0..<record.layout.rows {
      let to = batch.row(at: first + row, isReversed: run.layer.isReversed)
      kernels.add(windowInputGradient.row(row), count: inputGradient.columns, to: inputGradient.row(to))
    }
  }

  /// Adds a window's ∂L/∂x_t to the level below, or to the embedding.
  func passDown(
    _ record: WindowRecord, level: Int, run: DirectionRun, batch: TokenBatch, firstStep: Int,
    kernels: KernelSet,
    into embedding: EmbeddingGradient
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    let dropsRows = (dropout?.rates.embeddingRows ?? 0) > 0
    for row in 0..<record.layout.rows {
      let to = batch.row(at: first + row, isReversed: run.layer.isReversed)
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
  func cut(_ stateGradient: CellState, live: Int) {
    for slot in stateGradient.slots { slot.pointer.update(repeating: 0, count: live * slot.columns) }
  }
}

/// What a way back is asked for.
private struct BackwardRequest {
  let bound: BoundNetwork
  let batch: TokenBatch
  let inputGradient: Matrix?
  let needsWeightGradients: Bool
}
