import Cryptography
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// A whole pretraining run: texts, vocabulary, language model, training, file.
public struct PretrainingRun {
  /// Every choice of the run.
  public let configuration: PretrainingConfiguration
  /// The model's shape.
  public let model: LanguageModel
  /// The frequent words of the texts.
  public let vocabulary: Vocabulary
  /// Token ids of the texts to learn from.
  public let texts: [[Int32]]
  /// Token ids of those held out.
  public let valid: [[Int32]]
  private let initial: NetworkParameters
  private let trainer: LanguageModelTrainer
  private let kernels: KernelSet

  /// Reads the texts, twice, and makes the model.
  /// - Parameters:
  ///   - cells: those that the configuration may name.
  ///   - note: told what is being done.
  /// - Throws: `OptionError` for settings that no run can use, before any text is read; `DataError` for texts that cannot be
  ///   read, or of which a share leaves none; `TrainingError` for a model that no file holds.
  public init(
    _ configuration: PretrainingConfiguration, cells: CellRegistry = .standard, pool: WorkerPool,
    kernels: KernelSet, note: (String) -> Void = { _ in }
  ) throws {
    try configuration.validate(cells: cells)
    self.configuration = configuration
    self.kernels = kernels
    let tokenizer = configuration.text.tokenizer
    let data = configuration.data
    func forEachText(_ body: (String) -> Void) throws(DataError) {
      try UnlabelledTexts.forEach(
        in: data.texts, textField: data.textField, format: data.format.recordFormat, body)
    }
    note("building the vocabulary of \(data.texts.joined(separator: ", "))")
    var builder = VocabularyBuilder(tokenizer: tokenizer)
    try forEachText { builder.add($0) }
    let vocabulary = try builder.makeVocabulary(
      minimumCount: configuration.text.minCount, limit: configuration.text.vocabularySize)
    self.vocabulary = vocabulary
    let encoder = TextEncoder(tokenizer: tokenizer, vocabulary: vocabulary)
    var encoded: [[Int32]] = []
    try forEachText { text in
      let ids = encoder.encode(text)
      if ids.tokenCount > 0 { encoded.append(ids.ids) }
    }
    let seed = RandomStream(seed: configuration.training.seed)
    (texts, valid) = PretrainingRun.split(
      encoded, holdingOut: configuration.data.valid, random: seed.derived(.max))
    guard !texts.isEmpty, !valid.isEmpty else {
      throw DataError.uselessTextShare(configuration.data.valid, count: encoded.count)
    }
    model = try LanguageModel(
      configuration.model.description, vocabularySize: vocabulary.count, cells: cells)
    try NetworkSize.check(model)
    initial = model.makeParameters(random: seed.derived(.max - 1))
    trainer = LanguageModelTrainer(
      model, configuration.training, texts: texts, valid: valid, pool: pool, kernels: kernels)
  }

  private static func split(_ texts: [[Int32]], holdingOut share: Double, random: RandomStream)
    -> (train: [[Int32]], valid: [[Int32]])
  {
    var random = random
    var order = Array(texts.indices)
    random.shuffle(&order)
    let held = Set(order.prefix(Int((Double(texts.count) * share).rounded())))
    return (
      texts.indices.filter { !held.contains($0) }.map { texts[$0] }, held.sorted().map { texts[$0] }
    )
  }

  /// Numbers that training changes.
  public var parameterCount: Int { initial.count }
  /// Tokens of the texts to learn from. Linear.
  public var tokenCount: Int { texts.reduce(0) { $0 + $1.count } }

  /// The state before the first step.
  public var start: PretrainingState { PretrainingState(model, configuration.training, parameters: initial) }

  /// The configuration, without what earlier checkpoints of this engine lack and what says nothing there.
  private func settings() throws -> JSONObject {
    var settings = try configuration.tree().objectValue ?? JSONObject()
    guard configuration.data.format == .auto, var data = settings["data"]?.objectValue else {
      return settings
    }
    data["format"] = nil
    settings["data"] = .object(data)
    return settings
  }

  /// What a resumed run must share with this one: every setting, and the texts themselves.
  public func identity() throws -> JSONValue {
    var object = JSONObject()
    object["configuration"] = .object(try settings())
    object["engine"] = .string(EngineVersion.current)
    object["kernels"] = .string(
      kernels.multiplying(in: configuration.training.precision).arithmetic)
    var digest = SHA256()
    for text in texts + valid {
      digest.update(text.count)
      digest.update(text)
    }
    object["data"] = .string(digest.hexadecimal)
    return .object(object)
  }

  /// Trains; see `LanguageModelTrainer.run`.
  public func train(
    _ state: inout PretrainingState, checkpointInterval: Double = 300,
    checkpoint: (PretrainingState) throws -> Void = { _ in }, observer: (PretrainingEvent) -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> Bool {
    try trainer.run(
      &state, checkpointInterval: checkpointInterval, checkpoint: checkpoint, observer: observer,
      shouldStop: shouldStop)
  }

  /// The file that `train` starts from.
  public func file(_ state: PretrainingState) -> LanguageModelFile {
    LanguageModelFile(
      model: model, text: configuration.text, vocabulary: vocabulary, parameters: state.parameters,
      history: state.history.map(LanguageModelEpoch.init))
  }
}
