import RecurrentCells
import RecurrentNumerics

/// The summaries of one direction, gathered window by window, and their derivative.
///
/// A sequence is a text, or a piece of one where texts are chopped.
/// However a text's steps are cut into windows, its summaries must be the same bits.
public protocol DirectionSummary: AnyObject {
  /// Starts a batch.
  /// - Parameter isRecording: whether a way back will follow.
  func begin(_ layout: SequenceLayout, isRecording: Bool)
  /// Reads the outputs of a window, `[rows, outputSize]`.
  func accumulate(_ output: Matrix, _ window: SummaryWindow, weights: ReadoutWeights)
  /// Joins the summaries of a text's pieces, in reading order, and writes them into `features`, `[texts, …]`, summary k
  /// at column `columns[k]`.
  /// - Parameter lastOutput: h at each sequence's last step, `[sequences, outputSize]`.
  func finish(
    lastOutput: Matrix, texts: TextPieces, into features: Matrix, columns: [Int], kernels: KernelSet)
  /// Takes ∂L/∂features, `[texts, …]`, and adds what belongs to the last output to `lastOutputGradient`
  /// `[sequences, outputSize]`.
  func beginBackward(
    _ featureGradient: Matrix, texts: TextPieces, columns: [Int], lastOutputGradient: Matrix)
  /// Writes ∂L/∂h_t of a window into `outputGradient`, already shaped; false where it is zero throughout.
  /// - Parameters:
  ///   - output: as `accumulate` had it.
  ///   - gradients: of this direction's parameters, to add to.
  func writeOutputGradient(
    _ window: SummaryWindow, output: Matrix, weights: ReadoutWeights, gradients: inout ParameterSet,
    into outputGradient: Matrix
  ) -> Bool
}
