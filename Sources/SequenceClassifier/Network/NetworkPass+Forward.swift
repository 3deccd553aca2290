import RecurrentCells
import RecurrentNumerics

/// The way forward through a network.
extension NetworkPass {
  func forward(
    _ bound: BoundNetwork, _ batch: TokenBatch, truncation: Int?, dropout: DropoutMasks?, examples: [Int]?,
    perturbation: Matrix?, isRecording: Bool
  ) -> Matrix {
    precondition(bound.network.shape == network.shape, "weights of another network than the pass is for")
    check(batch, perturbation)
    self.dropout = dropout
    windows =
      network.running.windowLength == nil
      ? Window.cover(batch.layout, rows: NetworkPass.windowRows, truncation: truncation)
      : Window.cover(batch.layout, rows: NetworkPass.windowedRows)
    makeMasks(batch, examples)
    // A perturbation makes each place of a word different.
    words = perturbation == nil ? prepareWords(bound, batch, isRecording: isRecording) : nil
    features.reshape(rows: batch.pieces.count, columns: network.featureSize)
    let wanted = ForwardRequest(
      bound: bound, batch: batch, perturbation: perturbation, isRecording: isRecording)
    for level in runs.indices {
      if level < runs.count - 1 {
        levelInputs[level + 1].reshape(
          rows: batch.layout.rows, columns: network.levels[level + 1][0].cell.inputSize)
      }
      for direction in runs[level].indices {
        runDirection(place(level: level, direction: direction, bound), wanted)
      }
    }
    if !isRecording { words?.trim() }
    return readLogits(bound)
  }

  private func check(_ batch: TokenBatch, _ perturbation: Matrix?) {
    let rows = batch.layout.rows
    precondition(
      batch.pieceLength == network.running.pieceLength, "a batch in pieces of \(batch.pieceLength ?? 0)")
    precondition(
      !network.readsBackwards || batch.reversedRows.count == rows, "a batch for reading forwards only")
    guard let perturbation else { return }
    precondition(network.running == .continuous, "a perturbation of chopped or windowed texts")
    precondition(
      perturbation.rows == rows && perturbation.columns == network.embeddingSize,
      "a perturbation [\(perturbation.rows), \(perturbation.columns)] of \(rows) words")
  }

  /// Runs one direction of a level over the whole batch, up to the level above or the features.
  private func runDirection(_ place: NetworkPlace, _ wanted: ForwardRequest) {
    let (run, bound, batch) = (place.run, wanted.bound, wanted.batch)
    run.layer.setInitialState(
      run.state, batchSize: batch.layout.batchSize, parameters: bound.parameters.layers[place.position])
    if place.isTop { summaries[place.direction].begin(batch.layout, isRecording: wanted.isRecording) }
    run.windowed?.beginForward()
    for index in windows.indices { runWindow(index, place, wanted) }
    guard place.isTop else { return }
    summaries[place.direction].finish(
      lastOutput: run.state.slots[0], texts: batch.pieces(isReversed: run.layer.isReversed), into: features,
      columns: network.featureColumns(direction: place.direction), kernels: bound.kernels)
  }

  /// Runs one window's steps, and hands its outputs on.
  private func runWindow(_ index: Int, _ place: NetworkPlace, _ wanted: ForwardRequest) {
    let (run, batch, steps) = (place.run, wanted.batch, windows[index].steps)
    let record = wanted.isRecording ? run.record(index, scratch) : run.unrecorded(scratch)
    record.layout = windows.count == 1 ? batch.layout : batch.layout.window(steps)
    let outputSize = run.state.slots[0].columns
    record.output.reshape(rows: record.layout.rows, columns: outputSize)
    runSteps(steps, record, place, wanted)
    if place.isTop {
      summaries[place.direction].accumulate(
        record.output, summaryWindow(record, batch.layout, firstStep: steps.lowerBound),
        weights: wanted.bound.summaryWeights[place.direction])
    } else {
      scatterOutput(
        record, into: levelInputs[place.level + 1], column: place.direction * outputSize, run: run,
        batch: batch,
        firstStep: steps.lowerBound)
    }
  }

  /// Runs a window's steps on whichever projections there are: of the whole batch, of its words, or of the window's rows.
  private func runSteps(
    _ steps: Range<Int>, _ record: WindowRecord, _ place: NetworkPlace, _ wanted: ForwardRequest
  ) {
    let (run, kernel, bound, layout) = (place.run, place.kernel, wanted.bound, wanted.batch.layout)
    if let windowed = run.windowed {
      project(windowed, for: steps, place, wanted)
      withWindowedProjection(windowed, place) {
        windowed.forward(
          kernel, bound.parameters.layers[place.position], $0, layout, steps: steps, output: record.output,
          lastOutput: run.state.slots[0])
      }
    } else if place.level == 0, let words {
      words.withProjection(
        direction: place.direction, isReversed: run.layer.isReversed,
        firstRow: layout.rowOffsets[steps.lowerBound]
      ) {
        kernel.forward($0, record.layout, state: run.state, output: record.output, tape: record.tape)
      }
    } else {
      fillInput(
        record, level: place.level, run: run, batch: wanted.batch, firstStep: steps.lowerBound, bound: bound)
      if place.level == 0, let perturbation = wanted.perturbation {
        add(
          perturbation, to: record, run: run, batch: wanted.batch, firstStep: steps.lowerBound, bound.kernels)
      }
      projection.reshape(rows: record.layout.rows, columns: kernel.projectionWidth)
      kernel.project(record.input, into: projection, firstRow: 0)
      kernel.forward(
        InputProjection(projection), record.layout, state: run.state, output: record.output,
        tape: record.tape)
    }
  }

  /// Where texts run in windows and words are not shared: makes the projections that some steps read. Training keeps those of the
  /// whole batch for the way back; at inference memory does not grow with a text.
  private func project(
    _ windowed: WindowedRun, for steps: Range<Int>, _ place: NetworkPlace, _ wanted: ForwardRequest
  ) {
    let (batch, inputs) = (wanted.batch, windowed.inputs)
    guard place.level > 0 || words == nil,
      let projected = windowed.stepsToProject(for: steps, batch.layout, keepsAll: wanted.isRecording)
    else { return }
    inputs.layout = batch.layout.window(projected)
    fillInput(
      inputs, level: place.level, run: place.run, batch: batch, firstStep: projected.lowerBound,
      bound: wanted.bound)
    windowed.projection.reshape(rows: inputs.layout.rows, columns: place.kernel.projectionWidth)
    place.kernel.project(inputs.input, into: windowed.projection, firstRow: 0)
  }

  /// The projections that steps read where texts run in windows: of the batch's words, or those that there are rows of.
  func withWindowedProjection(
    _ windowed: WindowedRun, _ place: NetworkPlace, _ body: (InputProjection) -> Void
  ) {
    guard place.level == 0, let words else {
      body(InputProjection(windowed.projection))
      return
    }
    words.withProjection(
      direction: place.direction, isReversed: place.run.layer.isReversed, firstRow: 0, body)
  }

  /// The readout of the features, masked where there is dropout.
  private func readLogits(_ bound: BoundNetwork) -> Matrix {
    applyFeatureMask(features, kernels: bound.kernels)
    logits.reshape(rows: features.rows, columns: network.labelCount)
    bound.readoutWeight.product(
      features.pointer, rows: features.rows, stride: network.featureSize,
      plus: Array(bound.parameters.readout[1]), into: logits.pointer, outputStride: network.labelCount)
    return logits
  }
}

/// What a way forward is asked for.
private struct ForwardRequest {
  let bound: BoundNetwork
  let batch: TokenBatch
  let perturbation: Matrix?
  let isRecording: Bool
}
