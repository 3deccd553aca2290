import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TextEncoding

/// One direction of a language model at work: its carried states, and the way forward and back through a window.
///
/// Rows run in groups of `NetworkPass.windowRows`, so that what one product writes is in the cache for the next.
package final class LanguageModelPass: @unchecked Sendable {
  private let layer: RecurrentLayer
  private let embeddingSize: Int
  private let hiddenSize: Int
  private let options: PretrainingOptions
  /// The first of this direction's parameters in the head.
  private let head: Int
  private let direction: Int
  /// What each stream's text has left behind.
  package let carried: CellState
  private let state: CellState
  private let stateGradient: CellState
  private let softmax: SampledSoftmax
  private var records: [Record] = []
  private let inputMask = Matrix()
  private let outputMask = Matrix()
  private let projection = Matrix()
  private let projectionGradient = Matrix()
  private let inputGradient = Matrix()
  private let dropped = Matrix()
  private let z = Matrix()
  private let zGradient = Matrix()
  private let packing = Matrix()
  private let scratch = Scratch()

  /// Gradients of the last window: the embedding's rows, the cell's parameters, the head's (of both directions; the
  /// other's are zero).
  package let embeddingGradient: EmbeddingGradient
  package private(set) var layerGradient: ParameterSet
  package private(set) var headGradient: ParameterSet
  /// Sum of the last window's losses, in nats.
  package private(set) var lossSum = 0.0
  /// What the last window's regularisation adds to the mean loss.
  package private(set) var penalty = 0.0

  private final class Record {
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
    head = direction * LanguageModel.headParameterCount
    carried = CellState(layer.cell.stateSlots, batchSize: options.streams)
    state = CellState(layer.cell.stateSlots, batchSize: 0)
    stateGradient = CellState(layer.cell.stateSlots, batchSize: 0)
    softmax = SampledSoftmax(
      vocabularySize: model.vocabularySize, width: embeddingSize, samples: options.samples)
    embeddingGradient = EmbeddingGradient(vocabularySize: model.vocabularySize, width: embeddingSize)
    layerGradient = ParameterSet(layer.parameterSpecs)
    headGradient = ParameterSet(model.headSpecs)
  }

  /// Loss and gradients of a window.
  /// - Parameter random: derived from the seed and the window.
  package func run(
    _ parameters: NetworkParameters, texts: [[Int32]], pieces: [TextStreams.Piece], random: RandomStream,
    kernels: KernelSet
  ) {
    embeddingGradient.reset()
    layerGradient.setToZero()
    headGradient.setToZero()
    lossSum = 0
    penalty = 0
    let window = Window(pieces, texts: texts, isReversed: layer.isReversed)
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
    begin(parameters, random: random.derived(2), kernels: multiplying)
    forward(kernel, window, parameters, dropout, kernels: multiplying)
    if options.temporalActivation > 0 {
      addTemporalGradient(pieces, rows: window.layout.rows, kernels: kernels)
    }
    keepStates(pieces)
    finishSoftmax(kernels: kernels)
    backward(kernel, window, dropout, kernels: kernels)
    weights.apply(weightMask, to: &layerGradient)
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

  private func makeMasks(_ pieces: [TextStreams.Piece], _ dropout: DropoutMasks) {
    inputMask.reshape(rows: pieces.count, columns: embeddingSize)
    outputMask.reshape(rows: pieces.count, columns: hiddenSize)
    for (row, piece) in pieces.enumerated() {
      inputMask.setRow(row, dropout.levelInput(level: 0, example: piece.stream, width: embeddingSize))
      outputMask.setRow(row, dropout.features(example: piece.stream, width: hiddenSize))
    }
  }

  /// Multiplies each step's rows, which stand in the order of the pieces, by a mask `[pieces, columns]`.
  private func apply(_ mask: Matrix, to rows: Matrix, _ layout: SequenceLayout, kernels: KernelSet) {
    for step in 0..<layout.timeSteps {
      kernels.multiply(
        rows.row(layout.rowOffsets[step]), by: mask.pointer, count: layout.liveRows[step] * rows.columns)
    }
  }

  // MARK: Forward

  private var projectionWeight: PackedMatrix?
  private var projectionWeightBackward: PackedMatrix?
  private var projectionBias: [Float] = []

  private func begin(_ parameters: NetworkParameters, random: RandomStream, kernels: KernelSet) {
    let set = parameters.readout
    set.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      let weight = base + set.offsets[head]
      projectionWeight = PackedMatrix(
        transposing: weight, rows: embeddingSize, columns: hiddenSize, kernels: kernels)
      projectionWeightBackward = PackedMatrix(
        weight, rows: embeddingSize, columns: hiddenSize, kernels: kernels)
    }
    projectionBias = Array(set[head + 1])
    softmax.begin(embedding: parameters.embedding, bias: set[head + 2], random: random, kernels: kernels)
  }

  private func forward(
    _ kernel: any CellKernel, _ window: Window, _ parameters: NetworkParameters, _ dropout: DropoutMasks,
    kernels: KernelSet
  ) {
    let groups = window.groups(rows: NetworkPass.windowRows)
    while records.count < groups.count {
      records.append(Record(Tape(layer.cell.stateSlots, scratch: scratch)))
    }
    for (record, steps) in zip(records, groups) {
      record.layout = window.layout.window(steps)
      record.firstRow = window.layout.rowOffsets[steps.lowerBound]
      fillInput(record, window, parameters.embedding, dropout, kernels: kernels)
      projection.reshape(rows: record.layout.rows, columns: kernel.projectionWidth)
      kernel.project(record.input, into: projection, firstRow: 0)
      record.output.reshape(rows: record.layout.rows, columns: hiddenSize)
      kernel.forward(
        InputProjection(projection), record.layout, state: state, output: record.output, tape: record.tape)
      predict(record, window, parameters, kernels: kernels)
    }
    groupCount = groups.count
  }

  private var groupCount = 0

  private func fillInput(
    _ record: Record, _ window: Window, _ embedding: ParameterSet, _ dropout: DropoutMasks,
    kernels: KernelSet
  ) {
    record.input.reshape(rows: record.layout.rows, columns: embeddingSize)
    embedding.values.withUnsafeBufferPointer { table in
      guard let base = table.baseAddress else { return }
      for row in 0..<record.layout.rows {
        let token = window.tokens[record.firstRow + row]
        let target = record.input.row(row)
        target.update(from: base + Int(token) * embeddingSize, count: embeddingSize)
        if dropout.rates.embeddingRows > 0 {
          kernels.scale(target, by: dropout.embeddingRow(token: token), count: embeddingSize)
        }
      }
    }
    if dropout.rates.input > 0 { apply(inputMask, to: record.input, record.layout, kernels: kernels) }
  }

  /// The head forward and back: losses of the group's rows, and ∂L/∂h_t.
  private func predict(
    _ record: Record, _ window: Window, _ parameters: NetworkParameters, kernels: KernelSet
  ) {
    guard let projectionWeight, let projectionWeightBackward else { return }
    let rows = record.layout.rows
    dropped.copy(from: record.output)
    if options.dropout.output > 0 { apply(outputMask, to: dropped, record.layout, kernels: kernels) }
    z.reshape(rows: rows, columns: embeddingSize)
    projectionWeight.product(
      dropped.pointer, rows: rows, stride: hiddenSize, plus: projectionBias, into: z.pointer,
      outputStride: embeddingSize)
    zGradient.reshape(rows: rows, columns: embeddingSize)
    let set = parameters.readout
    let offsets = set.offsets
    headGradient.values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      lossSum += softmax.lossSum(
        z, targets: window.targets[record.firstRow..<record.firstRow + rows],
        scale: 1 / Float(window.layout.rows), zGradient: zGradient, embedding: parameters.embedding,
        bias: set[head + 2], embeddingGradient: embeddingGradient, biasGradient: base + offsets[head + 2],
        kernels: kernels)
      accumulateTransposedProduct(
        zGradient.pointer, columns: embeddingSize, stride: embeddingSize, dropped.pointer,
        columns: hiddenSize, rows: rows, into: base + offsets[head], outputStride: hiddenSize,
        packing: packing, kernels: kernels)
      kernels.addColumnSums(
        zGradient.pointer, rows: rows, columns: embeddingSize, to: base + offsets[head + 1])
    }
    record.outputGradient.reshape(rows: rows, columns: hiddenSize)
    projectionWeightBackward.product(
      zGradient.pointer, rows: rows, stride: embeddingSize, into: record.outputGradient.pointer,
      outputStride: hiddenSize, accumulating: false)
    if options.activation > 0 {
      let factor = 2 * options.activation / Float(window.layout.rows * hiddenSize)
      penalty += Double(factor) / 2 * kernels.sumOfSquares(dropped.pointer, count: dropped.count)
      kernels.add(
        dropped.pointer, scaledBy: factor, count: dropped.count, to: record.outputGradient.pointer)
    }
    if options.dropout.output > 0 {
      apply(outputMask, to: record.outputGradient, record.layout, kernels: kernels)
    }
  }

  private func finishSoftmax(kernels: KernelSet) {
    let offset = headGradient.offsets[head + 2]
    headGradient.values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      softmax.finish(
        embeddingGradient: embeddingGradient, biasGradient: base + offset, kernels: kernels)
    }
  }

  /// Adds the gradient of β · mean |h_t − h_{t−1}|²; h before a text's first step is no part of it.
  private func addTemporalGradient(_ pieces: [TextStreams.Piece], rows: Int, kernels: KernelSet) {
    let factor = 2 * options.temporalActivation / Float(rows * hiddenSize)
    for index in 0..<groupCount {
      let record = records[index]
      let layout = record.layout
      for step in 0..<layout.timeSteps {
        for sequence in 0..<layout.liveRows[step] {
          let row = layout.rowOffsets[step] + sequence
          let previous: UnsafeMutablePointer<Float>
          var previousGradient: UnsafeMutablePointer<Float>?
          if step > 0 {
            let before = layout.rowOffsets[step - 1] + sequence
            previous = record.output.row(before)
            previousGradient = record.outputGradient.row(before)
          } else if index > 0 {
            let earlier = records[index - 1]
            let before = earlier.layout.rowOffsets[earlier.layout.timeSteps - 1] + sequence
            previous = earlier.output.row(before)
            previousGradient = earlier.outputGradient.row(before)
          } else {
            guard pieces[sequence].start > 0 else { continue }
            previous = record.tape.initialState.slots[0].row(sequence)
          }
          let (output, gradient) = (record.output.row(row), record.outputGradient.row(row))
          penalty += Double(factor) / 2 * squaredDistance(output, previous, count: hiddenSize)
          kernels.add(output, scaledBy: factor, count: hiddenSize, to: gradient)
          kernels.add(previous, scaledBy: -factor, count: hiddenSize, to: gradient)
          if let previousGradient {
            kernels.add(output, scaledBy: -factor, count: hiddenSize, to: previousGradient)
            kernels.add(previous, scaledBy: factor, count: hiddenSize, to: previousGradient)
          }
        }
      }
    }
  }

  // MARK: Backward

  private func backward(
    _ kernel: any CellKernel, _ window: Window, _ dropout: DropoutMasks, kernels: KernelSet
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
      if dropout.rates.input > 0 { apply(inputMask, to: inputGradient, record.layout, kernels: kernels) }
      for row in 0..<rows {
        let token = window.tokens[record.firstRow + row]
        embeddingGradient.add(
          inputGradient.row(row), multiplier: dropout.embeddingRow(token: token), token: token,
          kernels: kernels)
      }
    }
  }
}

/// |x − y|².
private func squaredDistance(
  _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
) -> Double {
  var sum: Float = 0
  for index in 0..<count { sum += (x[index] - y[index]) * (x[index] - y[index]) }
  return Double(sum)
}

/// The tokens of a window in packed order, and what follows each.
private struct Window {
  let layout: SequenceLayout
  let tokens: [Int32]
  let targets: [Int32]

  init(_ pieces: [TextStreams.Piece], texts: [[Int32]], isReversed: Bool) {
    let layout = SequenceLayout(lengths: pieces.map(\.count))
    self.layout = layout
    var tokens = [Int32](repeating: 0, count: layout.rows)
    var targets = tokens
    for (sequence, piece) in pieces.enumerated() {
      let text = texts[piece.text]
      let last = text.count - 1
      for step in 0..<piece.count {
        let position = piece.start + step
        let row = layout.rowOffsets[step] + sequence
        tokens[row] = text[isReversed ? last - position : position]
        targets[row] =
          position == last ? Vocabulary.endID : text[isReversed ? last - position - 1 : position + 1]
      }
    }
    self.tokens = tokens
    self.targets = targets
  }

  /// Adjacent steps of at least `rows` rows, but for the last group.
  func groups(rows: Int) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var first = 0
    for step in 0..<layout.timeSteps {
      let next = step + 1
      guard next == layout.timeSteps || layout.rowOffsets[next] - layout.rowOffsets[first] >= rows else {
        continue
      }
      groups.append(first..<next)
      first = next
    }
    return groups
  }
}
