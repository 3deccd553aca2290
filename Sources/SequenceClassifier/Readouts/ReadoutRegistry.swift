import RecurrentCells

/// The readouts that a loader or a trainer knows: a value handed to it.
public struct ReadoutRegistry: Sendable {
  private var factories: [ReadoutKind: @Sendable () -> any Readout] = [:]

  /// A registry without readouts.
  public init() {}

  /// `last`, `concat` and `attention`.
  public static let standard: ReadoutRegistry = {
    var registry = ReadoutRegistry()
    registry.factories[LastStateReadout.kind] = { LastStateReadout() }
    registry.factories[ConcatReadout.kind] = { ConcatReadout() }
    registry.factories[AttentionReadout.kind] = { AttentionReadout() }
    return registry
  }()

  /// Adds a readout under its kind.
  public mutating func register<Kind: Readout>(_: Kind.Type) throws(RegistryError) {
    guard factories[Kind.kind] == nil else { throw .duplicate(Kind.kind.rawValue) }
    factories[Kind.kind] = { Kind() }
  }

  /// The kinds, sorted.
  public var kinds: [ReadoutKind] { factories.keys.sorted { $0.rawValue < $1.rawValue } }

  /// Makes the readout of `kind`.
  /// - Throws: `RegistryError.unknown`, with the kinds that there are.
  public func makeReadout(_ kind: ReadoutKind) throws(RegistryError) -> any Readout {
    guard let factory = factories[kind] else {
      throw .unknown(kind.rawValue, known: kinds.map(\.rawValue))
    }
    return factory()
  }
}
