import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// A readout as another package would write it: (1 + s) ⊙ Σ_t h_t, with s learned.
struct ScaledSumReadout: Readout {
  static let kind: ReadoutKind = "scaled-sum"
  var summaryCount: Int { 1 }

  func parameterSpecs(outputSize: Int) -> [ParameterSpec] {
    [ParameterSpec("scale", shape: [outputSize], initialiser: .zeros)]
  }

  func makeSummary(outputSize: Int) -> any DirectionSummary { ScaledSumSummary(outputSize: outputSize) }
}

final class ScaledSumSummary: DirectionSummary {
  private let outputSize: Int
  private var sums: [[Float]] = []
  private var scale: [Float] = []
  private var sumGradients: [[Float]] = []

  init(outputSize: Int) { self.outputSize = outputSize }

  func begin(_ layout: SequenceLayout, isRecording: Bool) {
    sums = layout.lengths.map { _ in [Float](repeating: 0, count: outputSize) }
  }

  func accumulate(_ output: Matrix, _ window: SummaryWindow, weights: ReadoutWeights) {
    scale = Array(weights.parameters["scale"])
    for step in 0..<window.layout.timeSteps {
      for sequence in 0..<window.layout.liveRows[step] {
        let row = output.rowValues(window.layout.rowOffsets[step] + sequence)
        for index in 0..<outputSize { sums[sequence][index] += row[index] }
      }
    }
  }

  func finish(lastOutput: Matrix, lengths: [Int], into features: Matrix, columns: [Int]) {
    for (sequence, sum) in sums.enumerated() {
      for index in 0..<outputSize { features[sequence, columns[0] + index] = (1 + scale[index]) * sum[index] }
    }
  }

  func beginBackward(_ featureGradient: Matrix, columns: [Int], lastOutputGradient: Matrix) {
    sumGradients = (0..<featureGradient.rows).map { sequence in
      (0..<outputSize).map { featureGradient[sequence, columns[0] + $0] }
    }
  }

  func writeOutputGradient(
    _ window: SummaryWindow, output: Matrix, weights: ReadoutWeights, gradients: inout ParameterSet,
    into outputGradient: Matrix
  ) -> Bool {
    for step in 0..<window.layout.timeSteps {
      for sequence in 0..<window.layout.liveRows[step] {
        let row = window.layout.rowOffsets[step] + sequence
        for index in 0..<outputSize {
          gradients.values[index] += sumGradients[sequence][index] * output[row, index]
          outputGradient[row, index] = (1 + scale[index]) * sumGradients[sequence][index]
        }
      }
    }
    return true
  }
}
