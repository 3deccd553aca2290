import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

extension ModelPackage {
  /// The same model with its weights stored in fewer bytes: `f16` halves, or `i8` integers with a scale for each row.
  ///
  /// Golden cases get the answers of the new weights, and the manifest names this package as the one it is made of.
  /// Measurements of the old weights do not go along: evaluation, results of suites, speed, conformal quantile, and the errors
  /// before and after calibration. The card is written anew where it was the generated one; another card gets a paragraph that
  /// says what its figures are of.
  /// - Throws: `StorageError` where the weights would get no smaller or are too large for `f16`, otherwise as loading a package
  ///   does.
  public func storing(
    as dtype: TensorType, cells: CellRegistry = .standard, readouts: ReadoutRegistry = .standard,
    kernels: KernelSet = .best
  ) throws -> ModelPackage {
    guard dtype != .u8, dtype.byteWidth < manifest.model.dtype.byteWidth else {
      throw StorageError.noSmaller(found: manifest.model.dtype, wanted: dtype)
    }
    // Also checks that every tensor is one of the network's.
    let network = try Classifier(self, cells: cells, readouts: readouts, kernels: kernels).network
    var stored: [Tensor] = []
    for spec in network.parameterSpecs {
      guard var tensor = tensors[spec.name] else { continue }
      tensor.dtype = dtype != .i8 || spec.isWeightMatrix ? dtype : .f32
      stored.append(try tensor.storable().rounded())
    }
    // A partner is small already.
    stored += NgramPartner.TensorName.all.compactMap { tensors[$0] }
    let manifest = storingManifest(dtype, network)
    func package(_ cases: [GoldenCase]) throws -> ModelPackage {
      try ModelPackage(
        manifest: manifest, card: storingCard(manifest), license: license, vocabulary: vocabulary,
        tokenizerTable: tokenizerTable, goldenCases: cases,
        tensors: TensorFile(tensors: stored, metadata: tensors.metadata))
    }
    guard !goldenCases.isEmpty else { return try package([]) }
    let classifier = try Classifier(package([]), cells: cells, readouts: readouts, kernels: kernels)
    return try package(classifier.goldenCases(for: goldenCases.map(\.text)))
  }

  private func storingManifest(_ dtype: TensorType, _ network: RecurrentNetwork) -> Manifest {
    var new = manifest
    new.model.dtype = dtype
    new.model.quantization = dtype == .i8 ? .int8 : nil
    new.engine.builtWith = EngineVersion.current
    new.engine.commit = nil
    new.evaluation = nil
    new.behaviour = nil
    new.speed = nil
    new.model.output.conformal = nil
    new.model.output.calibration?.eceBefore = nil
    new.model.output.calibration?.eceAfter = nil
    new.engine.min = new.oldestEngine(for: network)
    var provenance = manifest.provenance ?? .init()
    var base = JSONObject()
    base["name"] = .string(manifest.name)
    base["version"] = .string(manifest.version)
    base["id"] = .string(id)
    base["dtype"] = .string(manifest.model.dtype.rawValue)
    // What that package was made of goes along.
    base["baseModel"] = provenance.baseModel
    provenance.baseModel = .object(base)
    new.provenance = provenance
    return new
  }

  private func storingCard(_ new: Manifest) -> String? {
    guard let card else { return nil }
    if card == ModelCard(manifest).text { return ModelCard(new).text }
    let separator = card.hasSuffix("\n") ? "\n" : "\n\n"
    return card + separator + ModelCard(new).origin.joined(separator: "\n")
  }
}

extension ParameterSpec {
  /// Whether it is a matrix that rows are looked up in or multiplied by, by PyTorch's names: `embedding.weight`,
  /// `rnn.weight_hh_l0`, `readout.weight`.
  fileprivate var isWeightMatrix: Bool {
    shape.count == 2 && (name.split(separator: ".").last?.hasPrefix("weight") ?? false)
  }
}
