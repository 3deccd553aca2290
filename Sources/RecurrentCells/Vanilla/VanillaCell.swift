import RecurrentNumerics

/// A vanilla (Elman) recurrent cell.
///
///     h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh),  φ = tanh or ReLU
///
/// `weight_ih` is `[hidden, input]`, `weight_hh` `[hidden, hidden]`, both biases `[hidden]`: PyTorch's. With ReLU,
/// `weight_hh` starts as the identity, so that states neither vanish nor grow at first (Le et al. 2015).
///
/// Cost: 2·hidden·(input + hidden) floating-point operations a token forward, three times that in training.
///
/// Elman 1990, doi:10.1207/s15516709cog1402_1; ReLU: Le, Jaitly, Hinton 2015, arXiv:1504.00941.
public struct VanillaCell: RecurrentCell {
  /// φ, what the sum of both products goes through.
  public enum Activation: String, Codable, CaseIterable, Sendable {
    /// From −1 to 1; h_t stays bounded.
    case tanh
    /// max(0, x); h_t has no upper bound.
    case relu
  }

  /// Hyper-parameters as a manifest's `cell.config` holds them.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Width of h_t.
    public var hidden: Int
    /// φ.
    public var activation: Activation

    /// - Parameter hidden: from 1 to `largestWidth`, which the cell checks.
    public init(hidden: Int, activation: Activation = .tanh) {
      self.hidden = hidden
      self.activation = activation
    }

    private enum CodingKeys: String, CodingKey { case hidden, activation }

    /// `activation` may be left out: `tanh`.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      hidden = try values.decode(Int.self, forKey: .hidden)
      activation = try values.decodeIfPresent(Activation.self, forKey: .activation) ?? .tanh
    }
  }

  /// `rnn`, its name in manifests and in the registry.
  public static let kind: CellKind = "rnn"
  /// One block of rows, which is no gate.
  public static let gates = ["hidden"]
  /// Width of x_t.
  public let inputSize: Int
  /// Width of h_t, and φ.
  public let configuration: Configuration

  /// - Parameter inputSize: width of x_t, from 1 to `largestWidth`.
  /// - Throws: `sizeOutOfRange` for a width, of x_t or of the state, outside these limits.
  public init(inputSize: Int, configuration: Configuration) throws(CellConfigurationError) {
    try checkWidth("input size", inputSize)
    try checkWidth("hidden", configuration.hidden)
    self.inputSize = inputSize
    self.configuration = configuration
  }

  /// h alone.
  public var stateSlots: [StateSlot] { [StateSlot("h", width: configuration.hidden)] }

  /// Starts: `weight_ih` Glorot's, `weight_hh` orthogonal or, with ReLU, the identity, biases 0.
  public var parameterSpecs: [ParameterSpec] {
    let specs = GatedProjection.specs(inputSize: inputSize, hiddenSize: configuration.hidden, gates: 1)
    guard configuration.activation == .relu else { return specs }
    return specs.map { spec in
      spec.name == "weight_hh" ? ParameterSpec(spec.name, shape: spec.shape, initialiser: .identity) : spec
    }
  }

  /// Copies the matrices, packed for `kernels`; `parameters` begin with those of `parameterSpecs`, unchecked.
  public func makeKernel(for parameters: ParameterSet, kernels: KernelSet) -> any CellKernel {
    VanillaKernel(
      GatedProjection(
        parameters, inputSize: inputSize, hiddenSize: configuration.hidden, gates: 1, kernels: kernels),
      activation: configuration.activation)
  }
}
