import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing

@Suite struct PackageDifferenceTests {
  @Test func manifestsAreComparedValueByValue() throws {
    let before: JSONValue = [
      "name": "a", "task": ["labels": ["x", "y"]], "gone": 1, "same": [1, 2], "files": ["w": 1],
    ]
    let after: JSONValue = [
      "task": ["labels": ["x", "z", "w"]], "name": "b", "same": [1, 2], "new": ["k": nil], "files": ["w": 2],
    ]
    #expect(
      ManifestDifference.all(before, after) == [
        ManifestDifference(path: "name", before: "a", after: "b"),
        ManifestDifference(path: "task.labels[1]", before: "y", after: "z"),
        ManifestDifference(path: "task.labels[2]", before: nil, after: "w"),
        ManifestDifference(path: "gone", before: 1, after: nil),
        ManifestDifference(path: "new", before: nil, after: ["k": nil]),
      ])
    #expect(ManifestDifference.all(before, before).isEmpty)
  }

  @Test func tensorsAreComparedByNameFormAndNumbers() throws {
    let before = TensorFile(tensors: [
      Tensor(name: "same", shape: [2], values: [1, 2]), Tensor(name: "moved", shape: [2], values: [3, 4]),
      Tensor(name: "grown", shape: [1], values: [1]), Tensor(name: "gone", shape: [1], values: [1]),
      Tensor(name: "zero", shape: [1], values: [0]),
    ])
    let after = TensorFile(tensors: [
      Tensor(name: "new", shape: [1], values: [1]), Tensor(name: "moved", shape: [2], values: [3, 4.5]),
      Tensor(name: "grown", shape: [2], values: [1, 1]), Tensor(name: "same", shape: [2], values: [1, 2]),
      Tensor(name: "zero", shape: [1], dtype: .f16, values: [1]),
    ])
    let (differences, identical) = TensorDifference.all(before, after)
    #expect(identical == 1)
    #expect(differences.map(\.name) == ["gone", "grown", "moved", "new", "zero"])
    #expect(differences[0].after == nil && differences[0].change == nil && differences[3].before == nil)
    #expect(differences[1].before?.shape == [1] && differences[1].after?.shape == [2])
    #expect(differences[1].change == nil)
    #expect(differences[2].change?.largest == 0.5 && differences[2].change?.relative == 0.1)
    #expect(differences[4].change?.relative == .infinity && differences[4].after?.dtype == .f16)
  }

  /// What `diff` calls the same has the same bits.
  @Test func aNegativeZeroIsADifference() {
    let zero = TensorFile(tensors: [Tensor(name: "w", shape: [2], values: [0, 1])])
    let negative = TensorFile(tensors: [Tensor(name: "w", shape: [2], values: [-0.0, 1])])
    let (differences, identical) = TensorDifference.all(zero, negative)
    #expect(identical == 0 && differences.map(\.change?.largest) == [0])
    #expect(TensorDifference.all(negative, negative).identical == 1)
  }

  /// Labels are told apart by their bytes, as in the manifest.
  @Test func labelsInTwoNormalFormsAreTwoLabels() throws {
    let directory = TemporaryDirectory()
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.hidden = 4
    configuration.model.embedding = 4
    configuration.training.epochs = 3
    configuration.training.learningRate = 0.05
    let pool = WorkerPool(threads: 1)
    let run = try TrainingRun(configuration, pool: pool, kernels: .best)
    var state = run.start
    _ = try run.train(&state)
    let package = try #require(try run.makePackage(state, sources: [], created: nil)).package
    var manifest = package.manifest
    manifest.task.labels = ["\u{e9}", "e\u{301}"]
    let classifier = try Classifier(package.replacing(manifest))
    let data = try LabelledTexts(
      file: directory.file("dev.tsv", SmallReviews.table), textField: "text", labelField: "label",
      labels: classifier.labels, labelMap: ["negative": "\u{e9}", "positive": "e\u{301}"])
    #expect(Set(data.targets) == [0, 1])
    let same = try BehaviourDifference(classifier, classifier, data, pool: pool)
    let report = try PackageTest(classifier, data, pool: pool).report
    #expect(same.flips.isEmpty && same.largestChange == 0 && same.accuracyAfter == report.accuracy)
    manifest.task.labels = ["e\u{301}", "\u{e9}"]
    let other = try BehaviourDifference(classifier, Classifier(package.replacing(manifest)), data, pool: pool)
    #expect(other.flips.count == data.count && other.accuracyAfter == 1 - other.accuracyBefore)
    #expect(other.largestChange > 0.01)
  }
}
