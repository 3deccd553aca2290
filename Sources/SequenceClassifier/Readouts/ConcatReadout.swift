import RecurrentCells
import RecurrentNumerics

/// Last state, maximum and mean over the valid steps, joined (Howard & Ruder 2018, arXiv:1801.06146).
///
///     features = [h_T ; max_t h_t ; (1/T) Σ_t h_t]
///
/// of each direction. Ties of the maximum go to the earlier step in reading order. An empty sequence has zeros.
public struct ConcatReadout: Readout {
  /// `concat`, its name in manifests and in the registry.
  public static let kind: ReadoutKind = "concat"
  /// The readout, which has no settings.
  public init() {}
  /// 3: last state, maximum and mean.
  public var summaryCount: Int { 3 }
  /// Keeps maximum, its step and sum of each sequence, `[sequences, outputSize]` each.
  public func makeSummary(outputSize: Int) -> any DirectionSummary { ConcatSummary(outputSize: outputSize) }
}

final class ConcatSummary: DirectionSummary {
  private let outputSize: Int
  private let last: LastStateSummary
  private let maximum = Matrix()
  private let sum = Matrix()
  private var maximumStep: [Int32] = []
  private var inverseLengths: [Float] = []
  private let maximumGradient = Matrix()
  private let meanGradient = Matrix()

  init(outputSize: Int) {
    self.outputSize = outputSize
    last = LastStateSummary(outputSize: outputSize)
  }

  func begin(_ layout: SequenceLayout, isRecording: Bool) {
    let batchSize = layout.batchSize
    maximum.reshape(rows: batchSize, columns: outputSize)
    maximum.pointer.update(repeating: -.infinity, count: maximum.count)
    sum.reshape(rows: batchSize, columns: outputSize)
    sum.setToZero()
    maximumStep = [Int32](repeating: -1, count: batchSize * outputSize)
  }

  func accumulate(_ output: Matrix, _ window: SummaryWindow, weights: ReadoutWeights) {
    let (layout, kernels) = (window.layout, weights.kernels)
    maximumStep.withUnsafeMutableBufferPointer { steps in
      guard let stepBase = steps.baseAddress else { return }
      for step in 0..<layout.timeSteps {
        let count = layout.liveRows[step] * outputSize
        let rows = output.row(layout.rowOffsets[step])
        kernels.add(rows, count: count, to: sum.pointer)
        kernels.keepMaximum(
          rows, position: Int32(truncatingIfNeeded: window.firstStep + step), count: count,
          best: maximum.pointer,
          index: stepBase)
      }
    }
  }

  func finish(
    lastOutput: Matrix, texts: TextPieces, into features: Matrix, columns: [Int], kernels: KernelSet
  ) {
    last.finish(
      lastOutput: lastOutput, texts: texts, into: features, columns: [columns[0]], kernels: kernels)
    inverseLengths = texts.lengths.map { $0 > 0 ? 1 / Float($0) : 0 }
    for (text, length) in texts.lengths.enumerated() {
      let pieces = texts[text]
      if pieces.count > 1 { join(pieces, kernels: kernels) }
      let first = pieces[pieces.startIndex]
      let target = features.row(text)
      for index in 0..<outputSize {
        target[columns[1] + index] = length > 0 ? maximum.row(first)[index] : 0
        target[columns[2] + index] = sum.row(first)[index] * inverseLengths[text]
      }
    }
  }

  /// Leaves maximum and sum of all pieces with the first, and each maximum's step with the piece that has it.
  private func join(_ pieces: ArraySlice<Int>, kernels: KernelSet) {
    let first = pieces[pieces.startIndex]
    var winners = [Int32](repeating: Int32(first), count: outputSize)
    winners.withUnsafeMutableBufferPointer { winners in
      guard let winners = winners.baseAddress else { return }
      for piece in pieces.dropFirst() {
        kernels.add(sum.row(piece), count: outputSize, to: sum.row(first))
        kernels.keepMaximum(
          maximum.row(piece), position: Int32(piece), count: outputSize, best: maximum.row(first),
          index: winners)
      }
    }
    for piece in pieces {
      for index in 0..<outputSize where winners[index] != Int32(piece) {
        maximumStep[piece * outputSize + index] = -1
      }
    }
  }

  func beginBackward(
    _ featureGradient: Matrix, texts: TextPieces, columns: [Int], lastOutputGradient: Matrix
  ) {
    last.beginBackward(
      featureGradient, texts: texts, columns: [columns[0]], lastOutputGradient: lastOutputGradient)
    maximumGradient.reshape(rows: maximum.rows, columns: outputSize)
    meanGradient.reshape(rows: maximum.rows, columns: outputSize)
    for text in 0..<texts.count {
      let gradient = featureGradient.row(text)
      for piece in texts[text] {
        for index in 0..<outputSize {
          maximumGradient.row(piece)[index] = gradient[columns[1] + index]
          meanGradient.row(piece)[index] = gradient[columns[2] + index] * inverseLengths[text]
        }
      }
    }
  }

  func writeOutputGradient(
    _ window: SummaryWindow, output: Matrix, weights: ReadoutWeights, gradients: inout ParameterSet,
    into outputGradient: Matrix
  ) -> Bool {
    let layout = window.layout
    maximumStep.withUnsafeBufferPointer { steps in
      for step in 0..<layout.timeSteps {
        let position = Int32(truncatingIfNeeded: window.firstStep + step)
        let count = layout.liveRows[step] * outputSize
        let target = outputGradient.row(layout.rowOffsets[step])
        // The rows of a step stand in the order of the batch, so one flat loop serves all its sequences.
        for index in 0..<count {
          target[index] =
            meanGradient.pointer[index] + (steps[index] == position ? maximumGradient.pointer[index] : 0)
        }
      }
    }
    return true
  }
}
