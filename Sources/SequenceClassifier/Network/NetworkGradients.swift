import RecurrentCells
import RecurrentNumerics

/// Gradients of a whole network.
///
/// A reference: the memory is kept from batch to batch, and whoever holds it sees each of them. One worker at a time has it,
/// which is what makes it safe to send between threads.
public final class NetworkGradients {
  /// Of the rows of words that the batch holds.
  public let embedding: EmbeddingGradient
  /// Level by level, direction by direction, as `NetworkParameters` has them.
  public var layers: [ParameterSet]
  /// Of the readout, as `NetworkParameters` has it.
  public var readout: ParameterSet

  /// All zeros.
  public init(_ network: RecurrentNetwork) {
    embedding = EmbeddingGradient(vocabularySize: network.vocabularySize, width: network.embeddingSize)
    layers = network.levels.flatMap { $0.map { ParameterSet($0.parameterSpecs) } }
    readout = ParameterSet(network.readoutSpecs)
  }

  package func reset() {
    embedding.reset()
    for index in layers.indices { layers[index].setToZero() }
    readout.setToZero()
  }

  /// Adds another shard's gradients.
  package func add(_ other: NetworkGradients, kernels: KernelSet) {
    embedding.add(other.embedding, kernels: kernels)
    for index in layers.indices { layers[index].add(other.layers[index], kernels: kernels) }
    readout.add(other.readout, kernels: kernels)
  }
}
