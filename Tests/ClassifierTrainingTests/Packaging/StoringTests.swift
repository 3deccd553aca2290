import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing

/// Packages made smaller: halves and integers.
@Suite struct StoringTests {
  private let directory = TemporaryDirectory()

  /// A small trained package with everything that storing has to carry over or leave out.
  private func trained(_ type: TensorType = .f32, layers: Int = 1, cell: String = "lstm") throws
    -> ModelPackage
  {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.cell = cell
    configuration.model.hidden = 7
    configuration.model.embedding = 9
    configuration.model.layers = layers
    configuration.training.epochs = 4
    configuration.training.learningRate = 0.02
    configuration.package.dtype = type
    configuration.package.checks = SmallReviews.table.split(separator: "\n").prefix(12).map(String.init)
    let run = try TrainingRun(configuration, pool: WorkerPool(threads: 2), kernels: .best)
    var state = run.start
    _ = try run.train(&state)
    return try #require(try run.makePackage(state, sources: [], created: "2026-01-01T00:00:00Z")).package
  }

  private func logits(_ classifier: Classifier) throws -> [[Float]] {
    try SmallReviews.table.split(separator: "\n").map { try classifier.classify(String($0)).logits }
  }

  @Test(arguments: ["lstm", "gru", "rnn"], [1, 2])
  func integersInMemoryInAFileAndReadAgainGiveTheSameBits(_ cell: String, _ layers: Int) throws {
    let original = try trained(layers: layers, cell: cell)
    let package = try original.storing(as: .i8)
    let path = directory.path + "/int8.rnnpkg"
    try package.write(toFile: path)
    let read = try ModelPackage(contentsOfFile: path)
    #expect(read.id == package.id && read.tensors == package.tensors)
    #expect(try read.archiveBytes() == package.archiveBytes())
    for tensor in read.tensors.tensors {
      #expect((tensor.dtype == .i8) == (tensor.shape.count == 2), "\(tensor.name)")
    }
    let found = try logits(Classifier(read))
    #expect(try logits(Classifier(package)) == found)
    // The original in floats is near, and not the same.
    let exact = try logits(Classifier(original))
    let worst = zip(found, exact).flatMap { zip($0, $1).map { ($0 - $1).magnitude } }.max() ?? 0
    #expect(worst > 0 && worst < 0.1, "\(worst)")
  }

  @Test func goldenCasesAreThoseOfTheNewWeightsOnEveryLevel() throws {
    let original = try trained()
    let package = try original.storing(as: .i8)
    #expect(package.goldenCases.map(\.text) == original.goldenCases.map(\.text))
    #expect(package.goldenCases.map(\.ids) == original.goldenCases.map(\.ids))
    #expect(package.goldenCases.map(\.logits) != original.goldenCases.map(\.logits))
    let sameBits: [KernelLevel] = [.avx2, .avx512]
    for level in KernelSet.supportedLevels {
      let classifier = try Classifier(package, kernels: try #require(KernelSet(level: level)))
      #expect(classifier.mismatches(of: package.goldenCases).isEmpty, "\(level)")
      guard
        level == KernelSet.best.level || (sameBits.contains(level) && sameBits.contains(KernelSet.best.level))
      else { continue }
      for golden in package.goldenCases {
        #expect(try classifier.classify(golden.text).logits == golden.logits, "\(level)")
      }
    }
  }

  @Test func weightsThatHalvesCannotHoldAreToldOf() throws {
    let original = try trained()
    var tensors = original.tensors
    let name = tensors.tensors[1].name
    tensors.tensors[1].values[0] = 1e6
    let large = try original.replacing(original.manifest, tensors: tensors, goldenCases: [])
    #expect(throws: StorageError.tooLarge(.beyondHalfPrecision(tensor: name, count: 1))) {
      try large.storing(as: .f16)
    }
  }

  @Test func halvesKeepTheirBits() throws {
    let original = try trained()
    let package = try original.storing(as: .f16)
    #expect(package.tensors.tensors.allSatisfy { $0.dtype == .f16 })
    for tensor in original.tensors.tensors {
      let halves = Tensor(name: tensor.name, shape: tensor.shape, dtype: .f16, values: tensor.values)
        .rounded()
      #expect(package.tensors[tensor.name] == halves)
    }
    #expect(package.manifest.engine.min == original.manifest.engine.min)
    // The rows that are read as halves are those of the widened table.
    var widened = package.tensors
    for index in widened.tensors.indices {
      let tensor = widened.tensors[index]
      widened.tensors[index] = Tensor(name: tensor.name, shape: tensor.shape, values: tensor.values)
    }
    var manifest = package.manifest
    manifest.model.dtype = .f32
    let floats = try ModelPackage(manifest: manifest, vocabulary: package.vocabulary, tensors: widened)
    #expect(try logits(Classifier(package)) == logits(Classifier(floats)))
  }

  @Test func theManifestSaysWhatItIsAndNotWhatTheOldWeightsScored() throws {
    var manifest = try trained(.f16).manifest
    manifest.speed = Manifest.Speed(textsPerSecond: 3)
    manifest.model.output.conformal = .init(alpha: 0.1, quantile: 0.8)
    manifest.behaviour = [
      .init(name: "negation", cases: 2, failures: 1, sha256: String(repeating: "0", count: 64))
    ]
    // Those rows need it, and what is made goes without.
    manifest.engine.min = EngineVersion.oldestBehaviourReader
    manifest.model.output.calibration = Manifest.Calibration(
      method: "temperature", t: 1.25, eceBefore: 0.2, eceAfter: 0.1)
    let plain = try trained(.f16)
    let original = try ModelPackage(
      manifest: manifest, card: plain.card, license: nil, vocabulary: plain.vocabulary,
      goldenCases: plain.goldenCases, suites: Array("{}".utf8), tensors: plain.tensors)
    let package = try original.storing(as: .i8)
    #expect(original.manifest.evaluation?.isEmpty == false)
    #expect(package.manifest.evaluation == nil && package.manifest.speed == nil)
    #expect(package.manifest.behaviour == nil && package.manifest.model.output.conformal == nil)
    #expect(original.suites != nil && package.suites == nil)
    #expect(package.manifest.model.output.calibration == Manifest.Calibration(method: "temperature", t: 1.25))
    #expect(package.manifest.model.dtype == .i8 && package.manifest.model.quantization == .int8)
    #expect(package.manifest.engine.min == "1.1")
    #expect(package.manifest.training == original.manifest.training)
    #expect(package.manifest.model.parameters == original.manifest.model.parameters)
    #expect(package.vocabulary == original.vocabulary)
    let base = try #require(package.manifest.provenance?.baseModel)
    #expect(base["id"] == .string(original.id) && base["dtype"] == "f16")
    #expect(package.manifest.provenance?.created == "2026-01-01T00:00:00Z")
  }

  @Test func aGeneratedCardIsWrittenAnewAndAnotherIsAddedTo() throws {
    let original = try trained()
    let card = try #require(try original.storing(as: .i8).card)
    #expect(card.contains("stored as i8") && card.contains(original.id))
    #expect(original.card?.contains("## Evaluation") == true && !card.contains("## Evaluation"))
    let own = try ModelPackage(
      manifest: original.manifest, card: "# Mine\n\n91.3 %\n", vocabulary: original.vocabulary,
      goldenCases: original.goldenCases, tensors: original.tensors)
    let kept = try #require(try own.storing(as: .f16).card)
    #expect(kept.hasPrefix("# Mine\n\n91.3 %\n\n## Rounded weights\n\n"))
    #expect(kept.contains("by rounding them to f16. Figures of that package are not those of this one."))
  }

  @Test func theCardSaysAllThatIsKnownOfTheModel() throws {
    let package = try trained()
    var manifest = package.manifest
    manifest.card = Manifest.Card(
      intendedUse: "Films.", limitations: "Irony.", bias: "Old films.", outOfScope: "People.")
    let card = try #require(try package.replacing(manifest).card)
    #expect(
      card.contains(
        "## Intended use\n\nFilms.\n\n## Out of scope\n\nPeople.\n\n## Limitations\n\nIrony.\n\n"
          + "## Bias\n\nOld films.\n\n"))
  }

  @Test func weightsThatWouldGetNoSmallerAreRefused() throws {
    let halves = try trained(.f16)
    #expect(throws: StorageError.noSmaller(found: .f16, wanted: .f16)) { try halves.storing(as: .f16) }
    let integers = try halves.storing(as: .i8)
    for type in TensorType.allCases {
      #expect(throws: StorageError.noSmaller(found: .i8, wanted: type)) { try integers.storing(as: type) }
    }
    #expect(
      "\(StorageError.noSmaller(found: .i8, wanted: .f16))"
        == "the package stores its weights as i8 already; f16 would make them no smaller")
  }

  @Test func trainingStoresNoIntegers() {
    var configuration = TrainingConfiguration()
    configuration.package.dtype = .i8
    let error = #expect(throws: OptionError.self) { try configuration.validate() }
    #expect(error?.description.contains("rnnpkg quantize") == true)
  }
}
