import RecurrentNumerics

/// What a recurrent cell *is*: its sizes, state and parameters. Immutable; holds no weights.
///
/// Stacking, direction, lengths, learned first states, dropout and readout live around the cell, once for all cells. A
/// cell of your own needs this protocol, a kernel that conforms to `StepwiseKernel` (one step and its derivative), and a
/// `CellRegistry.register` call.
public protocol RecurrentCell: Sendable {
  /// Hyper-parameters, as the manifest's `cell.config` holds them. For training from a configuration one of them is an integer
  /// `hidden`, the width of h_t, which `model.hidden` gives.
  associatedtype Configuration: Codable & Hashable & Sendable
  /// Name in manifests and in the registry.
  static var kind: CellKind { get }
  /// What the rows of stacked weights are, in order, for the manifest: for example `["input", "forget", …]`.
  static var gates: [String] { get }
  /// - Throws: where the sizes or choices make no cell.
  init(inputSize: Int, configuration: Configuration) throws(CellConfigurationError)
  /// Width of x_t.
  var inputSize: Int { get }
  /// The hyper-parameters that it was made with.
  var configuration: Configuration { get }
  /// What is carried from step to step; slot 0 is the output h_t.
  var stateSlots: [StateSlot] { get }
  /// Names, shapes and first values. PyTorch's cell names and gate order where PyTorch has the cell: `weight_ih`,
  /// `weight_hh`, `bias_ih`, `bias_hh`. Matrices whose names begin with `weight` become integers in packages of 8 bits.
  var parameterSpecs: [ParameterSpec] { get }
  /// Binds the cell to weights that match `parameterSpecs`, repacked as the kernel likes. A `StepwiseKernel` multiplies in
  /// `Float`, whatever the precision of `kernels` is.
  func makeKernel(for parameters: ParameterSet, kernels: KernelSet) -> any CellKernel
}

extension RecurrentCell {
  /// Width of h_t.
  public var outputSize: Int { stateSlots[0].width }
}

/// The largest width of an input, a state or an embedding, so that no product of sizes overflows.
public let largestWidth = 65_536

/// Refuses widths below 1 or above `largestWidth`.
func checkWidth(_ name: String, _ value: Int) throws(CellConfigurationError) {
  guard (1...largestWidth).contains(value) else {
    throw .sizeOutOfRange(name: name, value: value, allowed: 1...largestWidth)
  }
}
