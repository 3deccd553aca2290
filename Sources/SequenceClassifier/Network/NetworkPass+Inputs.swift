import RecurrentCells
import RecurrentNumerics

/// What windows read: words, masks, and the outputs of the level below.
extension NetworkPass {
  func summaryWindow(
    _ record: WindowRecord, _ layout: SequenceLayout, firstStep: Int
  ) -> SummaryWindow {
    SummaryWindow(layout: record.layout, firstStep: firstStep, firstRow: layout.rowOffsets[firstStep])
  }

  /// The projections of the batch's words; nil where a mask makes each place of a word different, or where most words
  /// stand in one place only and sharing would save little.
  func prepareWords(_ bound: BoundNetwork, _ batch: TokenBatch, isRecording: Bool)
    -> TokenProjections?
  {
    if !isRecording { return inferenceWords.prepare(bound, batch) ? inferenceWords : nil }
    if let dropout, dropout.masksInput(level: 0) { return nil }
    return batchWords.prepare(bound, batch, largestShare: 0.6, multiplier: rowMultiplier) ? batchWords : nil
  }

  /// What embedding-row dropout multiplies a word's vector by; nil without it.
  var rowMultiplier: ((Int32) -> Float)? {
    guard let dropout, dropout.rates.embeddingRows > 0 else { return nil }
    return { dropout.embeddingRow(token: $0) }
  }

  func makeMasks(_ batch: TokenBatch, _ examples: [Int]?) {
    guard let dropout, let examples else { return }
    for level in runs.indices where dropout.masksInput(level: level) {
      let width = network.levels[level][0].cell.inputSize
      inputMasks[level].reshape(rows: batch.layout.batchSize, columns: width)
      for (text, example) in examples.enumerated() {
        let mask = dropout.levelInput(level: level, example: example, width: width)
        for piece in batch.pieces[text] { inputMasks[level].setRow(piece, mask) }
      }
    }
    if dropout.masksFeatures {
      featureMask.reshape(rows: examples.count, columns: network.featureSize)
      for (row, example) in examples.enumerated() {
        featureMask.setRow(row, dropout.features(example: example, width: network.featureSize))
      }
    }
    if dropout.rates.embeddingRows > 0 {
      rowMultipliers = batch.tokens.map { dropout.embeddingRow(token: $0) }
    }
  }

  /// Gathers the window's input rows in the run's reading order, and applies the masks.
  func fillInput(
    _ record: WindowRecord, level: Int, run: DirectionRun, batch: TokenBatch, firstStep: Int,
    bound: BoundNetwork
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    let width = run.layer.cell.inputSize
    record.input.reshape(rows: record.layout.rows, columns: width)
    if level == 0 {
      let rows = first..<first + record.layout.rows
      bound.embed(batch.tokens(of: rows, isReversed: run.layer.isReversed), into: record.input)
      if let dropout, dropout.rates.embeddingRows > 0 {
        for row in 0..<record.layout.rows {
          let source = batch.row(at: first + row, isReversed: run.layer.isReversed)
          bound.kernels.scale(record.input.row(row), by: rowMultipliers[source], count: width)
        }
      }
    } else {
      let source = levelInputs[level]
      for row in 0..<record.layout.rows {
        let from = batch.row(at: first + row, isReversed: run.layer.isReversed)
        record.input.row(row).update(from: source.row(from), count: width)
      }
    }
    applyInputMask(record.input, record.layout, level: level, kernels: bound.kernels)
  }

  func applyInputMask(_ rows: Matrix, _ layout: SequenceLayout, level: Int, kernels: KernelSet) {
    guard let dropout, dropout.masksInput(level: level) else { return }
    layout.multiply(rows, by: inputMasks[level], kernels: kernels)
  }

  /// Masks features, or their gradients, `[batch, featureSize]`.
  func applyFeatureMask(_ rows: Matrix, kernels: KernelSet) {
    guard let dropout, dropout.masksFeatures else { return }
    kernels.multiply(rows.pointer, by: featureMask.pointer, count: rows.count)
  }

  /// Adds the window's rows of a perturbation to its input.
  func add(
    _ perturbation: Matrix, to record: WindowRecord, run: DirectionRun, batch: TokenBatch, firstStep: Int,
    _ kernels: KernelSet
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    for row in 0..<record.layout.rows {
      let from = batch.row(at: first + row, isReversed: run.layer.isReversed)
      kernels.add(perturbation.row(from), count: perturbation.columns, to: record.input.row(row))
    }
  }

  func scatterOutput(
    _ record: WindowRecord, into target: Matrix, column: Int, run: DirectionRun, batch: TokenBatch,
    firstStep: Int
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    for row in 0..<record.layout.rows {
      let to = batch.row(at: first + row, isReversed: run.layer.isReversed)
      (target.row(to) + column).update(from: record.output.row(row), count: record.output.columns)
    }
  }
}
