import RecurrentCells
import RecurrentNumerics

/// The last state h of each direction: the default.
///
/// Two directions join their two *last states*: the backward one's is the state after the text's first token.
public struct LastStateReadout: Readout {
  public static let kind: ReadoutKind = "last"
  public init() {}
  public var summaryCount: Int { 1 }
  public func makeSummary(outputSize: Int) -> any DirectionSummary {
    LastStateSummary(outputSize: outputSize)
  }
}

final class LastStateSummary: DirectionSummary {
  private let outputSize: Int

  init(outputSize: Int) { self.outputSize = outputSize }

  func begin(_ layout: SequenceLayout, isRecording: Bool) {}

  func accumulate(_ output: Matrix, _ window: SummaryWindow, weights: ReadoutWeights) {}

  func finish(lastOutput: Matrix, lengths: [Int], into features: Matrix, columns: [Int]) {
    for sequence in 0..<features.rows {
      (features.row(sequence) + columns[0]).update(from: lastOutput.row(sequence), count: outputSize)
    }
  }

  func beginBackward(_ featureGradient: Matrix, columns: [Int], lastOutputGradient: Matrix) {
    for sequence in 0..<featureGradient.rows {
      let gradient = featureGradient.row(sequence) + columns[0]
      let last = lastOutputGradient.row(sequence)
      for index in 0..<outputSize { last[index] += gradient[index] }
    }
  }

  func writeOutputGradient(
    _ window: SummaryWindow, output: Matrix, weights: ReadoutWeights, gradients: inout ParameterSet,
    into outputGradient: Matrix
  ) -> Bool { false }
}
