import RecurrentCells
import RecurrentNumerics

/// Gradients of a whole network.
public struct NetworkGradients: Sendable {
  public let embedding: EmbeddingGradient
  public var layers: [ParameterSet]
  public var readout: ParameterSet

  public init(_ network: RecurrentNetwork) {
    embedding = EmbeddingGradient(vocabularySize: network.vocabularySize, width: network.embeddingSize)
    layers = network.levels.flatMap { $0.map { ParameterSet($0.parameterSpecs) } }
    readout = ParameterSet(network.readoutSpecs)
  }

  package mutating func reset() {
    embedding.reset()
    for index in layers.indices { layers[index].setToZero() }
    readout.setToZero()
  }

  /// Adds another shard's gradients.
  package mutating func add(_ other: NetworkGradients, kernels: KernelSet) {
    embedding.add(other.embedding, kernels: kernels)
    for index in layers.indices { layers[index].add(other.layers[index], kernels: kernels) }
    readout.add(other.readout, kernels: kernels)
  }
}
