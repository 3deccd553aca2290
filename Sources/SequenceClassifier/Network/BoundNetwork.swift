import RecurrentCells
import RecurrentNumerics

/// A network bound to parameters, packed for one kernel set. Immutable, shared between threads.
public struct BoundNetwork: Sendable {
  /// The shape.
  public let network: RecurrentNetwork
  /// What was bound. Of a package without the embedding, which is in `embedding` alone.
  public let parameters: NetworkParameters
  /// What products run on, and in which precision.
  public let kernels: KernelSet
  /// Those of the readout: it decides and is small, so that bf16 would cost accuracy and gain nothing.
  let readoutKernels: KernelSet
  /// The rows that tokens stand for.
  let embedding: EmbeddingTable
  /// One for each binding: what was computed from its weights may be kept for as long as it is the same.
  let identity = Identity()
  /// Level by level, direction by direction.
  let cells: [[any CellKernel]]
  let readoutWeight: PackedMatrix
  let readoutWeightBackward: PackedOnDemand
  /// What the summaries of each direction learned.
  let summaryWeights: [ReadoutWeights]

  final class Identity: Sendable {}

  /// Packs parameters of the shapes of `network.parameterSpecs`.
  ///
  /// Cost: reads every weight of layers and readout once and copies it; the embedding is shared.
  public init(_ network: RecurrentNetwork, _ parameters: NetworkParameters, kernels: KernelSet) {
    precondition(
      parameters.embedding.hasShapes(of: network.embeddingSpecs), "an embedding of another network's shape")
    self.init(network, parameters, embedding: EmbeddingTable(parameters.embedding), kernels: kernels)
  }

  /// Binds with the embedding in another place than `parameters`.
  init(
    _ network: RecurrentNetwork, _ parameters: NetworkParameters, embedding: EmbeddingTable,
    kernels: KernelSet
  ) {
    let layers = network.levels.joined()
    precondition(
      parameters.layers.count == layers.count
        && zip(parameters.layers, layers).allSatisfy { $0.hasShapes(of: $1.parameterSpecs) }
        && parameters.readout.hasShapes(of: network.readoutSpecs), "parameters of another network's shapes")
    self.network = network
    self.embedding = embedding
    self.parameters = parameters
    self.kernels = kernels
    var cells: [[any CellKernel]] = []
    var position = 0
    for level in network.levels {
      cells.append(
        level.enumerated().map { index, layer in
          layer.cell.makeKernel(for: parameters.layers[position + index], kernels: kernels)
        })
      position += level.count
    }
    self.cells = cells
    let readoutKernels = kernels.precision == .bfloat16 ? kernels.multiplying(in: .float32) : kernels
    self.readoutKernels = readoutKernels
    let (labels, features) = (network.labelCount, network.featureSize)
    readoutWeight = parameters.readout.values.withUnsafeBufferPointer { values in
      PackedMatrix(
        transposing: values.baseAddress.unsafelyUnwrapped + parameters.readout.offsets[0], rows: labels,
        columns: features, kernels: readoutKernels)
    }
    readoutWeightBackward = PackedOnDemand(parameters.readout, index: 0, kernels: readoutKernels)
    let specs = network.summarySpecs
    summaryWeights = (0..<network.directionCount).map { direction in
      var own = ParameterSet(specs)
      own.values = Array(parameters.readout.values[network.summaryRange(direction: direction)])
      return ReadoutWeights(own, kernels: readoutKernels)
    }
  }

  /// Writes the vectors of a batch's words, `[rows, embedding]` in the order of its layout, without masks.
  package func embed(_ batch: TokenBatch, into rows: Matrix) {
    rows.reshape(rows: batch.layout.rows, columns: network.embeddingSize)
    embed(batch.tokens, into: rows)
  }

  /// Writes the vectors of `tokens`, one a row.
  func embed(_ tokens: some Sequence<Int32>, into rows: Matrix) {
    embedding.copyRows(of: tokens, into: rows, kernels: kernels)
  }
}
