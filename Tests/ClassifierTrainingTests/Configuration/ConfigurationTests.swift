import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import Testing

/// Configurations as trees, and what they refuse.
@Suite struct ConfigurationTests {
  @Test func aTreeIsReadBackWhole() throws {
    var configuration = TrainingConfiguration()
    configuration.data.train = ["a.tsv", "b \"quoted\".tsv"]
    configuration.data.sources = [.init(name: "reviews", rows: 7)]
    configuration.model.cellOptions = ["reset": "before"]
    configuration.training.learningRate = 1e-5
    configuration.training.seed = 9_007_199_254_740_993
    configuration.training.optimizer.kind = .adamw
    configuration.training.precision = .bfloat16
    configuration.data.unlabelled = ["c.txt"]
    configuration.training.adversarial.weight = 1
    configuration.training.virtualAdversarial = .init(weight: 0.5, epsilon: 2, xi: 0.25)
    configuration.training.entropy.weight = 0.25
    configuration.training.ramp = 0.5
    configuration.training.unlabelledBatchSize = 9
    configuration.package.checks = ["", "\u{1f600}\u{7f}"]
    #expect(try TrainingConfiguration(merging: configuration.tree()) == configuration)
  }

  @Test func aPartialTreeLeavesTheDefaults() throws {
    let configuration = try TrainingConfiguration(merging: [
      "training": ["epochs": 3, "dropout": ["input": 0]]
    ])
    var expected = TrainingConfiguration()
    expected.training.epochs = 3
    expected.training.dropout.input = 0
    #expect(configuration == expected)
    #expect(try TrainingConfiguration(merging: .object(JSONObject())) == TrainingConfiguration())
  }

  private static let strangers: [(JSONValue, String)] = [
    (["trainig": ["epochs": 3]], "trainig"), (["training": ["epoch": 3]], "training: unknown key \"epoch\""),
    (["training": ["epochs": "3"]], "training.epochs"), (["training": 7], "training"),
    (["training": ["precision": "f16"]], "training.precision"),
    (["training": ["optimizer": ["kind": "rmsprop"]]], "training.optimizer.kind"),
  ]

  @Test(arguments: strangers)
  func whatDoesNotExistIsRefusedByName(_ tree: JSONValue, _ name: String) {
    do {
      _ = try TrainingConfiguration(merging: tree)
      Issue.record("accepted")
    } catch {
      #expect("\(error)".contains(name), "\(error)")
    }
  }

  /// An option and a value that no run can use.
  struct BadValue: Sendable {
    let option: String
    let set: @Sendable (inout TrainingConfiguration) -> Void
  }

  private static let badValues = [
    BadValue(option: "training.epochs") { $0.training.epochs = 0 },
    BadValue(option: "training.learning-rate") { $0.training.learningRate = .nan },
    BadValue(option: "training.learning-rate") { $0.training.learningRate = 0 },
    BadValue(option: "training.clip") { $0.training.clip = -1 },
    BadValue(option: "training.average") { $0.training.average = 1 },
    BadValue(option: "training.warm-up") { $0.training.warmUp = 1 },
    BadValue(option: "training.dropout.input") { $0.training.dropout.input = 1 },
    BadValue(option: "training.precision") { $0.training.precision = .int8 },
    BadValue(option: "training.shards") { $0.training.shards = 0 },
    BadValue(option: "training.label-smoothing") { $0.training.labelSmoothing = -0.1 },
    BadValue(option: "training.adversarial.weight") { $0.training.adversarial.weight = -1 },
    BadValue(option: "training.adversarial.epsilon") { $0.training.adversarial.epsilon = .nan },
    BadValue(option: "training.virtual.weight") { $0.training.virtualAdversarial.weight = .infinity },
    BadValue(option: "training.virtual.epsilon") { $0.training.virtualAdversarial.epsilon = -1 },
    BadValue(option: "training.virtual.xi") { $0.training.virtualAdversarial.xi = 0 },
    BadValue(option: "training.entropy.weight") { $0.training.entropy.weight = -0.5 },
    BadValue(option: "training.ramp") { $0.training.ramp = 1.5 },
    BadValue(option: "training.unlabelled-batch-size") { $0.training.unlabelledBatchSize = -1 },
    BadValue(option: "training.optimizer.beta1") { $0.training.optimizer.beta1 = 1 },
    BadValue(option: "training.optimizer.epsilon") { $0.training.optimizer.epsilon = .infinity },
    BadValue(option: "data.train") { $0.data.train = ["a.tsv", ""] },
    BadValue(option: "data.valid") { $0.data.valid = "" },
    BadValue(option: "model.hidden") { $0.model.hidden = 0 },
    BadValue(option: "model.layers") { $0.model.layers = 65 },
    BadValue(option: "model.embedding") { $0.model.embedding = 70_000 },
    BadValue(option: "model.vector-scale") { $0.model.vectorScale = 0 },
    BadValue(option: "model.cell-options") { $0.model.cellOptions = 7 },
    BadValue(option: "model.cell-options") { $0.model.cellOptions = ["hidden": 7] },
    BadValue(option: "model.running") { $0.model.running = "chop" },
    BadValue(option: "model.running-length") {
      $0.model.running = "chopped"
      $0.model.runningLength = -1
    },
    BadValue(option: "model.running-length") { $0.model.runningLength = 5 },
    BadValue(option: "model.running-length") { $0.model.running = "chopped" },
    BadValue(option: "model.running-length") {
      $0.model.running = "chopped"
      $0.model.runningLength = 65_537
    },
    BadValue(option: "model.running-length") {
      $0.model.running = "windowed"
      $0.model.runningLength = 257
    },
    BadValue(option: "text.min-count") { $0.text.minCount = 0 },
    BadValue(option: "text.vocabulary-size") { $0.text.vocabularySize = 4 },
    BadValue(option: "text.max-tokens") { $0.text.maxTokens = -1 },
    BadValue(option: "data.valid") { $0.data.valid = "1.5" },
    BadValue(option: "data.valid") { $0.data.valid = "nan" },
    BadValue(option: "package.name") { $0.package.name = "" },
    BadValue(option: "package.name") { $0.package.name = "My Model" },
    BadValue(option: "package.name") { $0.package.name = "-model" },
    BadValue(option: "package.version") { $0.package.version = "" },
    BadValue(option: "package.version") { $0.package.version = "1 0" },
    BadValue(option: "package.license") { $0.package.license = "not a licence" },
    BadValue(option: "package.checks") { $0.package.checks = [] },
    // What would be passed over in silence.
    BadValue(option: "training.warm-up") { $0.training.warmUp = 0.1 },
    BadValue(option: "training.ramp") { $0.training.ramp = 0.5 },
    BadValue(option: "training.ramp") {
      $0.training.ramp = 0.5
      $0.training.adversarial.weight = 1
    },
    BadValue(option: "training.unlabelled-batch-size") { $0.training.unlabelledBatchSize = 9 },
    BadValue(option: "training.unlabelled-batch-size") {
      $0.training.unlabelledBatchSize = 9
      $0.training.entropy.weight = 1
    },
    BadValue(option: "training.bptt-window") {
      $0.training.bpttWindow = 20
      $0.model.running = "windowed"
      $0.model.runningLength = 15
    },
    BadValue(option: "partner.orders") { $0.partner.orders = 2 },
    BadValue(option: "partner.max-bytes") { $0.partner.maxBytes = 4_096 },
    BadValue(option: "partner.l2") { $0.partner.l2 = 2 },
    BadValue(option: "partner.min-documents") { $0.partner.minDocuments = 3 },
    BadValue(option: "partner.min-tokens") { $0.partner.minTokens = 30 },
  ]

  @Test(arguments: badValues)
  func valuesThatNoRunCanUseAreRefusedByName(_ bad: BadValue) {
    var configuration = TrainingConfiguration()
    bad.set(&configuration)
    let error = #expect(throws: OptionError.self) { try configuration.validate() }
    #expect(error?.option == bad.option)
  }

  /// The rule is the manifest's.
  @Test func aWordForFileNamesIsRefusedWithItsRule() {
    func refusal(_ set: (inout PackageOptions) -> Void) -> String? {
      var configuration = TrainingConfiguration()
      set(&configuration.package)
      return #expect(throws: OptionError.self) { try configuration.validate() }?.description
    }
    #expect(
      refusal { $0.name = "My\tModel" }
        == #"package.name is "My\tModel"; it must be a word for file names: use up to 128 lower-case letters, digits and, not "#
        + "first, '.', '_' or '-'")
    #expect(
      refusal { $0.version = "+1" }
        == #"package.version is "+1"; it must be a word for file names: use up to 64 letters, digits and, not first, '.', '_', "#
        + "'-' or '+'")
  }

  /// What `ModelOptions.description` says of options that are valid; it has no way to refuse others.
  @Test func aDescriptionHasWidthSettingsAndRunning() throws {
    var configuration = TrainingConfiguration()
    configuration.model.cell = "gru"
    configuration.model.hidden = 7
    configuration.model.cellOptions = ["reset": "before"]
    #expect(configuration.model.description.running == .continuous)
    for (kind, running) in [("chopped", Running.chopped(length: 9)), ("windowed", .windowed(length: 9))] {
      configuration.model.running = kind
      configuration.model.runningLength = 9
      try configuration.validate()
      #expect(configuration.model.description.running == running)
    }
    #expect(configuration.model.description.cellConfiguration == ["reset": "before", "hidden": 7])
  }

  /// Training would end with a package that `rnnpkg verify` refuses.
  @Test func aPackageWithoutGoldenCasesIsRefusedBeforeTraining() {
    var configuration = TrainingConfiguration()
    configuration.package.checks = []
    let error = #expect(throws: OptionError.self) { try configuration.validate() }
    #expect(
      error?.description
        == "package.checks is []; it must be a list of one text or more, or left out for the standard ones")
  }

  /// The same values, where something reads them.
  @Test func valuesThatSomethingReadsAreTaken() {
    var configuration = TrainingConfiguration()
    configuration.training.schedule = .linear
    configuration.training.warmUp = 0.1
    configuration.training.entropy.weight = 1
    configuration.training.ramp = 0.5
    configuration.data.unlabelled = ["a.txt"]
    configuration.training.unlabelledBatchSize = 9
    configuration.training.bpttWindow = 20
    configuration.model.running = "chopped"
    configuration.model.runningLength = 50
    configuration.partner.enabled = true
    configuration.partner.orders = 2
    configuration.partner.maxBytes = 4_096
    #expect(throws: Never.self) { try configuration.validate() }
  }
}
