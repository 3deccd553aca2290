import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TextEncoding

extension ModelPackage {
  /// The same package with a linear partner beside its network, in place of one it may have.
  ///
  /// The stack and the temperature are fitted on dev data. Golden cases get the new answers; evaluations of the package
  /// without it do not go along, and the one on the dev data takes their place.
  /// - Parameters:
  ///   - devSource: the dev data, for the manifest.
  ///   - sources: the training texts, likewise.
  ///   - cells: those that the package may name.
  ///   - readouts: likewise.
  /// - Throws: `PartnerError` for texts that give none, otherwise as loading a package does.
  public func adding(
    _ options: PartnerOptions, train: LabelledTexts, dev: LabelledTexts, devSource: Manifest.DataSource,
    sources: [Manifest.DataSource] = [], pool: WorkerPool, cells: CellRegistry = .standard,
    readouts: ReadoutRegistry = .standard, kernels: KernelSet = .best
  ) throws -> (package: ModelPackage, partner: PartnerReport, report: ClassificationReport) {
    for (texts, name) in [(train, "training texts"), (dev, "dev texts")] {
      if let label = texts.onlyLabel { throw PartnerError.oneLabel(label, texts: name) }
    }
    let bare = try removingPartner()
    let classifier = try Classifier(bare, cells: cells, readouts: readouts, kernels: kernels)
    let idCounts = dev.texts.map { classifier.encoder.encode($0).ids.count }
    try options.check(devIDCounts: idCounts, targets: dev.targets, labels: dev.labels)
    let partner = try PartnerTrainer(options, tokenizer: classifier.encoder.tokenizer, pool: pool)
      .train(train.texts, targets: train.targets, labelCount: classifier.labels.count)
    let network = try classifier.classify(dev.texts, pool: pool).map(\.logits)
    let fitted = FittedStack(
      network: network, partner: partner, partnerLogits: partner.logits(dev.texts, pool: pool),
      idCounts: idCounts, labels: dev.targets)
    var manifest = bare.manifest
    let report = manifest.calibrate(on: fitted.logits, of: dev, source: devSource)
    manifest.engine.builtWith = EngineVersion.current
    manifest.engine.commit = nil
    manifest.behaviour = nil
    manifest.speed = nil
    if !sources.isEmpty {
      var training = manifest.training ?? .init()
      training.data = (training.data ?? []).filter { !sources.contains($0) } + sources
      manifest.training = training
    }
    var tensors = bare.tensors
    manifest.add(partner, stack: fitted.stack, to: &tensors)
    // Not what a partner that was replaced may have needed.
    manifest.engine.min = manifest.oldestEngine(for: classifier.network)
    let package = try bare.replacing(manifest, tensors: tensors, goldenCases: [])
    let stacked = try Classifier(package, cells: cells, readouts: readouts, kernels: kernels)
    return (
      try bare.replacing(
        manifest, tensors: tensors, goldenCases: stacked.goldenCases(for: goldenCases.map(\.text))),
      fitted.report,
      report
    )
  }

  /// The network alone. Without a partner the package itself.
  func removingPartner() throws -> ModelPackage {
    guard manifest.model.partner != nil else { return self }
    var manifest = manifest
    manifest.model.partner = nil
    var tensors = tensors
    tensors.tensors.removeAll { NgramPartner.TensorName.all.contains($0.name) }
    if manifest.model.parameters != nil { manifest.model.parameters = tensors.parameterCount }
    return try replacing(manifest, tensors: tensors, goldenCases: [])
  }
}

extension Manifest {
  /// Puts a partner in the manifest, and its tensors behind those of the network.
  mutating func add(_ partner: TrainedPartner, stack: Partner.Stack, to tensors: inout TensorFile) {
    let section = partner.manifest(stack)
    model.partner = section
    tensors.tensors += partner.tensors
    if model.parameters != nil { model.parameters = tensors.parameterCount }
    engine.min = EngineVersion.newest(of: [engine.min, section.oldestEngine])
  }
}
