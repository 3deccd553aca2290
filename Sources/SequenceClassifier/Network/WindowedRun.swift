import RecurrentCells
import RecurrentNumerics

/// One layer's cell run over the last few steps up to each step, every time from the first state.
///
///     h_t = last state of the cell over x_{t-k+1}, …, x_t
///
/// All steps of a window are rows of the same `k` products, so that there is no loop along the text. What x_t makes of
/// itself is projected once in training; at inference, where only some steps at a time have their projections, a few are made
/// again. Training runs a window again on the way back rather than keep `k` states a step.
final class WindowedRun {
  /// k.
  private let length: Int
  private let layer: RecurrentLayer
  /// Where rows do not share projections: x of the rows that are projected, and their projections.
  let inputs: WindowRecord
  let projection = Matrix()
  /// The batch's first row and the step behind the last one of those that are projected.
  private var firstRow = 0
  private var projectedEnd = 0
  /// ∂L/∂(projection) of every row.
  let projectionGradient = Matrix()
  private let state: CellState
  private let stateGradient: CellState
  private let output = Matrix()
  private let rowGradient = Matrix()
  private let tape: Tape
  private let recordingTape: Tape
  private var index: [Int32] = []

  init(length: Int, _ layer: RecurrentLayer, scratch: Scratch) {
    self.length = length
    self.layer = layer
    let slots = layer.cell.stateSlots
    inputs = WindowRecord(Tape(slots, scratch: scratch))
    tape = Tape(slots, isRecording: false, scratch: scratch)
    recordingTape = Tape(slots, scratch: scratch)
    state = CellState(slots, batchSize: 0)
    stateGradient = CellState(slots, batchSize: 0)
  }

  /// Starts the way forward over a batch: nothing is projected yet.
  func beginForward() { (firstRow, projectedEnd) = (0, 0) }

  /// The steps to project anew before `steps` can run, which are called in order; nil where what is projected will do.
  /// - Parameter keepsAll: whether the projections of the whole batch are wanted.
  func stepsToProject(for steps: Range<Int>, _ layout: SequenceLayout, keepsAll: Bool) -> Range<Int>? {
    guard steps.upperBound > projectedEnd else { return nil }
    let first = Swift.max(0, steps.lowerBound - length + 1)
    firstRow = layout.rowOffsets[first]
    projectedEnd = layout.timeSteps
    if !keepsAll {
      // Rows before these steps were projected before. With as many new ones beyond them each is projected twice at most, which is
      // little beside its k recurrent products.
      let again = layout.rowOffsets[steps.lowerBound] - firstRow
      let enough = layout.rowOffsets[steps.lowerBound] + Swift.max(NetworkPass.windowRows, again)
      projectedEnd = layout.rowOffsets[steps.upperBound...].firstIndex { $0 >= enough } ?? projectedEnd
    }
    return first..<projectedEnd
  }

  /// h_t of some steps of `layout`.
  /// - Parameters:
  ///   - projected: of all rows of `layout`, or of those of `stepsToProject`.
  ///   - lastOutput: gets h of the sequences whose last step is among these, `[sequences, outputSize]`.
  func forward(
    _ kernel: any CellKernel, _ parameters: ParameterSet, _ projected: InputProjection,
    _ layout: SequenceLayout, steps: Range<Int>, output target: Matrix, lastOutput: Matrix
  ) {
    let plan = WindowPlan(layout, steps: steps, length: length)
    run(kernel, parameters, projected, plan, tape)
    let width = target.columns
    var row = 0
    for step in plan.order {
      let count = layout.liveRows[step]
      target.row(layout.rowOffsets[step] - plan.firstRow).update(
        from: state.slots[0].row(row), count: count * width)
      row += count
    }
    for (sequence, length) in layout.lengths.enumerated() where steps.contains(length - 1) {
      lastOutput.row(sequence).update(
        from: target.row(layout.rowOffsets[length - 1] + sequence - plan.firstRow), count: width)
    }
  }

  /// Starts the way back.
  func beginBackward(_ layout: SequenceLayout, width: Int) {
    projectionGradient.reshape(rows: layout.rows, columns: width)
    projectionGradient.setToZero()
  }

  /// Back-propagates through some steps, adding to `projectionGradient` and `gradients`.
  /// - Parameters:
  ///   - projected: of all rows of `layout`.
  ///   - outputGradient: ∂L/∂h_t of these steps; nil where only last states were read.
  ///   - lastGradient: ∂L/∂(last h), `[sequences, outputSize]`; what belongs to these steps is taken from it.
  func backward(
    _ kernel: any CellKernel, _ parameters: ParameterSet, _ projected: InputProjection,
    _ layout: SequenceLayout, steps: Range<Int>, outputGradient: Matrix?, lastGradient: Matrix,
    kernels: KernelSet, gradients: inout ParameterSet
  ) {
    let plan = WindowPlan(layout, steps: steps, length: length)
    run(kernel, parameters, projected, plan, recordingTape)
    stateGradient.reset(batchSize: plan.layout.batchSize)
    let width = lastGradient.columns
    var row = 0
    for step in plan.order {
      let count = layout.liveRows[step]
      let target = stateGradient.slots[0].row(row)
      if let outputGradient {
        let source = outputGradient.row(layout.rowOffsets[step] - plan.firstRow)
        target.update(from: source, count: count * width)
      }
      for sequence in 0..<count where layout.lengths[sequence] == step + 1 {
        kernels.add(lastGradient.row(sequence), count: width, to: target + sequence * width)
        lastGradient.row(sequence).update(repeating: 0, count: width)
      }
      row += count
    }
    rowGradient.reshape(rows: plan.layout.rows, columns: kernel.projectionWidth)
    kernel.backward(
      nil, stateGradient: stateGradient, output: output, plan.layout, tape: recordingTape,
      projectionGradient: rowGradient, gradients: &gradients)
    for (row, source) in plan.sources.enumerated() {
      kernels.add(
        rowGradient.row(row), count: rowGradient.columns, to: projectionGradient.row(Int(source)))
    }
    layer.accumulateInitialStateGradient(stateGradient, kernels: kernels, into: &gradients)
  }

  private func run(
    _ kernel: any CellKernel, _ parameters: ParameterSet, _ projected: InputProjection, _ plan: WindowPlan,
    _ tape: Tape
  ) {
    layer.setInitialState(state, batchSize: plan.layout.batchSize, parameters: parameters)
    output.reshape(rows: plan.layout.rows, columns: state.slots[0].columns)
    index.removeAll(keepingCapacity: true)
    if let shared = projected.index {
      for source in plan.sources { index.append(shared[Int(source)]) }
    } else {
      for source in plan.sources { index.append(source - Int32(firstRow)) }
    }
    index.withUnsafeBufferPointer { index in
      guard let start = index.baseAddress else { return }
      kernel.forward(
        InputProjection(projected.table, index: start), plan.layout, state: state, output: output, tape: tape)
    }
  }
}

/// The runs that end at some steps, as sequences of their own: the longest first, otherwise as the steps have them.
private struct WindowPlan {
  /// Of the runs.
  let layout: SequenceLayout
  /// The steps in the order of their runs.
  let order: [Int]
  /// For each packed row of the runs, the row of the whole batch that it reads.
  let sources: [Int32]
  /// The first row of the steps.
  let firstRow: Int

  init(_ batch: SequenceLayout, steps: Range<Int>, length: Int) {
    firstRow = batch.rowOffsets[steps.lowerBound]
    // Runs that end before step k are shorter, one step each.
    let full = Swift.min(Swift.max(length - 1, steps.lowerBound), steps.upperBound)
    let order = Array(full..<steps.upperBound) + (steps.lowerBound..<full).reversed()
    self.order = order
    func runLength(_ step: Int) -> Int { Swift.min(step + 1, length) }
    layout = SequenceLayout(
      lengths: order.flatMap { [Int](repeating: runLength($0), count: batch.liveRows[$0]) })
    var sources: [Int32] = []
    sources.reserveCapacity(layout.rows)
    for position in 0..<layout.timeSteps {
      for step in order where position < runLength(step) {
        let first = batch.rowOffsets[step - runLength(step) + 1 + position]
        for sequence in 0..<batch.liveRows[step] { sources.append(Int32(first + sequence)) }
      }
    }
    self.sources = sources
  }
}
