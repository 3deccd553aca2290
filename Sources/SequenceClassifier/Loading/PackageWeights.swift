import ModelPackage
import RecurrentNumerics

/// A package's weights as a network takes them: the embedding as it is stored, the rest as `Float`.
struct PackageWeights {
  let embedding: EmbeddingTable
  /// Without the embedding.
  let parameters: NetworkParameters

  /// The tensors of a package, each with the name and the shape that the network expects, and no others.
  init(_ network: RecurrentNetwork, _ package: ModelPackage) throws(ClassifierLoadError) {
    var tensors: [Tensor] = []
    let specs = network.parameterSpecs
    for spec in specs {
      guard let tensor = package.tensors[spec.name] else { throw .missingParameter(spec.name) }
      guard tensor.shape == spec.shape else {
        throw .shapeMismatch(parameter: spec.name, expected: spec.shape, found: tensor.shape)
      }
      tensors.append(tensor)
    }
    let partner = package.manifest.model.partner == nil ? [] : NgramPartner.TensorName.all
    let known = Set(specs.map(\.name) + partner)
    if let stranger = package.tensors.tensors.first(where: { !known.contains($0.name) }) {
      throw .unexpectedParameter(stranger.name)
    }
    embedding = EmbeddingTable(tensors[0])
    // Integers become the numbers they stand for, and the same integers again when they are packed for the products.
    let others = tensors.dropFirst().map(\.values)
    parameters = NetworkParameters(network, embedding: ParameterSet([]), others: others[...])
  }

  /// Refuses weights whose rows are longer than products of 8-bit integers can be.
  func checkWidths(_ network: RecurrentNetwork) throws(ClassifierLoadError) {
    let limit = PackedMatrix.largestInt8Inner
    for spec in network.parameterSpecs.dropFirst() where spec.shape.count == 2 && spec.shape[1] > limit {
      throw .quantizedWidth(parameter: spec.name, found: spec.shape[1], limit: limit)
    }
  }
}
