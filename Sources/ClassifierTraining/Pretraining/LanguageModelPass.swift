import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// One direction of a language model at work: its carried states, and the way forward and back through a window.
///
/// Rows run in groups of `NetworkPass.windowRows`, so that what one product writes is in the cache for the next.
package final class LanguageModelPass: @unchecked Sendable {
  private let layer: RecurrentLayer
  private let embeddingSize: Int
  let hiddenSize: Int
  let options: PretrainingOptions
  private let head: LanguageModelHead
  private let direction: Int
  /// What each stream's text has left behind.
  package let carried: CellState
  private let state: CellState
  private let stateGradient: CellState
  private(set) var records: [Record] = []
  /// Groups of the window under way: as many records are in use.
  private(set) var groupCount = 0
  private let inputMask = Matrix()
  private let outputMask = Matrix()
  private let projection = Matrix()
  private let projectionGradient = Matrix()
  private let inputGradient = Matrix()
  private let dropped = Matrix()
  private let scratch = Scratch()

  /// Gradients of the last window: the embedding's rows, the cell's parameters (until they are moved elsewhere), the
  /// head's (of both directions; the other's are zero).
  package let embeddingGradient: EmbeddingGradient
  package private(set) var layerGradient: ParameterSet
  package var headGradient: ParameterSet { head.gradient }
  /// Sum of the last window's losses, in nats.
  package var lossSum: Double { head.lossSum }
  /// What the last window's regularisation adds to the mean loss.
  package internal(set) var penalty = 0.0

  /// What a group of rows leaves for the way back.
  final class Record {
    var layout = SequenceLayout(lengths: [])
    var firstRow = 0
    let input = Matrix()
    let output = Matrix()
    let outputGradient = Matrix()
    let tape: Tape
    init(_ tape: Tape) { self.tape = tape }
  }

  package init(_ model: LanguageModel, direction: Int, options: PretrainingOptions) {
    layer = model.layers[direction]
    self.direction = direction
    self.options = options
    embeddingSize = model.embeddingSize
    hiddenSize = layer.cell.outputSize
    head = LanguageModelHead(model, direction: direction, samples: options.samples)
    carried = CellState(layer.cell.stateSlots, batchSize: options.streams)
    state = CellState(layer.cell.stateSlots, batchSize: 0)
    stateGradient = CellState(layer.cell.stateSlots, batchSize: 0)
    embeddingGradient = EmbeddingGradient(vocabularySize: model.vocabularySize, width: embeddingSize)
    layerGradient = ParameterSet(layer.parameterSpecs)
  }

  /// Loss and gradients of a window.
  /// - Parameter random: derived from the seed and the window.
  package func run(
    _ parameters: NetworkParameters, texts: [[Int32]], pieces: [TextStreams.Piece], random: RandomStream,
    kernels: KernelSet
  ) {
    embeddingGradient.reset()
    layerGradient.setToZero()
    penalty = 0
    let window = LanguageModelWindow(pieces, texts: texts, isReversed: layer.isReversed)
    let multiplying = kernels.multiplying(in: options.precision)
    let dropout = DropoutMasks(
      rates: DropoutRates(
        embeddingRows: options.dropout.embeddingRows, input: options.dropout.input,
        readout: options.dropout.output), stream: random.derived(0))
    let weights = WeightDropout(rate: options.dropout.weight, random: random.derived(1))
    let weightMask = weights.mask(for: layer)
    var layerParameters = parameters.layers[direction]
    weights.apply(weightMask, to: &layerParameters)
    let kernel = layer.cell.makeKernel(for: layerParameters, kernels: multiplying)

    makeMasks(pieces, dropout)
    gatherStates(pieces)
    head.begin(parameters, random: random.derived(2), kernels: multiplying)
    forward(kernel, window, parameters, dropout, kernels: multiplying)
    if options.temporalActivation > 0 {
      addTemporalGradient(pieces, rows: window.layout.rows, kernels: kernels)
    }
    keepStates(pieces)
    head.finish(embeddingGradient: embeddingGradient, kernels: kernels)
    backward(kernel, window, dropout, kernels: kernels)
    weights.apply(weightMask, to: &layerGradient)
  }

  /// Hands over the gradient of the cell's parameters; the next window works in the memory that `target` had. Were the two to
  /// share memory instead, that window would copy all of it before it sets it to zero.
  package func moveLayerGradient(to target: inout ParameterSet) {
    precondition(target.count == layerGradient.count, "\(target.count) gradients of \(layerGradient.count)")
    swap(&layerGradient, &target)
  }

  // MARK: States and masks

  private func gatherStates(_ pieces: [TextStreams.Piece]) {
    state.reset(batchSize: pieces.count)
    for (slot, source) in zip(state.slots, carried.slots) {
      for (row, piece) in pieces.enumerated() where piece.start > 0 {
        slot.row(row).update(from: source.row(piece.stream), count: slot.columns)
      }
    }
  }

  private func keepStates(_ pieces: [TextStreams.Piece]) {
    for (slot, target) in zip(state.slots, carried.slots) {
      for (row, piece) in pieces.enumerated() {
        target.row(piece.stream).update(from: slot.row(row), count: slot.columns)
      }
    }
  }

  /// Makes the masks `[pieces, width]` that there are.
  private func makeMasks(_ pieces: [TextStreams.Piece], _ dropout: DropoutMasks) {
    if dropout.rates.input > 0 {
      inputMask.reshape(rows: pieces.count, columns: embeddingSize)
      for (row, piece) in pieces.enumerated() {
        inputMask.setRow(row, dropout.levelInput(level: 0, example: piece.stream, width: embeddingSize))
      }
    }
    if dropout.rates.readout > 0 {
      outputMask.reshape(rows: pieces.count, columns: hiddenSize)
      for (row, piece) in pieces.enumerated() {
        outputMask.setRow(row, dropout.features(example: piece.stream, width: hiddenSize))
      }
    }
  }

  // MARK: Forward

  private func forward(
    _ kernel: any CellKernel, _ window: LanguageModelWindow, _ parameters: NetworkParameters,
    _ dropout: DropoutMasks,
    kernels: KernelSet
  ) {
    let groups = Window.cover(window.layout, rows: NetworkPass.windowRows)
    let embedding = EmbeddingTable(parameters.embedding)
    while records.count < groups.count {
      records.append(Record(Tape(layer.cell.stateSlots, scratch: scratch)))
    }
    for (record, group) in zip(records, groups) {
      record.layout = window.layout.window(group.steps)
      record.firstRow = window.layout.rowOffsets[group.steps.lowerBound]
      fillInput(record, window, embedding, dropout, kernels: kernels)
      projection.reshape(rows: record.layout.rows, columns: kernel.projectionWidth)
      kernel.project(record.input, into: projection, firstRow: 0)
      record.output.reshape(rows: record.layout.rows, columns: hiddenSize)
      kernel.forward(
        InputProjection(projection), record.layout, state: state, output: record.output, tape: record.tape)
      predict(record, window, parameters, kernels: kernels)
    }
    groupCount = groups.count
  }

  private func fillInput(
    _ record: Record, _ window: LanguageModelWindow, _ embedding: EmbeddingTable, _ dropout: DropoutMasks,
    kernels: KernelSet
  ) {
    let tokens = window.tokens[record.firstRow..<record.firstRow + record.layout.rows]
    record.input.reshape(rows: tokens.count, columns: embeddingSize)
    embedding.copyRows(of: tokens, into: record.input, kernels: kernels)
    if dropout.rates.embeddingRows > 0 {
      for (row, token) in tokens.enumerated() {
        kernels.scale(record.input.row(row), by: dropout.embeddingRow(token: token), count: embeddingSize)
      }
    }
    if dropout.rates.input > 0 { record.layout.multiply(record.input, by: inputMask, kernels: kernels) }
  }

  /// The head forward and back: losses of the group's rows, and ∂L/∂h_t.
  private func predict(
    _ record: Record, _ window: LanguageModelWindow, _ parameters: NetworkParameters, kernels: KernelSet
  ) {
    let rows = record.layout.rows
    dropped.copy(from: record.output)
    if options.dropout.output > 0 { record.layout.multiply(dropped, by: outputMask, kernels: kernels) }
    head.predict(
      window.targets[record.firstRow..<record.firstRow + rows], from: dropped,
      scale: 1 / Float(window.layout.rows), parameters, gradient: record.outputGradient,
      embeddingGradient: embeddingGradient, kernels: kernels)
    if options.activation > 0 {
      let factor = 2 * options.activation / Float(window.layout.rows * hiddenSize)
      penalty += Double(factor) / 2 * kernels.sumOfSquares(dropped.pointer, count: dropped.count)
      kernels.add(
        dropped.pointer, scaledBy: factor, count: dropped.count, to: record.outputGradient.pointer)
    }
    if options.dropout.output > 0 {
      record.layout.multiply(record.outputGradient, by: outputMask, kernels: kernels)
    }
  }

  // MARK: Backward

  private func backward(
    _ kernel: any CellKernel, _ window: LanguageModelWindow, _ dropout: DropoutMasks, kernels: KernelSet
  ) {
    stateGradient.reset(batchSize: window.layout.batchSize)
    for index in stride(from: groupCount - 1, through: 0, by: -1) {
      let record = records[index]
      let rows = record.layout.rows
      projectionGradient.reshape(rows: rows, columns: kernel.projectionWidth)
      kernel.backward(
        record.outputGradient, stateGradient: stateGradient, output: record.output, record.layout,
        tape: record.tape, projectionGradient: projectionGradient, gradients: &layerGradient)
      inputGradient.reshape(rows: rows, columns: embeddingSize)
      kernel.projectBackward(
        projectionGradient, input: record.input, inputGradient: inputGradient, tape: record.tape,
        gradients: &layerGradient)
      if dropout.rates.input > 0 { record.layout.multiply(inputGradient, by: inputMask, kernels: kernels) }
      for row in 0..<rows {
        let token = window.tokens[record.firstRow + row]
        embeddingGradient.add(
          inputGradient.row(row), multiplier: dropout.embeddingRow(token: token), token: token,
          kernels: kernels)
      }
    }
  }
}
