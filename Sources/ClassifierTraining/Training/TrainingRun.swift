import Cryptography
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// A whole training run: data, vocabulary, network, training, calibration, package.
public struct TrainingRun {
  public let configuration: TrainingConfiguration
  public let labels: [String]
  public let encoder: TextEncoder
  public let network: RecurrentNetwork
  public let train: EncodedExamples
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
  private let baseModel: JSONValue?
  private let initial: NetworkParameters
  private let trainer: Trainer
  private let kernels: KernelSet

  /// Reads the data and makes the network.
  /// - Parameter note: told what is being done.
  public init(
    _ configuration: TrainingConfiguration, cells: CellRegistry = .standard,
    readouts: ReadoutRegistry = .standard,
    pool: WorkerPool, kernels: KernelSet, note: (String) -> Void = { _ in }
  ) throws {
    try configuration.validate()
    let start =
      try configuration.model.initFrom.isEmpty
      ? nil
      : InitialWeights(configuration.model.initFrom, cells: cells, readouts: readouts, kernels: kernels)
    try start?.check(configuration.model, configuration.text)
    try configuration.model.checkParts(cells: cells, readouts: readouts)
    self.configuration = configuration
    baseModel = start?.baseModel
    self.kernels = kernels
    let seed = RandomStream(seed: configuration.training.seed)
    note("reading \(configuration.data.train.joined(separator: ", "))")
    let data = configuration.data
    var texts = try LabelledTexts(
      files: data.train, textField: data.textField, labelField: data.labelField,
      format: data.format.recordFormat)
    guard texts.count > 0 else { throw DataError.empty(path: data.train.joined(separator: ", ")) }
    labels = texts.labels
    guard labels.count > 1 else { throw TrainingError.oneClass(labels[0]) }
    if let twins = LabelTwins(labels).note { note(twins) }
    let count = texts.count
    let scattered: DataError? =
      texts.hasScatteredLabels ? .scatteredLabels(labels.count, count: count) : nil
    let held: LabelledTexts
    if let share = Double(data.valid) {
      guard share > 0, share < 1 else {
        throw OptionError(
          option: "data.valid", value: data.valid,
          allowed: "a file, or a share of the texts above 0 and below 1")
      }
      (texts, held) = texts.split(holdingOut: share, random: seed.derived(.max))
      guard texts.count > 0, held.count > 0 else {
        throw scattered ?? DataError.uselessShare(share, count: count)
      }
      if let scattered { note("\(scattered)") }
    } else {
      if let scattered { note("\(scattered)") }
      held = try LabelledTexts(
        file: data.valid, textField: data.textField, labelField: data.labelField, labels: labels,
        format: data.format.recordFormat)
      guard held.count > 0 else { throw DataError.empty(path: data.valid) }
    }
    if let label = held.onlyLabel {
      guard !configuration.partner.enabled else { throw PartnerError.oneLabel(label, texts: "dev") }
      note(
        "all dev texts have the label \(EscapedText(label)), which tells nothing of the others: scores will not be "
          + "calibrated; give texts of at least two")
    }

    let lesson = try Lesson(
      configuration.data, labels: labels, known: [texts, held], kernels: kernels, note: note)
    let options = configuration.text
    let tokenizer = WordTokenizer(
      configuration: .init(normalization: options.normalization, letterCase: options.letterCase))
    note("building the vocabulary of \(texts.count) texts")
    var builder = VocabularyBuilder(tokenizer: tokenizer)
    for text in texts.texts { builder.add(text) }
    for text in lesson.texts { builder.add(text) }
    let vocabulary = try TrainingRun.vocabulary(builder, options, start: start, note: note)
    encoder = TextEncoder(
      tokenizer: tokenizer, vocabulary: vocabulary,
      maxTokens: options.packagedMaxTokens > 0 ? options.packagedMaxTokens : nil, truncation: options.truncate
    )
    let trainEncoder = TextEncoder(
      tokenizer: tokenizer, vocabulary: vocabulary,
      maxTokens: options.maxTokens > 0 ? options.maxTokens : nil,
      truncation: options.truncate)
    network = try configuration.model.description.makeNetwork(
      vocabularySize: vocabulary.count, labelCount: labels.count, cells: cells, readouts: readouts)
    try NetworkSize.check(network, storedAs: configuration.package.dtype)
    if let frozen = TrainingRun.frozenParts(configuration.training, of: network) { note(frozen) }
    var train = TrainingRun.encode(texts, trainEncoder)
    valid = TrainingRun.encode(held, encoder)
    unlabelled = try TrainingRun.unlabelled(configuration, trainEncoder, note: note)
    if configuration.partner.enabled {
      note("training the partner")
      let partner = try PartnerTrainer(configuration.partner, tokenizer: tokenizer, pool: pool)
        .train(texts.texts, targets: texts.targets, labelCount: labels.count)
      partnerLogits = partner.logits(held.texts, pool: pool)
      self.partner = partner
    } else {
      partner = nil
      partnerLogits = []
    }

    var initial = NetworkParameters(initialising: network, random: seed.derived(.max - 1))
    wordsWithVectors =
      try start?.start(&initial, vocabulary: vocabulary, labels: labels, note: note)
      ?? TrainingRun.startFromVectors(&initial, configuration.model, vocabulary: vocabulary, note: note)
    self.initial = initial
    for (text, answer) in zip(lesson.texts, try lesson.answers(pool: pool, note: note)) {
      train.append(tokens: trainEncoder.encode(text).ids, target: answer)
    }
    self.train = train
    trainer = try Trainer(
      network, configuration.training, train: train, valid: valid, labels: labels, unlabelled: unlabelled,
      pool: pool, kernels: kernels)
    try rehearsePackage()
  }

  /// Makes the package of the first parameters, so that what no package can hold shows before hours of training.
  private func rehearsePackage() throws {
    let builder = PackageBuilder(
      configuration: configuration, network: network, encoder: encoder, labels: labels)
    let figures = ClassificationReport(labels: labels, probabilities: [], truth: [])
    let record = PackageBuilder.Record(
      epochs: 1, bestEpoch: 1, data: configuration.data.sources, calibration: nil,
      evaluation: [figures.evaluation(of: .init(name: "dev", rows: valid.count))])
    do {
      let stack = Manifest.Partner.Stack(
        network: 1, partner: 0, bias: [Double](repeating: 0, count: labels.count))
      _ = try builder.makePackage(
        builder.stored(initial), record: record, partner: partner.map { ($0, stack) }, kernels: kernels)
    } catch PackageError.manifest(.text(let path, let found, let rule))
      where path == "name" || path == "version"
    {
      throw OptionError(
        option: "package.\(path)", value: "\(EscapedText(found))", allowed: "a word for file names: \(rule)")
    } catch let error as PackageError {
      throw TrainingError.unpackable(error)
    }
  }

  /// The frequent words of the texts, then those of a language model, as far as the limit goes. A package's words come first
  /// and stay all; frequent ones of the texts join them, as far as the limit goes.
  private static func vocabulary(
    _ builder: VocabularyBuilder, _ options: TextOptions, start: InitialWeights?, note: (String) -> Void
  ) throws -> Vocabulary {
    let limit = options.vocabularySize
    let keepsWords = start?.keepsWords ?? false
    // Beside words that stay there is room for so many new ones; which are new is not known yet.
    let frequent = try builder.makeVocabulary(minimumCount: options.minCount, limit: keepsWords ? 0 : limit)
    guard let start else { return frequent }
    let specials = Vocabulary.specialTokens.count
    let own = frequent.tokens.dropFirst(specials)
    let (first, second) = keepsWords ? (start.words, own) : (own, start.words)
    let known = Set(first.map { Array($0.utf8) })
    let more = second.filter { !known.contains(Array($0.utf8)) }
    let room = (limit > 0 ? limit : Vocabulary.entryLimit) - specials - first.count
    if keepsWords, room < 0 || (room == 0 && !more.isEmpty) {
      note(
        "text.vocabulary-size is \(limit), and the package's \(first.count + specials) entries stay: no new word joins them"
      )
    }
    return try Vocabulary(tokens: first + more.prefix(Swift.max(0, room)))
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

  /// Reads and encodes texts without labels; one without a word teaches nothing.
  private static func unlabelled(
    _ configuration: TrainingConfiguration, _ encoder: TextEncoder, note: (String) -> Void
  ) throws -> [[Int32]] {
    let data = configuration.data
    guard configuration.training.readsUnlabelled else { return [] }
    guard !data.unlabelled.isEmpty else {
      note("no unlabelled texts: their losses read the training texts without their labels")
      return []
    }
    note("reading \(data.unlabelled.joined(separator: ", "))")
    var texts: [[Int32]] = []
    try UnlabelledTexts.forEach(
      in: data.unlabelled, textField: data.textField, besides: data.format
    ) {
      let ids = encoder.encode($0).ids
      if ids != [Vocabulary.endID] { texts.append(ids) }
    }
    guard !texts.isEmpty else { throw DataError.empty(path: data.unlabelled.joined(separator: ", ")) }
    return texts
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
    object["kernels"] = .string(kernels.level.rawValue)
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
  /// has ended.
  /// - Parameters:
  ///   - sources: the training data, for the manifest.
  ///   - mayEvaluate: whether the dev data may be read once more, which takes long, where the best epoch's answers are
  ///     not known: it was in an earlier run, or the package rounds its parameters. Otherwise the outcome is nil then.
  public func makePackage(
    _ state: TrainingState, sources: [Manifest.DataSource], created: String?, mayEvaluate: Bool = true
  ) throws -> (package: ModelPackage, report: ClassificationReport, partner: PartnerReport?)? {
    guard let best = state.best else { return nil }
    let builder = PackageBuilder(
      configuration: configuration, network: network, encoder: encoder, labels: labels)
    let parameters = builder.stored(best.parameters)
    guard mayEvaluate || trainer.hasEvaluated(parameters) else { return nil }
    var logits = trainer.evaluate(parameters).logits
    let fitted = partner.map {
      FittedStack(
        network: logits, partner: $0, partnerLogits: partnerLogits, idCounts: valid.tokens.map(\.count),
        labels: valid.labels)
    }
    if let fitted { logits = fitted.logits }
    let (report, calibration) = ClassificationReport.calibrating(
      logits, labels: labels, truth: valid.labels)
    let isShare = Double(configuration.data.valid) != nil
    let name =
      configuration.data.valid.split(separator: "/").last.map(String.init) ?? configuration.data.valid
    let record = PackageBuilder.Record(
      epochs: state.epoch, bestEpoch: best.epoch, data: sources, calibration: calibration,
      evaluation: [
        report.evaluation(
          of: .init(
            name: isShare ? "dev (\(name) of the training texts)" : "dev (\(name))", rows: valid.count))
      ], baseModel: baseModel)
    let package = try builder.makePackage(
      parameters, record: record, partner: partner.flatMap { model in fitted.map { (model, $0.stack) } },
      created: created, kernels: kernels)
    return (package, report, fitted?.report)
  }
}
