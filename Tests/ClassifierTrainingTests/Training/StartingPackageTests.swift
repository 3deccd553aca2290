import ClassifierTraining
import FileAccess
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing
import TextEncoding

/// Training that starts from a finished package.
@Suite struct StartingPackageTests {
  private let directory = TemporaryDirectory()

  private func configuration(_ table: String = SmallReviews.table) throws -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", table)]
    configuration.model.hidden = 5
    configuration.model.embedding = 6
    configuration.training.epochs = 1
    return configuration
  }

  /// A package trained for an epoch, at a path.
  private func package(_ configuration: TrainingConfiguration) throws -> (path: String, content: ModelPackage)
  {
    let run = try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best)
    var state = run.start
    _ = try run.train(&state)
    let package = try #require(try run.makePackage(state, sources: [], created: nil)).package
    let path = directory.path + "/first.rnnpkg"
    try package.write(toFile: path)
    return (path, package)
  }

  private func run(_ configuration: TrainingConfiguration, from path: String) throws -> TrainingRun {
    var configuration = configuration
    configuration.model.initFrom = path
    return try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best)
  }

  /// The logits of a run's first parameters, label by label.
  private func logits(_ run: TrainingRun, _ text: String) -> [String: Float] {
    let bound = BoundNetwork(run.network, run.start.parameters, kernels: .best)
    let values = NetworkPass(run.network)
      .logits(bound, run.network.batch([run.encoder.encode(text).ids])).rowValues(0)
    return Dictionary(zip(run.labels, values), uniquingKeysWith: { first, _ in first })
  }

  private let texts = ["", "so warm and funny", "dull, dull", "unheard words here"]

  @Test(arguments: ["last", "concat", "attention"], ["lstm", "gru", "rnn"])
  func theFirstAnswersAreThoseOfThePackage(readout: String, cell: String) throws {
    var options = try configuration()
    options.model.readout = readout
    options.model.cell = cell
    let (path, content) = try package(options)
    let next = try run(options, from: path)
    #expect(next.wordsWithVectors == next.encoder.vocabulary.count - 4)
    let classifier = try Classifier(content)
    for text in texts {
      let expected = try classifier.classify(text).logits
      let found = logits(next, text)
      #expect(next.labels.map { found[$0] } == expected.map { $0 }, "\(text)")
    }
  }

  /// A package from elsewhere may name its labels in another order than data does.
  @Test func labelsInAnotherOrderKeepTheirAnswers() throws {
    let options = try configuration()
    let (_, content) = try package(options)
    var manifest = content.manifest
    manifest.task.labels.reverse()
    manifest.evaluation = nil
    let turned = try ModelPackage(
      manifest: manifest, card: content.card, license: content.license, vocabulary: content.vocabulary,
      goldenCases: content.goldenCases, tensors: content.tensors)
    let path = directory.path + "/turned.rnnpkg"
    try turned.write(toFile: path)
    let next = try run(options, from: path)
    let classifier = try Classifier(turned)
    #expect(classifier.labels == next.labels.reversed())
    for text in texts {
      let expected = Dictionary(
        zip(classifier.labels, try classifier.classify(text).logits), uniquingKeysWith: { first, _ in first })
      #expect(logits(next, text) == expected, "\(text)")
    }
  }

  @Test func otherLabelsKeepEverythingButTheReadout() throws {
    let (path, content) = try package(configuration())
    let next = try run(
      configuration(
        SmallReviews.table.replacing("negative\t", with: "bad\t").replacing("positive\t", with: "good\t")),
      from: path)
    let start = next.start.parameters
    let names = next.network.parameterSpecs.map(\.name)
    let values = Dictionary(
      zip(names, start.namedValues(next.network).map(\.values)), uniquingKeysWith: { first, _ in first })
    for name in names where name.hasPrefix("rnn.") { #expect(values[name] == content.tensors[name]?.values) }
    #expect(names.contains { $0.hasPrefix("rnn.") })
    #expect(values["readout.weight"] != content.tensors["readout.weight"]?.values)
  }

  @Test func aConfigurationTakesOverTheShape() throws {
    var options = try configuration()
    var before = JSONObject()
    before["reset"] = .string("before")
    options.model.cell = "gru"
    options.model.cellOptions = .object(before)
    options.model.layers = 2
    options.model.direction = .forward
    options.model.readout = "last"
    options.model.running = "chopped"
    options.model.runningLength = 7
    options.model.initialState = .learned
    options.text.letterCase = .keep
    options.text.truncate = .head
    options.text.packagedMaxTokens = 90
    let (path, content) = try package(options)
    let next = try TrainingConfiguration(
      merging: ["data": ["train": .array([.string(options.data.train[0])])]], startingFrom: path)
    #expect(next.model.initFrom == path)
    #expect(next.model.description == options.model.description)
    #expect(next.text.letterCase == .keep && next.text.truncate == .head && next.text.packagedMaxTokens == 90)
    #expect(next.text.vocabularySize == 30_000 + (try Classifier(content).encoder.vocabulary.count))
    let run = try run(next, from: path)
    let expected = try Classifier(content).classify("so warm").logits
    let found = logits(run, "so warm")
    #expect(run.labels.map { found[$0] } == expected.map { $0 })
  }

  /// What a configuration says of its own stands over the start's shape, and where the two cannot be, both are named.
  @Test func theTreeStandsOverTheShape() throws {
    let options = try configuration()
    let (path, _) = try package(options)
    let tree: JSONValue = [
      "data": ["train": .array([.string(options.data.train[0])])],
      "model": ["init-from": .string(path), "readout": "last", "hidden": 7], "text": ["case": "keep"],
    ]
    let next = try TrainingConfiguration(merging: tree)
    #expect(next.model.readout == "last" && next.model.hidden == 7 && next.model.embedding == 6)
    let error = #expect(throws: InitialWeightsError.self) {
      _ = try TrainingRun(next, pool: WorkerPool(threads: 1), kernels: .best)
    }
    #expect(
      error?.description == """
        \(path) was trained with other settings; set model.hidden to 5 (this run has 7), \
        text.case to lower (this run has keep)
        """)
  }

  /// What a run says of its start.
  private func notes(_ configuration: TrainingConfiguration, from path: String) throws -> [String] {
    var configuration = configuration
    configuration.model.initFrom = path
    var notes: [String] = []
    _ = try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best) { notes.append($0) }
    return notes
  }

  @Test func aRunSaysWhatComesAlong() throws {
    var options = try configuration()
    options.partner.enabled = true
    let (path, content) = try package(options)
    options.partner.enabled = false
    let count = try Classifier(content).encoder.vocabulary.count - 4
    let known = "starting from \(path): it knows \(count) of \(count) words"
    #expect(
      try notes(options, from: path).suffix(2) == [known, "its partner stays behind; --partner trains one"])
    var fewer = options
    fewer.text.vocabularySize = 4 + 3
    let fewerNotes = try notes(fewer, from: path)
    #expect(fewerNotes.contains(known))
    #expect(
      fewerNotes.contains(
        "text.vocabulary-size is 7, and the package's \(count + 4) entries stay: no new word joins them"
      ))
    var last = options
    last.model.readout = "last"
    #expect(try notes(last, from: path).last == "the readout is new: the package's is concat")
    let other = try configuration(SmallReviews.table.replacing("positive\t", with: "good\t"))
    #expect(
      try notes(other, from: path).last
        == #"the readout is new: the package's labels are "negative", "positive""#)
  }

  @Test func aPackagesWordsComeFirstAndTheLimitIsForNewOnes() throws {
    let (path, content) = try package(configuration())
    let words = try Vocabulary(parsing: content.vocabulary).tokens
    let more = String(repeating: "positive\tA splendid one.\nnegative\tA dismal one.\n", count: 8)
    var options = try configuration(SmallReviews.table + more)
    for (limit, joining) in [(30_000, 2), (0, 2), (words.count + 1, 1), (words.count, 0), (7, 0)] {
      options.text.vocabularySize = limit
      let next = try run(options, from: path)
      let tokens = next.encoder.vocabulary.tokens
      #expect(tokens.prefix(words.count) == words[...], "\(limit)")
      let new = tokens.dropFirst(words.count)
      let areNew = new.allSatisfy { ["splendid", "dismal"].contains($0) }
      #expect(new.count == joining && areNew, "\(limit): \(new)")
      #expect(next.wordsWithVectors == words.count - 4)
    }
  }

  /// A program's own readout is known to the start as well.
  @Test func registeredReadoutsCanStart() throws {
    var readouts = ReadoutRegistry.standard
    try readouts.register(ScaledSumReadout.self)
    var options = try configuration()
    options.model.readout = ScaledSumReadout.kind.rawValue
    func run(_ options: TrainingConfiguration) throws -> TrainingRun {
      try TrainingRun(options, readouts: readouts, pool: WorkerPool(threads: 1), kernels: .best)
    }
    let first = try run(options)
    var state = first.start
    _ = try first.train(&state)
    options.model.initFrom = directory.path + "/scaled.rnnpkg"
    let package = try #require(try first.makePackage(state, sources: [], created: nil)).package
    try package.write(toFile: options.model.initFrom)
    let next = try run(options)
    #expect(
      Array(next.start.parameters.readout["weight"]) == package.tensors["readout.weight"]?.values)
  }

  @Test(arguments: [
    ("<!doctype html><html></html>", "web page"), ("label\ttext\ngood\tfine\n", "gzip"), ("", "empty"),
  ])
  func filesThatAreNeitherAreNamed(content: String, word: String) throws {
    let path = try directory.file("other", content)
    let options = try configuration()
    let error = #expect(throws: InitialWeightsError.self) { _ = try run(options, from: path) }
    guard case .package(path, is PackageError)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
  }

  /// A GRU's two conventions have weights of the same shapes.
  @Test func anotherConventionOfTheSameShapesIsRefused() throws {
    var options = try configuration()
    options.model.cell = "gru"
    let (path, _) = try package(options)
    var before = JSONObject()
    before["reset"] = .string("before")
    options.model.cellOptions = .object(before)
    #expect {
      _ = try run(options, from: path)
    } throws: { error in
      "\(error)".contains("model.cell-options") && "\(error)".contains("before")
    }
  }

  @Test func damagedPackagesAreRefusedByTheirPath() throws {
    let (path, content) = try package(configuration())
    let cut = directory.path + "/cut.rnnpkg"
    try FileAccess.write(Array(content.archiveBytes().dropLast(40)), to: cut)
    let options = try configuration()
    #expect {
      _ = try run(options, from: cut)
    } throws: { error in
      guard case InitialWeightsError.package(cut, is PackageError) = error else { return false }
      return "\(error)".hasPrefix(cut)
    }
    #expect(path != cut)
  }

  @Test func theManifestNamesFilesWithoutTheirDirectories() throws {
    let options = try configuration()
    let (path, _) = try package(options)
    let next = try run(options, from: path)
    var state = next.start
    _ = try next.train(&state)
    let made = try #require(try next.makePackage(state, sources: [], created: nil)).package
    let recorded = made.manifest.training?.config?.objectValue?["model"]?.objectValue?["init-from"]
    #expect(recorded == .string("first.rnnpkg"))
  }

  @Test func theManifestNamesThePackageThatTrainingStartedFrom() throws {
    let options = try configuration()
    let (path, content) = try package(options)
    let next = try run(options, from: path)
    var state = next.start
    _ = try next.train(&state)
    let made = try #require(try next.makePackage(state, sources: [], created: nil)).package
    #expect(
      made.manifest.provenance?.baseModel
        == ["id": .string(content.id), "name": .string(content.manifest.name), "version": "1.0.0"])
    #expect(made.card?.contains("## Fine-tuning\n\nTraining started from `model@1.0.0`, package id") == true)
    #expect(content.manifest.provenance == nil)
  }
}
