import ModelPackage
import RecurrentCells
import RecurrentNumerics
import StrictJSON

/// The shape of a classifier between token ids and logits: embedding → recurrent layers → readout. Holds no weights.
public struct RecurrentNetwork: Sendable {
  /// Rows of the embedding.
  public let vocabularySize: Int
  /// Width of an embedded word, which level 0 reads.
  public let embeddingSize: Int
  /// Level by level; each level has one layer a direction.
  public let levels: [[RecurrentLayer]]
  /// How texts are read, at every level.
  public let direction: ReadingDirection
  /// What makes features of the top level's outputs.
  public let readout: any Readout
  /// Width of the logits.
  public let labelCount: Int
  /// At every level.
  public let running: Running
  /// The same for networks that can share working memory.
  let shape: String

  /// - Parameters:
  ///   - layers: at least 1.
  ///   - makeCell: makes a cell for an input width; called once a level.
  /// - Throws: what `makeCell` throws.
  public init(
    vocabularySize: Int, embeddingSize: Int, layers: Int, direction: ReadingDirection,
    initialState: InitialState,
    readout: any Readout, labelCount: Int, running: Running = .continuous,
    makeCell: (_ inputSize: Int) throws -> any RecurrentCell
  ) throws {
    precondition(layers >= 1, "a network of \(layers) layers")
    self.vocabularySize = vocabularySize
    self.embeddingSize = embeddingSize
    self.direction = direction
    self.readout = readout
    self.labelCount = labelCount
    self.running = running
    var levels: [[RecurrentLayer]] = []
    var inputSize = embeddingSize
    for level in 0..<layers {
      let cell = try makeCell(inputSize)
      levels.append(
        direction.reversals.map {
          RecurrentLayer(cell: cell, level: level, isReversed: $0, initialState: initialState)
        })
      inputSize = cell.outputSize * direction.reversals.count
    }
    self.levels = levels
    let cells = levels.joined().map {
      "\(type(of: $0.cell).kind) \($0.cell.inputSize) \($0.cell.stateSlots.map(\.width))"
    }
    shape =
      "\(vocabularySize) \(embeddingSize) \(direction) \(running) \(type(of: readout)) \(labelCount) \(cells)"
  }

  /// Width of h_t of one direction of the top level.
  public var outputSize: Int { levels.last?.first?.cell.outputSize ?? 0 }
  /// 1 or 2.
  public var directionCount: Int { direction.reversals.count }
  /// Whether a direction reads texts from their ends.
  var readsBackwards: Bool { direction != .forward }
  /// Width of the features that the readout makes.
  public var featureSize: Int { readout.summaryCount * directionCount * outputSize }

  /// The most tokens of a text at inference: what the network keeps of them fits 2 GiB. One level that does not chop texts keeps
  /// nothing, and takes as many as 32 bits can number.
  public var tokenLimit: Int {
    keptFloats == 0 ? Int(Int32.max) : (2 << 30) / (4 * keptFloats)
  }

  /// At least how many numbers a pass keeps of each token at inference: rows between levels; where texts are chopped, the first
  /// token of all pieces is one step, so that there is a piece's share of what every layer reads and leaves as well.
  var keptFloats: Int {
    let layers = levels.joined().map(\.cell)
    let between = levels.dropLast().joined().reduce(0) { $0 + $1.cell.outputSize }
    guard case .chopped(let length) = running else { return between }
    let own = layers.reduce(0) {
      $0 + $1.inputSize + $1.outputSize + $1.stateSlots.reduce(0) { $0 + $1.width }
    }
    // Of projections and what kernels leave aside, layers share one: at least eight states of an LSTM's four gates.
    let shared = 8 * (layers.map(\.outputSize).max() ?? 0)
    return between + (own + shared + featureSize) / length + 1
  }

  /// The oldest engine that runs the network.
  public var oldestEngine: String {
    EngineVersion.newest(
      of: [readout.oldestEngine] + (running == .continuous ? [] : [EngineVersion.oldestRunningReader]))
  }

  /// First column of each summary of one direction within the features.
  func featureColumns(direction: Int) -> [Int] {
    (0..<readout.summaryCount).map { ($0 * directionCount + direction) * outputSize }
  }

  var embeddingSpecs: [ParameterSpec] {
    // Variance 1/3 of ±0.1: small beside trained vectors, so that rare words start out neutral.
    [ParameterSpec("weight", shape: [vocabularySize, embeddingSize], initialiser: .uniform(bound: 0.1))]
  }

  /// The logits' weight and bias, then what the readout itself learns, direction by direction.
  var readoutSpecs: [ParameterSpec] {
    [
      ParameterSpec("weight", shape: [labelCount, featureSize], initialiser: .glorot(blocks: 1)),
      ParameterSpec("bias", shape: [labelCount], initialiser: .zeros),
    ]
      + direction.reversals.flatMap { isReversed in
        summarySpecs.map {
          ParameterSpec(
            isReversed ? "\($0.name)_reverse" : $0.name, shape: $0.shape, initialiser: $0.initialiser)
        }
      }
  }

  /// What the readout learns for one direction.
  var summarySpecs: [ParameterSpec] { readout.parameterSpecs(outputSize: outputSize) }

  /// The numbers that one direction's summaries have among those of `readoutSpecs`.
  func summaryRange(direction: Int) -> Range<Int> {
    let count = summarySpecs.reduce(0) { $0 + $1.count }
    let first = labelCount * (featureSize + 1) + direction * count
    return first..<first + count
  }

  /// Parameters with their names in a package, in package order.
  public var parameterSpecs: [ParameterSpec] {
    func qualified(_ spec: ParameterSpec, _ name: String) -> ParameterSpec {
      ParameterSpec(name, shape: spec.shape, initialiser: spec.initialiser)
    }
    return embeddingSpecs.map { qualified($0, "embedding.\($0.name)") }
      + levels.flatMap {
        $0.flatMap { layer in layer.parameterSpecs.map { qualified($0, layer.qualifiedName($0.name)) } }
      }
      + readoutSpecs.map { qualified($0, "readout.\($0.name)") }
  }
}
