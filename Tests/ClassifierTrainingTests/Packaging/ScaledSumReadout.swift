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

  func finish(
    lastOutput: Matrix, texts: TextPieces, into features: Matrix, columns: [Int], kernels: KernelSet
  ) {
    for text in 0..<texts.count {
      for index in 0..<outputSize {
        let sum = texts[text].reduce(0) { $0 + sums[$1][index] }
        features[text, columns[0] + index] = (1 + scale[index]) * sum
      }
    }
  }

  func beginBackward(
    _ featureGradient: Matrix, texts: TextPieces, columns: [Int], lastOutputGradient: Matrix
  ) {
    sumGradients = [[Float]](repeating: [], count: sums.count)
    for text in 0..<texts.count {
      let gradient = (0..<outputSize).map { featureGradient[text, columns[0] + $0] }
      for piece in texts[text] { sumGradients[piece] = gradient }
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
