import ModelPackage
import RecurrentCells
import RecurrentNumerics
import StrictJSON

/// A network's shape as plain choices: what a configuration asks for and a manifest records.
public struct NetworkDescription: Sendable, Equatable {
  /// Width of word vectors: `embedding.dim` of a manifest's `model`.
  public var embeddingSize: Int
  /// `encoder.cell.id`; only a registry says whether there is such a cell.
  public var cell: CellKind
  /// The cell's own configuration, as JSON.
  public var cellConfiguration: JSONValue
  /// Levels, 1 or more: `encoder.layers`.
  public var layers: Int
  /// Which way every level reads: `encoder.direction`.
  public var direction: ReadingDirection
  /// What every layer starts from: `encoder.initialState`.
  public var initialState: InitialState
  /// `readout.type`; only a registry says whether there is such a readout.
  public var readout: ReadoutKind
  /// How the cells run over a text: `encoder.running`, `continuous` by default.
  public var running: Running

  /// Choices as given; `makeNetwork` refuses those that make no network.
  public init(
    embeddingSize: Int, cell: CellKind, cellConfiguration: JSONValue, layers: Int,
    direction: ReadingDirection,
    initialState: InitialState, readout: ReadoutKind, running: Running = .continuous
  ) {
    self.embeddingSize = embeddingSize
    self.cell = cell
    self.cellConfiguration = cellConfiguration
    self.layers = layers
    self.direction = direction
    self.initialState = initialState
    self.readout = readout
    self.running = running
  }

  /// The description in a manifest.
  public init(_ model: Manifest.Model) throws(ClassifierLoadError) {
    let cell = model.encoder.cell
    guard cell.version == 1 else { throw .cellVersion(cell.id, version: cell.version, newest: 1) }
    if let merge = model.encoder.merge, merge != .concat {
      throw .unsupported(field: "model.encoder.merge", value: merge.rawValue, known: ["concat"])
    }
    if let clip = model.encoder.cellClip {
      throw .unsupported(field: "model.encoder.cellClip", value: "\(clip)", known: ["null"])
    }
    if let hidden = model.readout.hidden, !hidden.isEmpty {
      throw .unsupported(field: "model.readout.hidden", value: "\(hidden)", known: ["[]"])
    }
    guard model.output.activation == "softmax" else {
      throw .unsupported(field: "model.output.activation", value: model.output.activation, known: ["softmax"])
    }
    self.init(
      embeddingSize: model.embedding.dim, cell: CellKind(rawValue: cell.id), cellConfiguration: cell.config,
      layers: model.encoder.layers,
      direction: ReadingDirection(model.encoder.direction),
      initialState: InitialState(model.encoder.initialState),
      readout: ReadoutKind(rawValue: model.readout.type), running: try Running(model.encoder.running))
  }

  /// The network of this description, with cells and readouts from the registries.
  public func makeNetwork(
    vocabularySize: Int, labelCount: Int, cells: CellRegistry, readouts: ReadoutRegistry
  ) throws(ClassifierLoadError) -> RecurrentNetwork {
    guard layers >= 1 else { throw .layers(found: layers) }
    let readout: any Readout
    do {
      readout = try readouts.makeReadout(self.readout)
    } catch {
      throw .unknownReadout(self.readout.rawValue, known: readouts.kinds.map(\.rawValue))
    }
    guard cells.kinds.contains(cell) else {
      throw .unknownCell(cell.rawValue, known: cells.kinds.map(\.rawValue))
    }
    do {
      let decoder = try JSONValueDecoder().decode(DecoderAccess.self, from: cellConfiguration).decoder
      return try RecurrentNetwork(
        vocabularySize: vocabularySize, embeddingSize: embeddingSize, layers: layers, direction: direction,
        initialState: initialState, readout: readout, labelCount: labelCount, running: running
      ) { try cells.makeCell(cell, inputSize: $0, configuration: decoder) }
    } catch {
      throw .cellConfiguration("\(error)")
    }
  }
}

/// Hands out the decoder of a value, for a registry that decodes a type this module does not know.
private struct DecoderAccess: Decodable {
  let decoder: any Decoder
  init(from decoder: any Decoder) { self.decoder = decoder }
}

extension RecurrentNetwork {
  /// The `encoder` part of a manifest.
  package func manifestEncoder() throws -> Manifest.Encoder {
    Manifest.Encoder(
      cell: try manifestCell(), layers: levels.count, direction: direction.manifest, merge: .concat,
      initialState: levels[0][0].initialState.manifest, running: running.manifest)
  }

  /// The `encoder.cell` part of a manifest.
  package func manifestCell() throws -> Manifest.Cell {
    func encode<Cell: RecurrentCell>(_ cell: Cell) throws -> Manifest.Cell {
      Manifest.Cell(
        id: Cell.kind.rawValue, config: try JSONValueEncoder().encode(cell.configuration), gates: Cell.gates,
        biases: cell.parameterSpecs.contains { $0.name == "bias_hh" } ? "split" : nil)
    }
    return try encode(levels[0][0].cell)
  }
}

extension ReadingDirection {
  fileprivate init(_ manifest: Manifest.Encoder.Direction) {
    self =
      switch manifest {
      case .forward: .forward
      case .backward: .backward
      case .both: .both
      }
  }

  fileprivate var manifest: Manifest.Encoder.Direction {
    switch self {
    case .forward: .forward
    case .backward: .backward
    case .both: .both
    }
  }
}

extension InitialState {
  fileprivate init(_ manifest: Manifest.Encoder.InitialState) {
    self =
      switch manifest {
      case .zero: .zero
      case .learned: .learned
      }
  }

  fileprivate var manifest: Manifest.Encoder.InitialState {
    switch self {
    case .zero: .zero
    case .learned: .learned
    }
  }
}
