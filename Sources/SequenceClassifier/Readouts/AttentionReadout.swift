import ModelPackage
import RecurrentCells
import RecurrentNumerics

/// Last state, and the mean of all states weighted by learned attention (Yang 2016, N16-1174; Lin 2017,
/// arXiv:1703.03130; additive scores after Bahdanau 2015, arXiv:1409.0473).
///
///     u_t      = tanh(A h_t + b)
///     e_t      = q · u_t
///     α        = softmax(e) over the valid steps
///     features = [h_T ; Σ_t α_t h_t]
///
/// of each direction, with A `[outputSize, outputSize]`, b and q `[outputSize]` of its own. An empty sequence has zeros
/// for the sum. In packages A is `readout.attention.weight`, b `readout.attention.bias`, q `readout.attention.query`.
public struct AttentionReadout: Readout {
  /// `attention`, its name in manifests and in the registry.
  public static let kind: ReadoutKind = "attention"
  /// The readout, which has no settings.
  public init() {}
  /// 2: last state and attended sum.
  public var summaryCount: Int { 2 }
  /// 1.2, the first with attention.
  public var oldestEngine: String { EngineVersion.oldestAttentionReader }

  /// A, b and q of one direction.
  public func parameterSpecs(outputSize: Int) -> [ParameterSpec] {
    [
      ParameterSpec(
        "attention.weight", shape: [outputSize, outputSize], initialiser: .glorot(blocks: 1)),
      ParameterSpec("attention.bias", shape: [outputSize], initialiser: .zeros),
      ParameterSpec("attention.query", shape: [outputSize], initialiser: .glorot(blocks: 1)),
    ]
  }

  /// Keeps the sums of each sequence, and u of a window's rows: of all rows where a way back follows.
  public func makeSummary(outputSize: Int) -> any DirectionSummary {
    AttentionSummary(outputSize: outputSize)
  }
}
