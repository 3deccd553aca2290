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
  /// Working memory for one direction of one pass.
  func makeSummary(outputSize: Int) -> any DirectionSummary
}

/// The summaries of one direction, gathered window by window, and their derivative.
///
/// Steps count in the direction's own reading order.
public protocol DirectionSummary: AnyObject {
  /// Starts a batch.
  func begin(batchSize: Int)
  /// Reads the outputs of a window, `[rows, outputSize]`, whose first step is `firstStep`.
  func accumulate(_ output: Matrix, _ layout: SequenceLayout, firstStep: Int, kernels: KernelSet)
  /// Writes the summaries into `features`, summary k at column `columns[k]`.
  /// - Parameter lastOutput: h at each sequence's last step, `[batch, outputSize]`.
  func finish(lastOutput: Matrix, lengths: [Int], into features: Matrix, columns: [Int])
  /// Takes ∂L/∂features, and adds what belongs to the last output to `lastOutputGradient` `[batch, outputSize]`.
  func beginBackward(_ featureGradient: Matrix, columns: [Int], lastOutputGradient: Matrix)
  /// Writes ∂L/∂h_t of a window into `outputGradient`, already shaped; false where it is zero throughout.
  func writeOutputGradient(_ layout: SequenceLayout, firstStep: Int, into outputGradient: Matrix) -> Bool
}

/// The readouts that a loader or a trainer knows: a value handed to it.
public struct ReadoutRegistry: Sendable {
  private var factories: [ReadoutKind: @Sendable () -> any Readout] = [:]

  /// A registry without readouts.
  public init() {}

  /// `last` and `concat`.
  public static let standard: ReadoutRegistry = {
    var registry = ReadoutRegistry()
    registry.factories[LastStateReadout.kind] = { LastStateReadout() }
    registry.factories[ConcatReadout.kind] = { ConcatReadout() }
    return registry
  }()

  /// Adds a readout under its kind.
  public mutating func register<Kind: Readout>(_: Kind.Type) throws(RegistryError) {
    guard factories[Kind.kind] == nil else { throw .duplicate(Kind.kind.rawValue) }
    factories[Kind.kind] = { Kind() }
  }

  /// The kinds, sorted.
  public var kinds: [ReadoutKind] { factories.keys.sorted { $0.rawValue < $1.rawValue } }

  public func makeReadout(_ kind: ReadoutKind) throws(RegistryError) -> any Readout {
    guard let factory = factories[kind] else {
      throw .unknown(kind.rawValue, known: kinds.map(\.rawValue))
    }
    return factory()
  }
}
