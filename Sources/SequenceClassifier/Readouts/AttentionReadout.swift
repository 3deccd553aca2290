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
  public static let kind: ReadoutKind = "attention"
  public init() {}
  public var summaryCount: Int { 2 }
  public var oldestEngine: String { EngineVersion.oldestAttentionReader }

  public func parameterSpecs(outputSize: Int) -> [ParameterSpec] {
    [
      ParameterSpec(
        "attention.weight", shape: [outputSize, outputSize], initialiser: .glorot(blocks: 1)),
      ParameterSpec("attention.bias", shape: [outputSize], initialiser: .zeros),
      ParameterSpec("attention.query", shape: [outputSize], initialiser: .glorot(blocks: 1)),
    ]
  }

  public func makeSummary(outputSize: Int) -> any DirectionSummary {
    AttentionSummary(outputSize: outputSize)
  }
}
