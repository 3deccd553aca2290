import RecurrentCells
import RecurrentNumerics

/// All learned numbers of a network: the embedding, each layer's set, and the readout.
///
/// The same type holds an average of parameters or an optimiser's moments.
public struct NetworkParameters: Sendable, Equatable {
  /// `weight` `[vocabulary, embedding]`.
  public var embedding: ParameterSet
  /// Level by level, direction by direction.
  public var layers: [ParameterSet]
  /// `weight` `[labels, features]` and `bias` `[labels]`, then what the readout learns of each direction.
  public var readout: ParameterSet

  /// All zeros.
  public init(zerosFor network: RecurrentNetwork) {
    embedding = ParameterSet(network.embeddingSpecs)
    layers = network.levels.flatMap { $0.map { ParameterSet($0.parameterSpecs) } }
    readout = ParameterSet(network.readoutSpecs)
  }

  /// All zeros, of the shapes of `other`.
  package init(zerosLike other: NetworkParameters) {
    self = other
    embedding = ParameterSet(other.embedding.specs)
    layers = other.layers.map { ParameterSet($0.specs) }
    readout = ParameterSet(other.readout.specs)
  }

  /// First values, each parameter from a random stream of its own.
  public init(initialising network: RecurrentNetwork, random: RandomStream) {
    embedding = ParameterSet(initialising: network.embeddingSpecs, random: random.derived(0))
    layers = network.levels.joined().enumerated().map { index, layer in
      ParameterSet(initialising: layer.parameterSpecs, random: random.derived(UInt64(index) + 2))
    }
    readout = ParameterSet(initialising: network.readoutSpecs, random: random.derived(1))
  }

  /// The sets in a fixed order: embedding, layers, readout.
  public var sets: [ParameterSet] {
    get { [embedding] + layers + [readout] }
    set {
      precondition(newValue.count == layers.count + 2)
      embedding = newValue[0]
      layers = Array(newValue[1...layers.count])
      readout = newValue[newValue.count - 1]
    }
  }

  /// How many numbers there are.
  public var count: Int { embedding.count + layers.reduce(0) { $0 + $1.count } + readout.count }

  /// Values by their names in a package, in the order of `RecurrentNetwork.parameterSpecs`.
  package func namedValues(_ network: RecurrentNetwork) -> [(spec: ParameterSpec, values: [Float])] {
    var result: [(spec: ParameterSpec, values: [Float])] = []
    let specs = network.parameterSpecs
    for set in sets {
      for index in set.specs.indices { result.append((specs[result.count], Array(set[index]))) }
    }
    return result
  }

  /// Parameters from their values in the order of `RecurrentNetwork.parameterSpecs`.
  package init(_ network: RecurrentNetwork, values: [[Float]]) {
    let specs = network.embeddingSpecs
    self.init(
      network, embedding: ParameterSet(specs, values: Array(values.prefix(specs.count))),
      others: values.dropFirst(specs.count))
  }

  /// Parameters of layers and readout, in the order of `RecurrentNetwork.parameterSpecs`, beside an embedding that may
  /// be empty where the rows are elsewhere.
  init(_ network: RecurrentNetwork, embedding: ParameterSet, others values: ArraySlice<[Float]>) {
    var rest = values
    func take(_ specs: [ParameterSpec]) -> ParameterSet {
      defer { rest = rest.dropFirst(specs.count) }
      return ParameterSet(specs, values: Array(rest.prefix(specs.count)))
    }
    self.embedding = embedding
    layers = network.levels.joined().map { take($0.parameterSpecs) }
    readout = take(network.readoutSpecs)
  }
}
