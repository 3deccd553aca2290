import RecurrentNumerics

/// The name of a cell in manifests and in the registry, for example `lstm`.
public struct CellKind: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }
  public var description: String { rawValue }

  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// What a recurrent cell *is*: its sizes, state and parameters. Immutable; holds no weights.
///
/// Stacking, direction, lengths, learned first states, dropout and readout live around the cell, once for all cells. A
/// cell of your own needs this protocol, a kernel (`CellKernel`, or `StepwiseKernel` for one step and its derivative)
/// and a `CellRegistry.register` call.
public protocol RecurrentCell: Sendable {
  /// Hyper-parameters, as the manifest's `cell.config` holds them.
  associatedtype Configuration: Codable & Hashable & Sendable
  /// Name in manifests and in the registry.
  static var kind: CellKind { get }
  /// What the rows of stacked weights are, in order, for the manifest: for example `["input", "forget", …]`.
  static var gates: [String] { get }
  /// - Throws: where the sizes or choices make no cell.
  init(inputSize: Int, configuration: Configuration) throws(CellConfigurationError)
  /// Width of x_t.
  var inputSize: Int { get }
  var configuration: Configuration { get }
  /// What is carried from step to step; slot 0 is the output h_t.
  var stateSlots: [StateSlot] { get }
  /// Names, shapes and first values. PyTorch's cell names and gate order where PyTorch has the cell: `weight_ih`,
  /// `weight_hh`, `bias_ih`, `bias_hh`.
  var parameterSpecs: [ParameterSpec] { get }
  /// Binds the cell to weights that match `parameterSpecs`, repacked as the kernel likes.
  func makeKernel(for parameters: ParameterSet, kernels: KernelSet) -> any CellKernel
}

extension RecurrentCell {
  /// Width of h_t.
  public var outputSize: Int { stateSlots[0].width }
}

/// A cell bound to its weights: the one code path for training, batched inference and streaming. Outside this package, conform to
/// `StepwiseKernel`, which makes the rest of one step.
///
/// A step has two parts. What depends on x_t alone, `project` computes for many rows in one product; `forward` adds what
/// depends on the state. Rows are in packed order (see `SequenceLayout`). State, tape and outputs belong to the caller,
/// so kernels are immutable, shared between threads, and allocate nothing in the time loop.
public protocol CellKernel: Sendable {
  /// Width of a row that `project` makes.
  var projectionWidth: Int { get }
  /// Width of each tape block: floats a row that `backward` needs beside input and output.
  var tapeWidths: [Int] { get }

  /// Computes what each step takes from x_t alone; for gated cells b + x_t W_ihᵀ.
  /// - Parameters:
  ///   - input: x_t, `[rows, inputSize]`.
  ///   - projection: already shaped, `[at least firstRow + rows, projectionWidth]`; rows from `firstRow` on are written.
  func project(_ input: Matrix, into projection: Matrix, firstRow: Int)

  /// Runs the window's steps.
  /// - Parameters:
  ///   - projection: what `project` made of x_t, for every row.
  ///   - state: s_0 on entry, each sequence's last state on return, `[batch, width]` a slot. A sequence without steps
  ///     in this window keeps its state.
  ///   - output: every h_t, `[rows, outputSize]`, already shaped.
  ///   - tape: written for `backward` where it is recording.
  func forward(
    _ projection: InputProjection, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape)

  /// Back-propagates through the window's steps, adding to `gradients` what does not come through the projection.
  /// - Parameters:
  ///   - outputGradient: ∂L/∂h_t, `[rows, outputSize]`; `nil` where only last states were read.
  ///   - stateGradient: ∂L/∂s_last on entry, ∂L/∂s_0 on return, `[batch, width]` a slot.
  ///   - output, tape: as `forward` left them; the tape is used up.
  ///   - projectionGradient: gets ∂L/∂(projection) of every row, `[rows, projectionWidth]`, already shaped.
  ///   - gradients: nobody reads them where the tape's `needsWeightGradients` is false.
  func backward(
    _ outputGradient: Matrix?, stateGradient: CellState, output: Matrix, _ layout: SequenceLayout, tape: Tape,
    projectionGradient: Matrix, gradients: inout ParameterSet)

  /// Back-propagates through `project`, adding to `gradients`. Rows that shared a projection come as one, their
  /// gradients summed.
  /// - Parameters:
  ///   - projectionGradient: ∂L/∂(projection), `[rows, projectionWidth]`.
  ///   - input: x of each row, `[rows, inputSize]`, as `project` had it.
  ///   - inputGradient: gets ∂L/∂x, `[rows, inputSize]`, already shaped.
  ///   - tape: for its scratch memory, and for `needsWeightGradients`.
  func projectBackward(
    _ projectionGradient: Matrix, input: Matrix, inputGradient: Matrix, tape: Tape,
    gradients: inout ParameterSet)
}

extension CellKernel {
  /// Projects the inputs of a window and runs its steps.
  public func run(
    _ input: Matrix, _ layout: SequenceLayout, state: CellState, output: Matrix, tape: Tape
  ) {
    let projection = Matrix(rows: input.rows, columns: projectionWidth)
    project(input, into: projection, firstRow: 0)
    forward(InputProjection(projection), layout, state: state, output: output, tape: tape)
  }

  /// Advances `state` by one step: a sequence of one step, never a second implementation.
  public func step(_ input: Matrix, state: CellState, output: Matrix, tape: Tape) {
    run(input, .singleStep(batchSize: input.rows), state: state, output: output, tape: tape)
  }
}

/// Why hyper-parameters make no cell.
public enum CellConfigurationError: Error, Equatable {
  case sizeOutOfRange(name: String, value: Int, allowed: ClosedRange<Int>)
  /// A choice that the cell does not have. For cells of your own: those of this package decode theirs as enums.
  case unsupported(name: String, value: String, known: [String])
}

extension CellConfigurationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .sizeOutOfRange(let name, let value, let allowed):
      "\(name) is \(value); it must be from \(allowed.lowerBound) to \(allowed.upperBound)"
    case .unsupported(let name, let value, let known):
      "\(name) is \"\(value)\"; it must be one of \(known.joined(separator: ", "))"
    }
  }
}

/// The largest width of an input, a state or an embedding, so that no product of sizes overflows.
public let largestWidth = 65_536

/// Refuses widths below 1 or above `largestWidth`.
func checkWidth(_ name: String, _ value: Int) throws(CellConfigurationError) {
  guard (1...largestWidth).contains(value) else {
    throw .sizeOutOfRange(name: name, value: value, allowed: 1...largestWidth)
  }
}
