import ModelPackage
import RecurrentCells
import RecurrentNumerics

/// The name of a readout in manifests and in the registry, for example `concat`.
public struct ReadoutKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }
  public var description: String { rawValue }
}

/// How the outputs of the top layer become the features that the logits are linear in.
///
/// A readout makes `summaryCount` vectors of each direction. Features are `[batch, summaryCount · directions ·
/// outputSize]`: summary by summary, and within one the directions side by side.
public protocol Readout: Sendable {
  static var kind: ReadoutKind { get }
  init()
  /// Vectors of width `outputSize` for each direction.
  var summaryCount: Int { get }
  /// What one direction learns; none by default.
  ///
  /// Packages hold them as `readout.<name>`, with the suffix `_reverse` for the direction that reads from the end. A
  /// matrix `[rows, columns]` whose name's last part starts with `weight` may be stored as 8-bit integers.
  func parameterSpecs(outputSize: Int) -> [ParameterSpec]
  /// The oldest engine that has the readout.
  var oldestEngine: String { get }
  /// Working memory for one direction of one pass.
  func makeSummary(outputSize: Int) -> any DirectionSummary
}

extension Readout {
  public func parameterSpecs(outputSize: Int) -> [ParameterSpec] { [] }
  public var oldestEngine: String { EngineVersion.oldestReader }
}

/// Adjacent steps of one direction whose outputs a summary reads together.
///
/// Steps and rows count in the direction's own reading order.
public struct SummaryWindow: Sendable {
  /// Of these steps alone.
  public let layout: SequenceLayout
  /// The first step's number in the whole batch.
  public let firstStep: Int
  /// The first row's number among the rows of the whole batch.
  public let firstRow: Int

  public init(layout: SequenceLayout, firstStep: Int, firstRow: Int) {
    self.layout = layout
    self.firstStep = firstStep
    self.firstRow = firstRow
  }
}

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
