import ClassifierTraining
import ModelPackage
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

  private static let wrongTrees: [(tree: JSONValue, name: String)] = [
    (["trainig": ["epochs": 3]], "trainig"), (["training": ["epoch": 3]], "training.epoch"),
    (["training": ["epochs": "3"]], "training.epochs"), (["training": 7], "training"),
    (["training": ["optimizer": ["kind": "rmsprop"]]], "training.optimizer.kind"),
  ]

  @Test(arguments: wrongTrees)
  func whatDoesNotExistIsRefusedByName(_ tree: JSONValue, _ name: String) {
    do {
      _ = try TrainingConfiguration(merging: tree)
      Issue.record("accepted")
    } catch {
      #expect("\(error)".contains(name), "\(error)")
    }
  }

  private typealias Change = @Sendable (inout TrainingConfiguration) -> Void

  private static let uselessValues: [(option: String, change: Change)] = [
    ("training.epochs", { $0.training.epochs = 0 }),
    ("training.learning-rate", { $0.training.learningRate = .nan }),
    ("training.learning-rate", { $0.training.learningRate = 0 }),
    ("training.clip", { $0.training.clip = -1 }),
    ("training.average", { $0.training.average = 1 }),
    ("training.warm-up", { $0.training.warmUp = 1 }),
    ("training.dropout.input", { $0.training.dropout.input = 1 }),
    ("training.shards", { $0.training.shards = 0 }),
    ("training.label-smoothing", { $0.training.labelSmoothing = -0.1 }),
    ("training.optimizer.beta1", { $0.training.optimizer.beta1 = 1 }),
    ("training.optimizer.epsilon", { $0.training.optimizer.epsilon = .infinity }),
    ("model.hidden", { $0.model.hidden = 0 }),
    ("model.layers", { $0.model.layers = 65 }),
    ("model.embedding", { $0.model.embedding = 70_000 }),
    ("model.vector-scale", { $0.model.vectorScale = 0 }),
    ("text.min-count", { $0.text.minCount = 0 }),
    ("text.vocabulary-size", { $0.text.vocabularySize = 4 }),
    ("text.max-tokens", { $0.text.maxTokens = -1 }),
    ("package.name", { $0.package.name = "" }),
  ]

  @Test(arguments: uselessValues.indices)
  func valuesThatNoRunCanUseAreRefusedByName(_ index: Int) {
    let (option, change) = Self.uselessValues[index]
    var configuration = TrainingConfiguration()
    change(&configuration)
    let error = #expect(throws: OptionError.self) { try configuration.validate() }
    #expect(error?.option == option)
  }
}
