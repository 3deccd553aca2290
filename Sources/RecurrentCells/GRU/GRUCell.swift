import RecurrentNumerics

/// Where the reset gate multiplies.
public enum ResetPlacement: String, Codable, CaseIterable, Sendable {
  /// n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn)): after the recurrent product, as PyTorch and cuDNN do.
  case after
  /// n = tanh(W_in x + b_in + W_hn (r ⊙ h) + b_hn): before it, as in Cho et al. 2014.
  case before
}

/// A gated recurrent unit with either placement of the reset gate.
///
///     r, z = σ(W_i{r,z} x_t + b_i{r,z} + W_h{r,z} h_{t-1} + b_h{r,z})    reset and update gate
///     n    = tanh(…)                                                    candidate, see `ResetPlacement`
///     h_t  = (1 − z) ⊙ n + z ⊙ h_{t-1}
///
/// `weight_ih` is `[3·hidden, input]`, `weight_hh` `[3·hidden, hidden]`, both biases `[3·hidden]`; rows in the order
/// r, z, n: PyTorch's.
///
/// Cost: 6·hidden·(input + hidden) floating-point operations a token forward, three times that in training. `before`
/// needs two products in series each step, so `after` is faster.
///
/// Cho et al. 2014, arXiv:1406.1078.
public struct GRUCell: RecurrentCell {
  /// Hyper-parameters as a manifest's `cell.config` holds them.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Width of h_t.
    public var hidden: Int
    /// Where the reset gate multiplies.
    public var reset: ResetPlacement

    /// - Parameter hidden: from 1 to `largestWidth`, which the cell checks.
    public init(hidden: Int, reset: ResetPlacement = .after) {
      self.hidden = hidden
      self.reset = reset
    }

    private enum CodingKeys: String, CodingKey { case hidden, reset }

    /// `reset` may be left out: `after`.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      hidden = try values.decode(Int.self, forKey: .hidden)
      reset = try values.decodeIfPresent(ResetPlacement.self, forKey: .reset) ?? .after
    }
  }

  /// `gru`, its name in manifests and in the registry.
  public static let kind: CellKind = "gru"
  /// r, z and n, which manifests call `new`.
  public static let gates = ["reset", "update", "new"]
  /// Width of x_t.
  public let inputSize: Int
  /// Width of h_t, and where r multiplies.
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

  /// Starts: `weight_ih` Glorot's and `weight_hh` orthogonal, block by block; biases 0.
  public var parameterSpecs: [ParameterSpec] {
    GatedProjection.specs(inputSize: inputSize, hiddenSize: configuration.hidden, gates: 3)
  }

  /// Copies the matrices, packed for `kernels`; `parameters` begin with those of `parameterSpecs`, unchecked.
  /// `before` and `after` have kernels of their own.
  public func makeKernel(for parameters: ParameterSet, kernels: KernelSet) -> any CellKernel {
    let projection = GatedProjection(
      parameters, inputSize: inputSize, hiddenSize: configuration.hidden, gates: 3, kernels: kernels)
    return switch configuration.reset {
    case .after: GRUResetAfterKernel(projection)
    case .before: GRUResetBeforeKernel(projection, parameters)
    }
  }
}
