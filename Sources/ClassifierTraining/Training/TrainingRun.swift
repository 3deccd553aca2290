import Cryptography
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding
import TextRecords

/// A whole training run: data, vocabulary, network, training, calibration, package.
public struct TrainingRun {
  /// Every choice of the run.
  public let configuration: TrainingConfiguration
  /// The labels of the training texts, sorted by their bytes.
  public let labels: [String]
  /// Turns text into token ids as the packed classifier will.
  public let encoder: TextEncoder
  /// The network's shape.
  public let network: RecurrentNetwork
  /// The examples to learn from, those of teachers last.
  public let train: EncodedExamples
  /// The dev data.
  public let valid: EncodedExamples
  /// Token ids of texts without labels.
  public let unlabelled: [[Int32]]
  /// Words of the vocabulary that the file of word vectors, the language model or the package had.
  public let wordsWithVectors: Int
  /// The linear classifier beside the network, where the configuration asks for one.
  public let partner: TrainedPartner?
  /// What it says of the dev texts.
  private let partnerLogits: [[Float]]
  /// The package that training starts from, for the manifest.
  let baseModel: JSONValue?
  private let initial: NetworkParameters
  private let trainer: Trainer
  let kernels: KernelSet

  /// Reads the data and makes the network.
  /// - Parameters:
  ///   - cells: those that the configuration may name, and those of a file to start from.
  ///   - readouts: likewise.
  ///   - note: told what is being done.
  /// - Throws: `OptionError` for settings that no run can use, before any text is read; `FileError` and `InitialWeightsError`
  ///   for a file to start from; `DataError` and `VectorFileError` for data; `TeacherError`, `PartnerError` and `TrainingError`
  ///   for data and settings that give no classifier, or one that no package holds.
  public init(
    _ configuration: TrainingConfiguration, cells: CellRegistry = .standard,
    readouts: ReadoutRegistry = .standard,
    pool: WorkerPool, kernels: KernelSet, note: (String) -> Void = { _ in }
  ) throws {
    try configuration.validate()
    let description = configuration.model.description
    let start = try TrainingRun.initialWeights(
      configuration, cells: cells, readouts: readouts, kernels: kernels)
    try description.checkParts(
      cellOptions: configuration.model.cellOptions, cells: cells, readouts: readouts)
    self.configuration = configuration
    baseModel = start?.baseModel
    self.kernels = kernels
    let seed = RandomStream(seed: configuration.training.seed)
    let texts = try TrainingTexts(configuration, random: seed.derived(.max), note: note)
    labels = texts.train.labels
    let lesson = try Lesson(
      configuration.data, labels: labels, known: [texts.train, texts.dev], cells: cells, readouts: readouts,
      kernels: kernels, note: note)

    note("building the vocabulary of \(texts.train.count) texts")
    let encoders = try TrainingEncoders(
      configuration.text, texts: [texts.train.texts, lesson.texts].joined(), start: start, note: note)
    encoder = encoders.packaged
    network = try description.makeNetwork(
      vocabularySize: encoder.vocabulary.count, labelCount: labels.count, cells: cells, readouts: readouts)
    try NetworkSize.check(network, storedAs: configuration.package.dtype)
    if let frozen = TrainingRun.frozenParts(configuration.training, of: network) { note(frozen) }

    valid = TrainingRun.encode(texts.dev, encoder)
    unlabelled = try TrainingRun.unlabelled(
      configuration, besides: texts.dev, encoders.training, note: note)
    partner = try TrainingRun.partner(
      configuration.partner, texts.train, dev: valid, tokenizer: encoder.tokenizer, pool: pool, note: note)
    partnerLogits = partner?.logits(texts.dev.texts, pool: pool) ?? []

    var initial = NetworkParameters(initialising: network, random: seed.derived(.max - 1))
    wordsWithVectors =
      try start?.start(&initial, vocabulary: encoder.vocabulary, labels: labels, note: note)
      ?? TrainingRun.startFromVectors(
        &initial, configuration.model, vocabulary: encoder.vocabulary, note: note)
    self.initial = initial
    train = try TrainingRun.examples(texts.train, lesson, encoders.training, pool: pool, note: note)
    trainer = try Trainer(
      network, configuration.training, train: train, valid: valid, labels: labels, unlabelled: unlabelled,
      pool: pool, kernels: kernels)
    try rehearsePackage(of: initial)
  }

  /// What training starts from, of the shape that the configuration asks for; nil where it starts anew.
  private static func initialWeights(
    _ configuration: TrainingConfiguration, cells: CellRegistry, readouts: ReadoutRegistry, kernels: KernelSet
  ) throws -> InitialWeights? {
    let path = configuration.model.initFrom
    guard !path.isEmpty else { return nil }
    let start = try InitialWeights(path, cells: cells, readouts: readouts, kernels: kernels)
    try start.check(configuration.model, configuration.text)
    return start
  }

  /// What to tell whoever thaws parts so slowly that some never learn; `nil` where all do.
  private static func frozenParts(_ training: TrainingOptions, of network: RecurrentNetwork) -> String? {
    let (epochs, levels) = (training.epochs, network.levels.count)
    let frozen = training.fineTuning.frozenParts(epochs: epochs, levels: levels)
    guard frozen > 0 else { return nil }
    return
      "\(frozen) of \(levels + 1) parts below the readout (the lowest) never learn: each starts "
      + "\(training.fineTuning.unfreezing) epochs after the one above, of \(epochs) in all; give a smaller --unfreezing or more "
      + "--epochs"
  }

  /// Reads and encodes texts without labels; one without a word teaches nothing, and a dev text must not.
  private static func unlabelled(
    _ configuration: TrainingConfiguration, besides dev: LabelledTexts, _ encoder: TextEncoder,
    note: (String) -> Void
  ) throws -> [[Int32]] {
    let data = configuration.data
    guard configuration.training.readsUnlabelled else { return [] }
    guard !data.unlabelled.isEmpty else {
      note("no unlabelled texts: their losses read the training texts without their labels")
      return []
    }
    note("reading \(data.unlabelled.map(RecordReader.displayName).joined(separator: ", "))")
    let held = Set(dev.texts.map { Array($0.utf8) })
    var texts: [[Int32]] = []
    var heldCount = 0
    try UnlabelledTexts.forEach(
      in: data.unlabelled, textField: data.textField, besides: data.format
    ) { text in
      guard !held.contains(Array(text.utf8)) else {
        heldCount += 1
        return
      }
      let ids = encoder.encode(text).ids
      if ids != [Vocabulary.endID] { texts.append(ids) }
    }
    if heldCount > 0 { note("\(heldCount) unlabelled texts stand among the dev texts; they are left out") }
    guard !texts.isEmpty else {
      let path = data.unlabelled.joined(separator: ", ")
      throw heldCount > 0 ? DataError.onlyDevTexts(path: path, count: heldCount) : .empty(path: path)
    }
    return texts
  }

  /// The linear classifier beside the network; nil where the configuration asks for none.
  private static func partner(
    _ options: PartnerOptions, _ texts: LabelledTexts, dev: EncodedExamples, tokenizer: WordTokenizer,
    pool: WorkerPool, note: (String) -> Void
  ) throws -> TrainedPartner? {
    guard options.enabled else { return nil }
    try options.check(devIDCounts: dev.tokens.map(\.count), targets: dev.labels, labels: texts.labels)
    note("training the partner")
    return try PartnerTrainer(options, tokenizer: tokenizer, pool: pool)
      .train(texts.texts, targets: texts.targets, labelCount: texts.labels.count)
  }

  /// The labelled texts, then those that teachers answer for.
  private static func examples(
    _ texts: LabelledTexts, _ lesson: Lesson, _ encoder: TextEncoder, pool: WorkerPool,
    note: (String) -> Void
  ) throws -> EncodedExamples {
    var examples = encode(texts, encoder)
    for (text, answer) in zip(lesson.texts, try lesson.answers(pool: pool, note: note)) {
      examples.append(tokens: encoder.encode(text).ids, target: answer)
    }
    return examples
  }

  private static func encode(_ texts: LabelledTexts, _ encoder: TextEncoder) -> EncodedExamples {
    var examples = EncodedExamples()
    for (text, label) in zip(texts.texts, texts.targets) {
      examples.append(tokens: encoder.encode(text).ids, label: label)
    }
    return examples
  }

  /// Puts a file's vectors, scaled, in place of the random ones of the words it has.
  private static func startFromVectors(
    _ parameters: inout NetworkParameters, _ model: ModelOptions, vocabulary: Vocabulary,
    note: (String) -> Void
  ) throws -> Int {
    guard !model.vectors.isEmpty else { return 0 }
    note("reading \(model.vectors)")
    let (values, found) = try VectorFile.read(
      model.vectors, vocabulary: vocabulary, dimension: model.embedding)
    let sum = values.reduce(0.0) { $0 + Double($1) * Double($1) }
    let rootMeanSquare = (sum / Double(Swift.max(1, found * model.embedding))).squareRoot()
    let factor = rootMeanSquare > 0 ? Float(Double(model.vectorScale) / rootMeanSquare) : 1
    for id in 0..<vocabulary.count {
      let row = id * model.embedding..<(id + 1) * model.embedding
      guard values[row].contains(where: { $0 != 0 }) else { continue }
      for index in row { parameters.embedding.values[index] = values[index] * factor }
    }
    return found
  }

  /// The state before the first step.
  public var start: TrainingState { TrainingState(network, configuration.training, parameters: initial) }

  /// What a resumed run must share with this one: every setting, and the data itself.
  public func identity() throws -> JSONValue {
    var object = JSONObject()
    var settings = configuration
    settings.package = PackageOptions()
    object["configuration"] = try settings.tree()
    object["labels"] = .array(labels.map { .string($0) })
    object["engine"] = .string(EngineVersion.current)
    object["kernels"] = .string(
      kernels.multiplying(in: configuration.training.precision).arithmetic)
    object["data"] = .string(fingerprint)
    return .object(object)
  }

  /// A digest of the encoded texts and of the first parameters.
  private var fingerprint: String {
    var digest = SHA256()
    for examples in [train, valid] {
      for (tokens, target) in zip(examples.tokens, examples.targets) {
        digest.update(tokens.count)
        digest.update(tokens)
        switch target {
        case .label(let label):
          digest.update(label)
        case .shares(let shares): digest.update(shares)
        }
      }
    }
    for tokens in unlabelled {
      digest.update(tokens.count)
      digest.update(tokens)
    }
    for set in initial.sets { digest.update(set.values) }
    return digest.hexadecimal
  }

  /// Trains; see `Trainer.run`.
  public func train(
    _ state: inout TrainingState, checkpointInterval: Double = 300,
    checkpoint: (TrainingState) throws -> Void = { _ in }, observer: (TrainingEvent) -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> TrainingEnd {
    try trainer.run(
      &state, checkpointInterval: checkpointInterval, checkpoint: checkpoint, observer: observer,
      shouldStop: shouldStop)
  }

  /// The package of the best epoch, calibrated on the dev data where these have two labels or more; nil before the first epoch
  /// has ended, and where `shouldStop` ended it.
  /// - Parameters:
  ///   - sources: the training data, for the manifest.
  ///   - devDigest: of the file of dev data, for the manifest.
  ///   - shouldStop: asked again and again while the dev data are read once more, which takes long, because the best epoch's
  ///     answers are not known: it was in an earlier run, or the package rounds its parameters.
  public func makePackage(
    _ state: TrainingState, sources: [Manifest.DataSource], devDigest: String? = nil, created: String?,
    shouldStop: () -> Bool = { false }
  ) throws -> (package: ModelPackage, report: ClassificationReport, partner: PartnerReport?)? {
    guard let best = state.best else { return nil }
    let builder = PackageBuilder(
      configuration: configuration, network: network, encoder: encoder, labels: labels)
    let parameters = try builder.stored(best.parameters)
    guard var logits = trainer.evaluate(parameters, shouldStop: shouldStop)?.logits else { return nil }
    let fitted = partner.map {
      FittedStack(
        network: logits, partner: $0, partnerLogits: partnerLogits, idCounts: valid.tokens.map(\.count),
        labels: valid.labels)
    }
    if let fitted { logits = fitted.logits }
    let (report, calibration) = ClassificationReport.calibrating(
      logits, labels: labels, truth: valid.labels)
    let record = PackageBuilder.Record(
      epochs: state.epoch, bestEpoch: best.epoch, data: sources, calibration: calibration,
      evaluation: [report.evaluation(of: devSource(digest: devDigest))], baseModel: baseModel)
    let package = try builder.makePackage(
      parameters, record: record, partner: partner.flatMap { model in fitted.map { (model, $0.stack) } },
      created: created, kernels: kernels)
    return (package, report, fitted?.report)
  }

  /// What the manifest calls the dev data.
  func devSource(digest: String? = nil) -> Manifest.DataSource {
    let dev = configuration.data.valid
    guard configuration.data.validShare != nil else {
      return .init(dev: dev, rows: valid.count, sha256: digest)
    }
    return .init(name: "dev (\(dev) of the training texts)", rows: valid.count)
  }
}
