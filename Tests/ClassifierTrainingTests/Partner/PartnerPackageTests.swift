import ClassifierTraining
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing
import TextEncoding

/// Packages with a linear partner, through everything that packages go through.
@Suite struct PartnerPackageTests {
  private let directory = TemporaryDirectory()
  private let pool = WorkerPool(threads: 2)

  private func trained(
    isEnabled: Bool = true, cells: CellRegistry = .standard, readouts: ReadoutRegistry = .standard,
    _ change: (inout ModelOptions) -> Void = { _ in }
  ) throws -> ModelPackage {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.hidden = 7
    configuration.model.embedding = 9
    configuration.training.epochs = 2
    configuration.partner.enabled = isEnabled
    change(&configuration.model)
    let run = try TrainingRun(
      configuration, cells: cells, readouts: readouts, pool: pool, kernels: .best)
    var state = run.start
    _ = try run.train(&state)
    let made = try #require(try run.makePackage(state, sources: [], created: nil))
    #expect((made.partner != nil) == isEnabled)
    return made.package
  }

  private var texts: [String] { SmallReviews.table.split(separator: "\n").map(String.init) + ["", "zzqx"] }

  private func logits(_ package: ModelPackage) throws -> [[Float]] {
    let classifier = try Classifier(package)
    return try texts.map { try classifier.classify($0).logits }
  }

  @Test func aTextAloneAndInABatchHasTheSameBits() throws {
    let package = try trained()
    let classifier = try Classifier(package)
    let alone = try texts.map { try classifier.classify($0) }
    for threads in [1, 2] {
      #expect(try classifier.classify(texts, pool: WorkerPool(threads: threads)) == alone)
    }
    // The partner has a say: the network alone answers otherwise.
    #expect(
      try alone.map(\.logits)
        != texts.map { try classifier.networkLogits(of: classifier.encoder.encode($0).ids) })
  }

  @Test func aFileADirectoryAndIntegersKeepThePartner() throws {
    let package = try trained()
    #expect(package.manifest.engine.min == EngineVersion.oldestPartnerReader)
    #expect(try Classifier(package).mismatches(of: package.goldenCases).isEmpty)
    #expect(!package.goldenCases.isEmpty)
    let path = directory.path + "/model.rnnpkg"
    try package.write(toFile: path)
    let read = try ModelPackage(contentsOfFile: path)
    #expect(read.id == package.id && read.manifest.model.partner == package.manifest.model.partner)
    #expect(try read.archiveBytes() == package.archiveBytes())
    try read.unpack(intoDirectory: directory.path + "/files")
    let packed = try ModelPackage(directory: directory.path + "/files")
    #expect(packed.id == package.id)
    #expect(try logits(packed) == logits(package))
    for dtype in [TensorType.f16, .i8] {
      let stored = try package.storing(as: dtype)
      #expect(stored.manifest.model.partner == package.manifest.model.partner)
      #expect(stored.manifest.engine.min == EngineVersion.oldestPartnerReader)
      for name in ["buckets", "fingerprints", "weights", "bias"] {
        #expect(stored.tensors["partner.\(name)"] == package.tensors["partner.\(name)"])
      }
      #expect(try Classifier(stored).mismatches(of: stored.goldenCases).isEmpty)
      let again = try ModelPackage(bytes: stored.archiveBytes())
      #expect(try logits(again) == logits(stored))
    }
  }

  @Test func aPartnerIsAddedAndReplaced() throws {
    let bare = try trained(isEnabled: false)
    #expect(bare.manifest.engine.min == EngineVersion.oldestReader)
    let data = try LabelledTexts(
      files: [directory.path + "/reviews.tsv"], textField: "text", labelField: "label")
    let (train, dev) = data.split(holdingOut: 0.3, random: RandomStream(seed: 1))
    let made = try bare.adding(
      PartnerOptions(), train: train, dev: dev, devSource: .init(name: "dev"), pool: pool)
    let classifier = try Classifier(made.package)
    #expect(classifier.mismatches(of: made.package.goldenCases).isEmpty)
    #expect(made.package.goldenCases.map(\.ids) == bare.goldenCases.map(\.ids))
    let test = try PackageTest(classifier, dev, pool: pool)
    #expect(test.report.accuracy == made.partner.stackAccuracy)
    #expect(test.report == made.report)
    #expect(
      try PackageTest(Classifier(bare), dev, pool: pool).report.accuracy == made.partner.networkAccuracy)

    let again = try made.package.adding(
      PartnerOptions(), train: train, dev: dev, devSource: .init(name: "dev"), pool: pool)
    #expect(again.package.id == made.package.id, "a partner that is replaced by its like")
    var options = PartnerOptions()
    options.orders = 1
    let other = try made.package.adding(
      options, train: train, dev: dev, devSource: .init(name: "dev"), pool: pool)
    #expect(other.package.manifest.model.partner?.orders == 1)
    #expect(other.partner.features < made.partner.features)
  }

  @Test func shortTextsCanBeLeftToTheNetwork() throws {
    let bare = try trained(isEnabled: false)
    let longer = SmallReviews.table.replacing(" film and", with: " and long film and")
    let data = try LabelledTexts(
      files: [directory.file("longer.tsv", longer)], textField: "text", labelField: "label")
    let (train, dev) = data.split(holdingOut: 0.3, random: RandomStream(seed: 1))
    let encoder = try Classifier(bare).encoder
    let lengths = dev.texts.map { encoder.encode($0).ids.count }
    let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    #expect(shortest < longest)
    var options = PartnerOptions()
    options.minTokens = longest
    func add() throws -> ModelPackage {
      try bare.adding(options, train: train, dev: dev, devSource: .init(name: "dev"), pool: pool).package
    }
    let package = try add()
    #expect(package.manifest.model.partner?.stack.partnerMinLength == longest)
    #expect(package.manifest.engine.min == EngineVersion.oldestPartnerLengthReader)
    let classifier = try Classifier(package)
    let stack = try #require(package.manifest.model.partner?.stack)
    for (text, length) in zip(dev.texts, lengths) {
      let factor = LogitStack(stack).factors(idCount: length).network
      let network = try classifier.networkLogits(of: classifier.encoder.encode(text).ids)
      let alone = network.map { Float(factor * Double($0)) }
      #expect(try (classifier.classify(text).logits == alone) == (length < longest), "\(length)")
    }
    let integers = try package.storing(as: .i8)
    #expect(integers.manifest.engine.min == EngineVersion.oldestPartnerLengthReader)
    var understated = package.manifest
    understated.engine.min = EngineVersion.oldestPartnerReader
    #expect(throws: ClassifierLoadError.engineUnderstated(stated: "1.2", needed: "1.3")) {
      try Classifier(package.replacing(understated, tensors: package.tensors, goldenCases: []))
    }

    let replaced = try package.adding(
      PartnerOptions(), train: train, dev: dev, devSource: .init(name: "dev"), pool: pool
    ).package
    #expect(replaced.manifest.engine.min == EngineVersion.oldestPartnerReader)
    #expect(ModelCard(package.manifest).text.contains("words, for texts of \(longest) tokens or more."))
    #expect(!ModelCard(replaced.manifest).text.contains("tokens or more"))

    // Of the texts that are long enough only those of one label.
    let lengthened = SmallReviews.table.split(separator: "\n").map {
      $0.hasPrefix("positive") ? "\($0) It is a warm and lovely film." : "\($0)"
    }
    let uneven = try LabelledTexts(
      files: [directory.file("uneven.tsv", lengthened.joined(separator: "\n"))], textField: "text",
      labelField: "label")
    options.minTokens = 12
    #expect(throws: PartnerError.oneLabel("positive", texts: "dev texts of 12 tokens or more")) {
      try bare.adding(options, train: train, dev: uneven, devSource: .init(name: "dev"), pool: pool)
    }
    options.minTokens = longest + 1
    #expect(throws: PartnerError.shortTexts(minTokens: longest + 1, longest: longest)) { try add() }
    var configuration = TrainingConfiguration()
    configuration.data.train = [directory.path + "/reviews.tsv"]
    configuration.partner = options
    configuration.partner.enabled = true
    configuration.partner.minTokens = 1_000
    #expect(throws: PartnerError.shortTexts(minTokens: 1_000, longest: 8)) {
      try TrainingRun(configuration, pool: pool, kernels: .best)
    }
  }

  @Test func aPartnerIsAddedToANetworkOfPartsFromOutside() throws {
    let cells = try registryWithExample()
    var readouts = ReadoutRegistry.standard
    try readouts.register(ScaledSumReadout.self)
    let bare = try trained(isEnabled: false, cells: cells, readouts: readouts) {
      $0.cell = "mgu"
      $0.readout = "scaled-sum"
      $0.direction = .forward
    }
    let data = try LabelledTexts(
      files: [directory.path + "/reviews.tsv"], textField: "text", labelField: "label")
    let (train, dev) = data.split(holdingOut: 0.3, random: RandomStream(seed: 1))
    let made = try bare.adding(
      PartnerOptions(), train: train, dev: dev, devSource: .init(name: "dev"), pool: pool, cells: cells,
      readouts: readouts)
    let classifier = try Classifier(made.package, cells: cells, readouts: readouts)
    #expect(classifier.mismatches(of: made.package.goldenCases).isEmpty && !made.package.goldenCases.isEmpty)
    #expect(throws: ClassifierLoadError.self) {
      try bare.adding(PartnerOptions(), train: train, dev: dev, devSource: .init(name: "dev"), pool: pool)
    }
  }
}
