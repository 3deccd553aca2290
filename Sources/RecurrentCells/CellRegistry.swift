/// The cells that a loader or a trainer knows: a value handed to it, never a global.
///
/// ```swift
/// var cells = CellRegistry.standard
/// try cells.register(MyCell.self)
/// let classifier = try Classifier(contentsOfFile: path, cells: cells)
/// ```
public struct CellRegistry: Sendable {
  private var factories: [CellKind: @Sendable (Int, any Decoder) throws -> any RecurrentCell] = [:]

  /// A registry without cells.
  public init() {}

  /// `rnn`, `lstm` and `gru`.
  public static let standard: CellRegistry = {
    var registry = CellRegistry()
    registry.add(VanillaCell.self)
    registry.add(LSTMCell.self)
    registry.add(GRUCell.self)
    return registry
  }()

  /// Adds a cell under its kind.
  /// - Throws: `RegistryError.duplicate` where the kind is taken.
  public mutating func register<Cell: RecurrentCell>(_ cell: Cell.Type) throws(RegistryError) {
    guard factories[Cell.kind] == nil else { throw .duplicate(Cell.kind.rawValue) }
    add(cell)
  }

  private mutating func add<Cell: RecurrentCell>(_: Cell.Type) {
    factories[Cell.kind] = { inputSize, decoder in
      try Cell(inputSize: inputSize, configuration: Cell.Configuration(from: decoder))
    }
  }

  /// The kinds, sorted.
  public var kinds: [CellKind] { factories.keys.sorted { $0.rawValue < $1.rawValue } }

  /// Makes the cell of `kind` from its encoded configuration.
  /// - Throws: `RegistryError.unknown`, `CellConfigurationError`, or what the decoder throws.
  public func makeCell(_ kind: CellKind, inputSize: Int, configuration: any Decoder) throws
    -> any RecurrentCell
  {
    guard let factory = factories[kind] else {
      throw RegistryError.unknown(kind.rawValue, known: kinds.map(\.rawValue))
    }
    return try factory(inputSize, configuration)
  }
}
