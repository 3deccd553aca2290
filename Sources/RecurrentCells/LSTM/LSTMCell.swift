import RecurrentNumerics

/// A long short-term memory cell with a forget gate, without peepholes or projection.
///
///     a       = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh, rows split into a_i, a_f, a_g, a_o
///     i, f, o = σ(a_i), σ(a_f), σ(a_o)    input, forget and output gate
///     g       = tanh(a_g)                 candidate
///     c_t     = f ⊙ c_{t-1} + i ⊙ g
///     h_t     = o ⊙ tanh(c_t)
///
/// `weight_ih` is `[4·hidden, input]`, `weight_hh` `[4·hidden, hidden]`, both biases `[4·hidden]`; rows in the order
/// i, f, g, o: PyTorch's. The first forget bias is 1 and lies *in* `bias_ih`: nothing is added at run time.
///
/// Cost: 8·hidden·(input + hidden) floating-point operations a token forward, three times that in training.
///
/// Hochreiter & Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735; forget gate: Gers et al. 2000,
/// doi:10.1162/089976600300015015; its bias: Jozefowicz et al. 2015.
public struct LSTMCell: RecurrentCell {
  /// Hyper-parameters as a manifest's `cell.config` holds them.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Width of h_t and c_t.
    public var hidden: Int

    /// - Parameter hidden: from 1 to `largestWidth`, which the cell checks.
    public init(hidden: Int) { self.hidden = hidden }
  }

  /// `lstm`, its name in manifests and in the registry.
  public static let kind: CellKind = "lstm"
  /// i, f, g and o, in manifests' words.
  public static let gates = ["input", "forget", "candidate", "output"]
  /// Width of x_t.
  public let inputSize: Int
  /// Width of h_t and c_t.
  public let configuration: Configuration

  /// - Parameter inputSize: width of x_t, from 1 to `largestWidth`.
  /// - Throws: `sizeOutOfRange` for a width, of x_t or of the state, outside these limits.
  public init(inputSize: Int, configuration: Configuration) throws(CellConfigurationError) {
    try checkWidth("input size", inputSize)
    try checkWidth("hidden", configuration.hidden)
    self.inputSize = inputSize
    self.configuration = configuration
  }

  /// h, then c.
  public var stateSlots: [StateSlot] {
    [StateSlot("h", width: configuration.hidden), StateSlot("c", width: configuration.hidden)]
  }

  /// Starts: `weight_ih` Glorot's and `weight_hh` orthogonal, by blocks; biases 0, but 1 for f in `bias_ih`.
  public var parameterSpecs: [ParameterSpec] {
    GatedProjection.specs(
      inputSize: inputSize, hiddenSize: configuration.hidden, gates: 4,
      inputBias: .blockConstant(block: 1, blocks: 4, value: 1))
  }

  /// Copies the matrices, packed for `kernels`; `parameters` begin with those of `parameterSpecs`, unchecked.
  public func makeKernel(for parameters: ParameterSet, kernels: KernelSet) -> any CellKernel {
    LSTMKernel(
      GatedProjection(
        parameters, inputSize: inputSize, hiddenSize: configuration.hidden, gates: 4, kernels: kernels))
  }
}
