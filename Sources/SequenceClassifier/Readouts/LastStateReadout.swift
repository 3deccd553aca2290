import RecurrentCells
import RecurrentNumerics

/// The last state h of each direction: the default.
///
/// Two directions join their two *last states*: the backward one's is the state after the text's first token.
public struct LastStateReadout: Readout {
  /// `last`, its name in manifests and in the registry.
  public static let kind: ReadoutKind = "last"
  /// The readout, which has no settings.
  public init() {}
  /// 1: the last state.
  public var summaryCount: Int { 1 }
  /// Keeps nothing: the last outputs are handed to it.
  public func makeSummary(outputSize: Int) -> any DirectionSummary {
    LastStateSummary(outputSize: outputSize)
  }
}

final class LastStateSummary: DirectionSummary {
  private let outputSize: Int

  init(outputSize: Int) { self.outputSize = outputSize }

  func begin(_ layout: SequenceLayout, isRecording: Bool) {}

  func accumulate(_ output: Matrix, _ window: SummaryWindow, weights: ReadoutWeights) {}

  func finish(
    lastOutput: Matrix, texts: TextPieces, into features: Matrix, columns: [Int], kernels: KernelSet
  ) {
    for text in 0..<texts.count {
      (features.row(text) + columns[0]).update(from: lastOutput.row(texts.last(text)), count: outputSize)
    }
  }

  func beginBackward(
    _ featureGradient: Matrix, texts: TextPieces, columns: [Int], lastOutputGradient: Matrix
  ) {
    for text in 0..<texts.count {
      let gradient = featureGradient.row(text) + columns[0]
      let last = lastOutputGradient.row(texts.last(text))
      for index in 0..<outputSize { last[index] += gradient[index] }
    }
  }

  func writeOutputGradient(
    _ window: SummaryWindow, output: Matrix, weights: ReadoutWeights, gradients: inout ParameterSet,
    into outputGradient: Matrix
  ) -> Bool { false }
}
