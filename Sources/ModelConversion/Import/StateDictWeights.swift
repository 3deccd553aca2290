import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// The numbers of a state dict, by the names and in the order of a network's parameters, as 32-bit floats.
struct StateDictWeights {
  let tensors: [Tensor]
  /// What logits are divided by: the description's, or else what a file that `rnnpkg export` wrote says.
  let temperature: Double?

  /// - Throws: `ImportError` for a file that is no state dict, or one whose tensors are not those of `network`.
  init(
    _ bytes: [UInt8], _ network: RecurrentNetwork, _ vocabulary: ImportedVocabulary,
    _ description: ImportDescription
  ) throws(ImportError) {
    let path = description.weights
    let file: TensorFile
    do {
      file = try TensorFile(parsing: bytes, limits: .stateDict)
    } catch { throw .weights(file: path, error) }
    try Self.checkMetadata(file.metadata, description)
    temperature = try Self.temperature(file.metadata, description)
    let specs = network.parameterSpecs
    for entry in description.names?.entries ?? [] {
      guard specs.contains(where: { $0.name.utf8.starts(with: entry.name.utf8) }) else {
        throw .unusedName(entry.name)
      }
    }
    var found: [String: Tensor] = [:]
    for tensor in file.tensors {
      // Names that differ in bytes can be one Swift string.
      guard found.updateValue(tensor, forKey: tensor.name) == nil else {
        throw .weights(file: path, .duplicateName(tensor.name))
      }
    }
    var missing: [String] = []
    var used: Set<String> = []
    var tensors: [Tensor] = []
    for (index, spec) in specs.enumerated() {
      let name = description.sourceName(of: spec.name)
      guard used.insert(name).inserted else { throw .sharedTensor(name) }
      guard let tensor = found[name] else {
        missing.append(name)
        continue
      }
      // The embedding comes first; its rows are the source's.
      let isEmbedding = index == 0
      let expected = isEmbedding ? [vocabulary.sourceCount, network.embeddingSize] : spec.shape
      guard tensor.shape == expected else {
        throw .shape(file: path, tensor: name, expected: expected, found: tensor.shape)
      }
      let values =
        isEmbedding ? vocabulary.rows(tensor.values, width: network.embeddingSize) : tensor.values
      tensors.append(Tensor(name: spec.name, shape: spec.shape, values: values))
    }
    let unexpected = file.tensors.map(\.name).filter { !used.contains($0) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard missing.isEmpty, unexpected.isEmpty else {
      throw .tensors(file: path, missing: missing, unexpected: unexpected)
    }
    self.tensors = tensors
  }

  /// A file that `rnnpkg export` wrote says what it holds; the description must say the same.
  private static func checkMetadata(
    _ metadata: [String: String], _ description: ImportDescription
  ) throws(ImportError) {
    guard metadata["producer"] == "rnnpkg" else { return }
    let model = description.model
    let described: [(key: String, text: String?)] = [
      ("cell", model.cell), ("reset", model.reset), ("activation", model.activation),
      ("direction", model.direction.rawValue), ("layers", "\(model.layers)"), ("readout", model.readout),
      ("labels", jsonText(description.labels)), ("layout", description.layout),
    ]
    for case (let key, let text?) in described {
      guard let found = metadata[key], found != text else { continue }
      throw .contradiction(file: description.weights, key: key, described: text, found: found)
    }
  }

  /// An export says 1 where the package was not calibrated.
  private static func temperature(
    _ metadata: [String: String], _ description: ImportDescription
  ) throws(ImportError) -> Double? {
    let described = description.output?.temperature
    guard metadata["producer"] == "rnnpkg", let text = metadata["temperature"], let found = Double(text),
      found.isFinite, found > 0, found != 1
    else { return described }
    guard let described, described != found else { return found }
    throw .contradiction(
      file: description.weights, key: "temperature", described: "\(described)", found: text)
  }
}
