import RecurrentCells
import RecurrentNumerics

/// Last state, maximum and mean over the valid steps, joined (Howard & Ruder 2018, arXiv:1801.06146).
///
///     features = [h_T ; max_t h_t ; (1/T) Σ_t h_t]
///
/// of each direction. Ties of the maximum go to the earlier step in reading order. An empty sequence has zeros.
public struct ConcatReadout: Readout {
  public static let kind: ReadoutKind = "concat"
  public init() {}
  public var summaryCount: Int { 3 }
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

  func finish(lastOutput: Matrix, lengths: [Int], into features: Matrix, columns: [Int]) {
    last.finish(lastOutput: lastOutput, lengths: lengths, into: features, columns: [columns[0]])
    inverseLengths = lengths.map { $0 > 0 ? 1 / Float($0) : 0 }
    for (sequence, length) in lengths.enumerated() {
      let target = features.row(sequence)
      for index in 0..<outputSize {
        target[columns[1] + index] = length > 0 ? maximum.row(sequence)[index] : 0
        target[columns[2] + index] = sum.row(sequence)[index] * inverseLengths[sequence]
      }
    }
  }

  func beginBackward(_ featureGradient: Matrix, columns: [Int], lastOutputGradient: Matrix) {
    last.beginBackward(featureGradient, columns: [columns[0]], lastOutputGradient: lastOutputGradient)
    maximumGradient.reshape(rows: featureGradient.rows, columns: outputSize)
    meanGradient.reshape(rows: featureGradient.rows, columns: outputSize)
    for sequence in 0..<featureGradient.rows {
      let gradient = featureGradient.row(sequence)
      for index in 0..<outputSize {
        maximumGradient.row(sequence)[index] = gradient[columns[1] + index]
        meanGradient.row(sequence)[index] = gradient[columns[2] + index] * inverseLengths[sequence]
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
