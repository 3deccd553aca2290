import RecurrentCells
import RecurrentNumerics

/// A minimal gated unit, written as someone outside the project would: one gate that both forgets and renews.
///
///     f_t = σ(W_f x_t + U_f h_{t-1} + b_f)
///     n_t = tanh(W_n x_t + U_n (f_t ⊙ h_{t-1}) + b_n)
///     h_t = (1 − f_t) ⊙ h_{t-1} + f_t ⊙ n_t
///
/// `weight_ih` is `[2·hidden, input]`, `weight_hh` `[2·hidden, hidden]`, `bias` `[2·hidden]`, rows in the order f, n.
///
/// Zhou, Wu, Zhang, Zhou 2016, arXiv:1603.09420.
struct MinimalGatedCell: RecurrentCell {
  struct Configuration: Codable, Hashable, Sendable {
    var hidden: Int
  }

  static let kind: CellKind = "mgu"
  static let gates = ["forget", "new"]
  static let largestHidden = 4_096
  let inputSize: Int
  let configuration: Configuration

  init(inputSize: Int, configuration: Configuration) throws(CellConfigurationError) {
    guard (1...Self.largestHidden).contains(configuration.hidden) else {
      throw .sizeOutOfRange(name: "hidden", value: configuration.hidden, allowed: 1...Self.largestHidden)
    }
    self.inputSize = inputSize
    self.configuration = configuration
  }

  var stateSlots: [StateSlot] { [StateSlot("h", width: configuration.hidden)] }

  var parameterSpecs: [ParameterSpec] {
    let hidden = configuration.hidden
    return [
      ParameterSpec("weight_ih", shape: [2 * hidden, inputSize], initialiser: .glorot(blocks: 2)),
      ParameterSpec("weight_hh", shape: [2 * hidden, hidden], initialiser: .orthogonal(blocks: 2)),
      ParameterSpec("bias", shape: [2 * hidden], initialiser: .zeros),
    ]
  }

  func makeKernel(for parameters: ParameterSet, kernels: KernelSet) -> any CellKernel {
    MinimalGatedKernel(parameters, inputSize: inputSize, hidden: configuration.hidden, slots: stateSlots)
  }
}

/// A registry with the example beside the project's own cells.
func registryWithExample() throws -> CellRegistry {
  var cells = CellRegistry.standard
  try cells.register(MinimalGatedCell.self)
  return cells
}
