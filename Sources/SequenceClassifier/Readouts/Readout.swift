import ModelPackage
import RecurrentNumerics

/// How the outputs of the top layer become the features that the logits are linear in.
///
/// A readout makes `summaryCount` vectors of each direction. Features are `[batch, summaryCount · directions ·
/// outputSize]`: summary by summary, and within one the directions side by side.
public protocol Readout: Sendable {
  /// Name in manifests and in the registry.
  static var kind: ReadoutKind { get }
  /// A readout has no settings: a manifest gives its kind alone.
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
  /// None: most readouts learn nothing of their own.
  public func parameterSpecs(outputSize: Int) -> [ParameterSpec] { [] }
  /// 1.0, the oldest engine there is.
  public var oldestEngine: String { EngineVersion.oldestReader }
}
