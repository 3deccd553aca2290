import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// Makes a package of a trained network.
public struct PackageBuilder {
  /// The run's choices. The table `[package]` gives name, version, `dtype` and the texts of the golden cases;
  /// the whole is recorded as `training.config`, files without their folders.
  public let configuration: TrainingConfiguration
  /// What the manifest's `model` describes, of the shape that `configuration.model` asks for.
  public let network: RecurrentNetwork
  /// Tokeniser, vocabulary and limit of tokens as the packed classifier has them.
  public let encoder: TextEncoder
  /// Class names in the order of the logits: `task.labels`.
  public let labels: [String]

  /// A builder of parts that belong together; nothing is checked before `makePackage`.
  public init(
    configuration: TrainingConfiguration, network: RecurrentNetwork, encoder: TextEncoder, labels: [String]
  ) {
    self.configuration = configuration
    self.network = network
    self.encoder = encoder
    self.labels = labels
  }

  /// What a package can say of how its numbers came about.
  public struct Record: Sendable {
    /// Epochs done: `training.epochs`.
    public var epochs: Int
    /// The epoch whose parameters are packed, from 1: `training.bestEpoch`.
    public var bestEpoch: Int
    /// What the network learnt from: `training.data`.
    public var data: [Manifest.DataSource]
    /// `model.output.calibration`; `nil` where none was fitted, and logits are taken as they are.
    public var calibration: Manifest.Calibration?
    /// What dev data says of the package: `evaluation`, left out of the manifest where empty.
    public var evaluation: [Manifest.Evaluation]
    /// The package that training started from: its name, version and id.
    public var baseModel: JSONValue?

    /// Figures as given; the manifest's rules are checked by `makePackage`.
    public init(
      epochs: Int, bestEpoch: Int, data: [Manifest.DataSource], calibration: Manifest.Calibration?,
      evaluation: [Manifest.Evaluation], baseModel: JSONValue? = nil
    ) {
      self.epochs = epochs
      self.bestEpoch = bestEpoch
      self.data = data
      self.calibration = calibration
      self.evaluation = evaluation
      self.baseModel = baseModel
    }
  }

  /// A linear partner and its place beside the network.
  public typealias Partner = (model: TrainedPartner, stack: Manifest.Partner.Stack)

  /// Parameters as the package will hold them: with `f16`, rounded.
  public func stored(_ parameters: NetworkParameters) throws(StorageError) -> NetworkParameters {
    guard configuration.package.dtype == .f16 else { return parameters }
    var values: [[Float]] = []
    for tensor in tensors(of: parameters) { values.append(try tensor.storable().rounded().values) }
    return NetworkParameters(network, values: values)
  }

  private func tensors(of parameters: NetworkParameters) -> [Tensor] {
    parameters.namedValues(network).map { spec, values in
      Tensor(name: spec.name, shape: spec.shape, dtype: configuration.package.dtype, values: values)
    }
  }

  /// The package. Nothing in it depends on the clock, on threads or on the machine's name: same inputs, same bytes.
  /// - Parameters:
  ///   - parameters: as `stored` made them.
  ///   - partner: what stands beside the network, and how the two are added.
  ///   - created: an ISO 8601 date for the manifest, or nil.
  public func makePackage(
    _ parameters: NetworkParameters, record: Record, partner: Partner? = nil, created: String? = nil,
    kernels: KernelSet
  ) throws -> ModelPackage {
    let options = configuration.package
    var manifest = Manifest(
      name: options.name, version: options.version,
      task: .init(type: .classification, multiLabel: false, labels: labels),
      engine: .init(min: network.oldestEngine, builtWith: EngineVersion.current), tokenizer: tokenizer,
      model: try model(calibration: record.calibration))
    manifest.summary = options.summary.isEmpty ? nil : options.summary
    manifest.languages = options.languages.isEmpty ? nil : options.languages
    manifest.tags = options.tags.isEmpty ? nil : options.tags
    manifest.license = options.license.isEmpty ? nil : options.license
    manifest.training = .init(
      seed: Int(exactly: configuration.training.seed), config: try recordedConfiguration(),
      epochs: record.epochs,
      bestEpoch: record.bestEpoch, selectedBy: "valid.\(configuration.training.metric.rawValue)",
      data: record.data)
    manifest.evaluation = record.evaluation.isEmpty ? nil : record.evaluation
    if !options.intendedUse.isEmpty || !options.limitations.isEmpty {
      manifest.card = .init(
        intendedUse: options.intendedUse.isEmpty ? nil : options.intendedUse,
        limitations: options.limitations.isEmpty ? nil : options.limitations)
    }
    if created != nil || record.baseModel != nil {
      manifest.provenance = .init(created: created, baseModel: record.baseModel)
    }
    let classifier = Classifier(
      labels: labels, manifest: manifest, encoder: encoder, temperature: record.calibration?.t ?? 1,
      bound: BoundNetwork(network, parameters, kernels: kernels),
      partner: partner.map { BoundPartner(model: $0.model.model, stack: LogitStack($0.stack)) })
    let checks = try classifier.goldenCases(for: options.checks)
    var tensors = TensorFile(tensors: tensors(of: parameters))
    if let partner { manifest.add(partner.model, stack: partner.stack, to: &tensors) }
    return try ModelPackage(
      manifest: manifest, card: ModelCard(manifest).text, license: nil,
      vocabulary: encoder.vocabulary.fileBytes,
      goldenCases: checks, tensors: tensors)
  }

  private var tokenizer: Manifest.Tokenizer {
    let choices = encoder.tokenizer.configuration
    return Manifest.Tokenizer(
      type: "word", version: choices.version, normalization: choices.normalization.rawValue,
      letterCase: choices.letterCase.rawValue, specials: .init(), size: encoder.vocabulary.count,
      maxTokens: encoder.maxTokens, truncate: encoder.truncation.rawValue)
  }

  private func model(calibration: Manifest.Calibration?) throws -> Manifest.Model {
    Manifest.Model(
      embedding: .init(dim: network.embeddingSize, trainable: true),
      encoder: try network.manifestEncoder(),
      readout: .init(
        type: configuration.model.readout,
        dropout: Double(configuration.training.dropout.readout)),
      output: .init(activation: "softmax", calibration: calibration),
      parameters: network.parameterSpecs.reduce(0) { $0 + $1.count }, dtype: configuration.package.dtype)
  }

  /// The configuration without the paths of one machine.
  private func recordedConfiguration() throws -> JSONValue {
    var copy = configuration
    func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
    copy.data.train = copy.data.train.map(name)
    copy.data.valid = name(copy.data.valid)
    copy.data.unlabelled = copy.data.unlabelled.map(name)
    copy.data.teachers = copy.data.teachers.map(name)
    copy.model.vectors = name(copy.model.vectors)
    copy.model.initFrom = name(copy.model.initFrom)
    return try copy.tree()
  }
}
