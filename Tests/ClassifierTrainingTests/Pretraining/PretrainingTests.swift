import ClassifierTraining
import FileAccess
import Foundation
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing
import TextEncoding

/// A language whose words follow one another in a circle: what comes next is certain but for the start.
private struct CircleLanguage {
  let directory = TemporaryDirectory()
  var configuration = PretrainingConfiguration()

  init() throws {
    let words = (0..<12).map { "w\($0)" }
    let lines = (0..<160).map { text in
      (0..<6 + text % 9).map { words[(text + $0) % 12] }.joined(separator: " ")
    }
    let path = directory.path + "/texts.txt"
    try FileAccess.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: path)
    configuration.data.texts = [path]
    configuration.data.valid = 0.1
    configuration.model.hidden = 16
    configuration.model.embedding = 8
    configuration.training.epochs = 6
    configuration.training.streams = 6
    configuration.training.window = 9
    configuration.training.samples = 7
    configuration.training.learningRate = 2e-2
    configuration.training.clip = 1
  }

  func run(threads: Int = 2) throws -> PretrainingRun {
    try PretrainingRun(configuration, pool: WorkerPool(threads: threads), kernels: .best)
  }
}

/// A cell whose recurrent weights are not called as those of the project's own cells.
private struct BareCell: RecurrentCell {
  struct Configuration: Codable, Hashable, Sendable { var hidden: Int }

  static let kind: CellKind = "bare"
  static let gates: [String] = []
  let inputSize: Int
  let configuration: Configuration

  init(inputSize: Int, configuration: Configuration) {
    self.inputSize = inputSize
    self.configuration = configuration
  }

  var stateSlots: [StateSlot] { [StateSlot("h", width: configuration.hidden)] }

  var parameterSpecs: [ParameterSpec] {
    [ParameterSpec("weight", shape: [configuration.hidden, inputSize], initialiser: .zeros)]
  }

  /// Never runs: what it is for is refused.
  func makeKernel(for parameters: ParameterSet, kernels: KernelSet) -> any CellKernel {
    MinimalGatedKernel(parameters, inputSize: inputSize, hidden: configuration.hidden, slots: stateSlots)
  }
}

/// What two runs must share to the bit.
private struct PretrainedBits: Equatable {
  let parameters: NetworkParameters
  let moments: [NetworkParameters]
  let figures: [[Double]]

  init(_ state: PretrainingState) {
    parameters = state.parameters
    moments = [state.optimiser.first, state.optimiser.second]
    figures = state.history.flatMap { [$0.trainLoss, $0.perplexity] }
  }
}

/// Two epochs that are stopped and resumed from the checkpoint, beside two in one run.
private struct BrokenRun {
  let unbroken: PretrainedBits
  let resumed: PretrainedBits
  /// Epochs done before the stop.
  let epochsBefore: Int
  /// Windows that the resumed run learnt from, by epoch from 1.
  let windowsAfter: [Int: Int]

  /// - Parameters:
  ///   - threads: of the run that is stopped.
  ///   - stop: whether it ends with this event.
  init(threads: Int, stop: (PretrainingEvent) -> Bool) throws {
    var language = try CircleLanguage()
    language.configuration.training.epochs = 2
    let run = try language.run()
    let identity = try run.identity()
    var whole = run.start
    #expect(try run.train(&whole))
    unbroken = PretrainedBits(whole)

    let path = language.directory.path + "/lm.checkpoint"
    var state = run.start
    var isStopped = false
    let isDone = try language.run(threads: threads).train(
      &state, checkpointInterval: 1e9,
      checkpoint: { try PretrainingCheckpoint.save($0, run.model, run: identity, to: path) },
      observer: { isStopped = isStopped || stop($0) }, shouldStop: { isStopped })
    #expect(!isDone)
    epochsBefore = state.history.count
    state = try PretrainingCheckpoint.load(path, run.model, language.configuration.training, run: identity)
    var windows: [Int: Int] = [:]
    #expect(
      try language.run().train(
        &state, observer: { if case .window(let epoch, _, _, _, _) = $0 { windows[epoch, default: 0] += 1 } })
    )
    windowsAfter = windows
    resumed = PretrainedBits(state)
  }
}

@Suite struct PretrainingTests {
  /// A package is reproducible only as far as what it starts from is.
  @Test func theSameTextsGiveTheSameFile() throws {
    let language = try CircleLanguage()
    let files = try (0..<2).map { number in
      let run = try language.run()
      var state = run.start
      #expect(try run.train(&state))
      #expect(try #require(state.history.last).seconds > 0)
      let path = language.directory.path + "/\(number).lm"
      try run.file(state).write(to: path)
      return try FileAccess.read(path, limit: 1 << 20)
    }
    #expect(files[0] == files[1])
  }

  @Test func aModelThatKnowsNothingIsAsPerplexedAsThereAreWords() throws {
    let run = try CircleLanguage().run()
    let zeros = NetworkParameters(zerosLike: run.start.parameters)
    let evaluator = LanguageModelEvaluator(run.model, pool: WorkerPool(threads: 2), kernels: .best)
    for perplexity in evaluator.perplexity(zeros, run.valid) {
      #expect(abs(perplexity - Double(run.vocabulary.count - 2)) < 1e-3)
    }
  }

  /// Long texts run in groups of rows; a text's words tell no more and no less for it.
  @Test func aLongTextIsAsPerplexingAsItsWordsAre() throws {
    let run = try CircleLanguage().run()
    let evaluator = LanguageModelEvaluator(run.model, pool: WorkerPool(threads: 2), kernels: .best)
    let parameters = run.model.makeParameters(random: RandomStream(seed: 3))
    var random = RandomStream(seed: 4)
    let text = (0..<1_500).map { _ in Int32(4 + random.integer(below: run.vocabulary.count - 4)) }
    let texts = [text, Array(text[..<700]), Array(text[300...])]
    let together = evaluator.perplexity(parameters, texts)
    let alone = texts.map { evaluator.perplexity(parameters, [$0]) }
    for direction in 0..<2 {
      let sum = zip(texts, alone).reduce(0.0) { $0 + Double($1.0.count) * log($1.1[direction]) }
      #expect(abs(together[direction] - exp(sum / 3_400)) < 1e-6 * together[direction])
    }
  }

  /// A file's description may speak of more than there is memory for; what it lacks is found before anything is made.
  @Test func aFileWithoutItsTensorsIsRefusedBeforeMemoryIsTaken() throws {
    let directory = TemporaryDirectory()
    let run = try CircleLanguage().run()
    let path = directory.path + "/small.lm"
    var state = run.start
    #expect(try run.train(&state))
    try run.file(state).write(to: path)
    let file = try TensorFile(parsing: FileAccess.read(path, limit: 1 << 20), limits: .stateDict)
    var metadata = file.metadata
    let model = try #require(metadata["model"])
    metadata["model"] = model.replacing("\"hidden\":16", with: "\"hidden\":65536").replacing(
      "\"embedding\":8", with: "\"embedding\":65536")
    #expect(metadata["model"] != model)
    // A file of an older engine has no digest.
    metadata["sha256"] = nil
    try FileAccess.write(TensorFile(tensors: [], metadata: metadata).bytes(limits: .stateDict), to: path)
    let error = #expect(throws: InitialWeightsError.self) { try LanguageModelFile(path) }
    #expect("\(try #require(error))".contains("tensor embedding.weight is missing"))
  }

  @Test func bothDirectionsLearnWhatComesNext() throws {
    let run = try CircleLanguage().run()
    var state = run.start
    #expect(try run.train(&state))
    let last = try #require(state.history.last)
    #expect(last.epoch == 6 && state.history.count == 6)
    // Twelve words and an end that comes at an unknown time: a perfect model is at about 1.5.
    #expect(last.perplexity.allSatisfy { $0 < 2.2 }, "\(last.perplexity)")
    #expect(last.perplexity.count == 2)
  }

  @Test(arguments: [Precision.float32, .bfloat16])
  func threadsChangeNoBit(_ precision: Precision) throws {
    var language = try CircleLanguage()
    language.configuration.training.epochs = 1
    language.configuration.training.precision = precision
    let results = try [1, 2, 3].map { threads in
      let run = try language.run(threads: threads)
      var state = run.start
      _ = try run.train(&state)
      return PretrainedBits(state)
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }

  @Test(arguments: [1, 4, 9, 13]) func aRunStoppedAndResumedEqualsAnUnbrokenOne(_ stopAfter: Int) throws {
    var windows = 0
    let broken = try BrokenRun(threads: 1) {
      if case .window = $0 { windows += 1 }
      return windows == stopAfter
    }
    #expect(windows == stopAfter)
    #expect(broken.resumed == broken.unbroken)
  }

  /// Perplexity over many texts takes minutes: a stop then is noticed, and what was learnt until then is kept.
  @Test(arguments: [1, 2]) func aRunStoppedAtItsPerplexityEqualsAnUnbrokenOne(epoch: Int) throws {
    let broken = try BrokenRun(threads: 2) {
      if case .evaluating(epoch) = $0 { true } else { false }
    }
    #expect(broken.epochsBefore == epoch - 1)
    #expect(broken.windowsAfter[epoch] == nil, "the epoch was learnt again")
    #expect(broken.resumed == broken.unbroken)
  }

  @Test func aCheckpointOfOtherSettingsIsRefused() throws {
    var language = try CircleLanguage()
    let run = try language.run()
    let path = language.directory.path + "/lm.checkpoint"
    try PretrainingCheckpoint.save(run.start, run.model, run: try run.identity(), to: path)
    language.configuration.training.window = 10
    let other = try language.run().identity()
    let error = #expect(throws: CheckpointError.self) {
      _ = try PretrainingCheckpoint.load(path, run.model, language.configuration.training, run: other)
    }
    #expect(error == .otherRun(path: path, differences: ["configuration.training.window: 10 now, 9 then"]))
  }

  @Test func aFileGivesBackTheModel() throws {
    let language = try CircleLanguage()
    let run = try language.run()
    let path = language.directory.path + "/circle.lm"
    try run.file(run.start).write(to: path)
    let file = try LanguageModelFile(path)
    #expect(file.parameters == run.start.parameters)
    #expect(file.vocabulary.tokens == run.vocabulary.tokens)
    #expect(file.text == language.configuration.text)
    #expect(file.model.description == run.model.description)

    var bytes = try FileAccess.read(path, limit: 1 << 24)
    // A bit of a number: the file's structure does not show it.
    bytes[bytes.count - 52] ^= 1
    try FileAccess.write(bytes, to: path)
    let flipped = #expect(throws: InitialWeightsError.self) { _ = try LanguageModelFile(path) }
    guard case .damaged(_, reason: "its digest differs")? = flipped else {
      Issue.record("\(String(describing: flipped))")
      return
    }
    bytes.removeLast(40)
    try FileAccess.write(bytes, to: path)
    let error = #expect(throws: InitialWeightsError.self) { _ = try LanguageModelFile(path) }
    guard case .damaged? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// Labels are not read as words, whatever the file is called.
  @Test func aFormatIsNamedWhereTheEndingDoesNot() throws {
    let plain = try CircleLanguage()
    var marked = plain
    let lines = try String(
      decoding: FileAccess.read(plain.configuration.data.texts[0], limit: 1 << 20), as: UTF8.self
    ).split(separator: "\n").map { "__label__up \($0)\n" }
    let path = marked.directory.path + "/marked.txt"
    try FileAccess.write(Array(lines.joined().utf8), to: path)
    marked.configuration.data.texts = [path]
    #expect(try marked.run().vocabulary.tokens != plain.run().vocabulary.tokens)
    marked.configuration.data.format = .fasttext
    let (one, other) = (try marked.run(), try plain.run())
    #expect(one.vocabulary.tokens == other.vocabulary.tokens)
    #expect(one.texts == other.texts && one.valid == other.valid)
  }

  @Test func aWarmUpThatTheSchedulePassesOverIsRefused() throws {
    var configuration = PretrainingConfiguration()
    configuration.training.warmUp = 0.05
    let error = #expect(throws: OptionError.self) { try configuration.validate() }
    #expect(
      error?.description
        == "training.warm-up is 0.05; it must be 0 with the schedule one-cycle, which climbs by itself")
    configuration.training.schedule = .linear
    #expect(throws: Never.self) { try configuration.validate() }
  }

  /// A configuration of texts that are not there: what is refused is refused before they are read.
  private func refusal(cells: CellRegistry = .standard, _ set: (inout PretrainingConfiguration) -> Void)
    -> OptionError?
  {
    var configuration = PretrainingConfiguration()
    configuration.data.texts = ["no such file"]
    set(&configuration)
    return #expect(throws: OptionError.self) {
      _ = try PretrainingRun(configuration, cells: cells, pool: WorkerPool(threads: 1), kernels: .best)
    }
  }

  @Test func aCellThatDoesNotExistIsRefusedBeforeTextsAreRead() {
    #expect(
      refusal { $0.model.cell = "mgu" }?.description
        == #"model.cell is "mgu"; it must be one of gru, lstm, rnn"#)
  }

  @Test func settingsThatTheCellDoesNotTakeAreRefusedBeforeTextsAreRead() {
    let stranger = refusal { $0.model.cellOptions = ["peepholes": true] }
    #expect(stranger?.option == "model.cell-options" && stranger?.value == #"{"peepholes":true}"#)
    #expect(stranger?.allowed.hasPrefix("what the cell lstm takes: ") == true)
    #expect(
      refusal { $0.model.cellOptions = "before" }?.description
        == #"model.cell-options is "before"; it must be a table of settings"#)
    #expect(
      refusal { $0.model.cellOptions = ["hidden": 7] }?.description
        == #"model.cell-options is {"hidden":7}; it must be without hidden, which model.hidden gives"#)
  }

  @Test func weightDropoutOfACellWithoutRecurrentWeightsIsRefusedBeforeTextsAreRead() throws {
    var cells = CellRegistry.standard
    try cells.register(BareCell.self)
    let error = refusal(cells: cells) { $0.model.cell = "bare" }
    #expect(
      error?.description
        == "training.dropout.weight is 0.2; it must be 0 for the cell bare, which has no weight_hh")
  }

  @Test func aCellOfOnesOwnIsPretrained() throws {
    var language = try CircleLanguage()
    language.configuration.model.cell = "mgu"
    language.configuration.training.epochs = 1
    let run = try PretrainingRun(
      language.configuration, cells: registryWithExample(), pool: WorkerPool(threads: 2), kernels: .best)
    var state = run.start
    #expect(try run.train(&state))
    let path = language.directory.path + "/mgu.lm"
    try run.file(state).write(to: path)
    let file = try LanguageModelFile(path, cells: registryWithExample())
    #expect(file.parameters == state.parameters && file.model.description.cell == "mgu")
  }

  @Test func sharesOutOfRangeAreRefusedByName() throws {
    var language = try CircleLanguage()
    language.configuration.training.dropout.weight = 1
    var error = #expect(throws: OptionError.self) { _ = try language.run() }
    #expect(error?.option == "training.dropout.weight")
    language.configuration.training.dropout.weight = 0.1
    language.configuration.data.valid = 0
    error = #expect(throws: OptionError.self) { _ = try language.run() }
    #expect(error?.option == "data.valid")
  }
}

@Suite struct InitialWeightsTests {
  private func labelled(_ directory: TemporaryDirectory) throws -> String {
    let path = directory.path + "/labelled.tsv"
    let lines = (0..<40).map { $0 % 2 == 0 ? "up\tw1 w2 w3 new" : "down\tw3 w2 w1 new" }
    try FileAccess.write(Array(("label\ttext\n" + lines.joined(separator: "\n") + "\n").utf8), to: path)
    return path
  }

  private func configuration(_ language: CircleLanguage, file: String) throws -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try labelled(language.directory)]
    configuration.data.valid = "0.2"
    configuration.model.hidden = 16
    configuration.model.embedding = 8
    configuration.model.initFrom = file
    return configuration
  }

  @Test func aClassifierStartsFromTheModelsWordsVectorsAndCells() throws {
    let language = try CircleLanguage()
    let pretraining = try language.run()
    let path = language.directory.path + "/circle.lm"
    try pretraining.file(pretraining.start).write(to: path)
    let run = try TrainingRun(
      try configuration(language, file: path), pool: WorkerPool(threads: 1), kernels: .best)
    // The labelled texts' words by their frequency, and then those that only the model has.
    let tokens = run.encoder.vocabulary.tokens
    #expect(tokens[4..<8] == ["new", "w1", "w2", "w3"])
    #expect(
      tokens[8...] == pretraining.vocabulary.tokens[4...].filter { !["w1", "w2", "w3"].contains($0) }[...])
    #expect(run.wordsWithVectors == 12)
    let start = run.start.parameters
    #expect(start.layers == pretraining.start.parameters.layers)
    func vector(_ parameters: NetworkParameters, _ id: Int) -> ArraySlice<Float> {
      parameters.embedding.values[id * 8..<id * 8 + 8]
    }
    for (id, token) in tokens.enumerated() where token != "new" {
      let place = try #require(pretraining.vocabulary.tokens.firstIndex(of: token))
      #expect(vector(start, id).elementsEqual(vector(pretraining.start.parameters, place)), "\(token)")
    }
    #expect(vector(start, 4).contains { $0 != 0 })
  }

  /// Where not all words fit, those of the labelled texts stay.
  @Test func theWordsOfTheLabelledTextsComeFirst() throws {
    let language = try CircleLanguage()
    let pretraining = try language.run()
    let path = language.directory.path + "/circle.lm"
    try pretraining.file(pretraining.start).write(to: path)
    var configuration = try configuration(language, file: path)
    configuration.text.vocabularySize = 9
    let run = try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best)
    let tokens = run.encoder.vocabulary.tokens
    #expect(tokens.count == 9 && tokens[4..<8] == ["new", "w1", "w2", "w3"])
    #expect(run.wordsWithVectors == 4)
  }

  @Test func anotherShapeIsRefusedByName() throws {
    let language = try CircleLanguage()
    let pretraining = try language.run()
    let path = language.directory.path + "/circle.lm"
    try pretraining.file(pretraining.start).write(to: path)
    var configuration = try configuration(language, file: path)
    configuration.model.hidden = 17
    configuration.model.direction = .forward
    let error = #expect(throws: InitialWeightsError.self) {
      _ = try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best)
    }
    #expect(
      error?.description == """
        \(path) was trained with other settings; set model.direction to both (this run has forward), \
        model.hidden to 16 (this run has 17)
        """)
  }
}
