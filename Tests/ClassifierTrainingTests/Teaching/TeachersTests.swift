import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing
import TextEncoding

/// Packages that answer for texts without labels.
@Suite struct TeachersTests {
  private let directory = TemporaryDirectory()

  private func configuration(_ table: String, seed: UInt64 = 1) throws -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews-\(seed).tsv", table)]
    configuration.model.hidden = 5
    configuration.model.embedding = 6
    configuration.training.epochs = 1
    configuration.training.seed = seed
    return configuration
  }

  /// A trained package's path.
  private func package(_ table: String = SmallReviews.table, seed: UInt64 = 1) throws -> String {
    let run = try TrainingRun(
      configuration(table, seed: seed), pool: WorkerPool(threads: 2), kernels: .best)
    var state = run.start
    _ = try run.train(&state)
    let path = directory.path + "/teacher-\(seed).rnnpkg"
    try #require(try run.makePackage(state, sources: [], created: nil)).package.write(toFile: path)
    return path
  }

  @Test func answersAreTheMeanOfCalibratedProbabilitiesInTheOrderOfTheData() throws {
    let paths = [try package(), try package(seed: 2)]
    let texts = ["A warm film.", "", "so dull and weak", "superb"]
    let classifiers = try paths.map { try Classifier(contentsOfFile: $0) }
    let labels = classifiers[0].labels
    let answers = try Teachers(paths, labels: labels, kernels: .best)
      .answers(to: texts, pool: WorkerPool(threads: 1))
    let turned = try Teachers(paths, labels: labels.reversed(), kernels: .best)
      .answers(to: texts, pool: WorkerPool(threads: 3))
    for (index, text) in texts.enumerated() {
      let scores = try classifiers.map { classifier in
        let prediction = try classifier.classify(text)
        return labels.map { label in prediction.scores.first { $0.label == label }?.score ?? .nan }
      }
      let means = labels.indices.map { Float((Double(scores[0][$0]) + Double(scores[1][$0])) / 2) }
      #expect(answers[index] == .shares(means))
      #expect(turned[index] == .shares(means.reversed()))
      #expect(scores[0] != scores[1], "the teachers must differ for a mean to show")
    }
  }

  @Test func teachersWithOtherLabelsAreRefused() throws {
    let path = try package()
    for labels in [["negative"], ["negative", "neutral", "positive"], ["bad", "good"]] {
      #expect {
        _ = try Teachers([path], labels: labels, kernels: .best)
      } throws: { error in
        "\(error)".contains(#"its labels are "negative", "positive", those of the data "\#(labels[0])""#)
      }
    }
  }

  /// A cell of one's own teaches as others do.
  @Test func teachersHaveTheCellsOfTheRunsRegistry() throws {
    let (cells, pool) = (try registryWithExample(), WorkerPool(threads: 1))
    var configuration = try configuration(SmallReviews.table)
    configuration.model.cell = "mgu"
    let first = try TrainingRun(configuration, cells: cells, pool: pool, kernels: .best)
    var state = first.start
    _ = try first.train(&state)
    let path = directory.path + "/mgu.rnnpkg"
    try #require(try first.makePackage(state, sources: [], created: nil)).package.write(toFile: path)
    configuration.data.teachers = [path]
    configuration.data.unlabelled = [try directory.file("texts.txt", "one zebra\n")]
    let taught = try TrainingRun(configuration, cells: cells, pool: pool, kernels: .best)
    #expect(taught.train.count == first.train.count + 1)
    #expect(throws: TeacherError.self) { try Teachers([path], labels: first.labels, kernels: .best) }
  }

  @Test func taughtTextsJoinTheTrainingTextsOnceAndNeverThoseWithLabels() throws {
    let rows = SmallReviews.table.split(separator: "\n").dropFirst()
    let labelled = rows.prefix(1).map { String($0.split(separator: "\t")[1]) }
    var plain = try configuration(SmallReviews.table, seed: 3)
    let before = try TrainingRun(plain, pool: WorkerPool(threads: 1), kernels: .best)
    plain.data.teachers = [try package()]
    let texts = labelled + ["one zebra", "two zebras", "one zebra", "two zebra one"]
    plain.data.unlabelled = [
      try directory.file("texts.txt", texts.map { $0 + "\n" }.joined())
    ]
    var notes: [String] = []
    let after = try TrainingRun(plain, pool: WorkerPool(threads: 1), kernels: .best) { notes.append($0) }
    #expect(after.train.count == before.train.count + 3)
    #expect(after.train.targets.prefix(before.train.count) == before.train.targets[...])
    for case .label in after.train.targets.suffix(3) { Issue.record("a taught text has a label") }
    #expect(notes.contains("2 unlabelled texts stand twice or among the labelled ones; they are left out"))
    #expect(after.valid.count == before.valid.count)
    #expect(try before.identity() != after.identity())
    #expect(after.encoder.encode("zebra").unknownCount == 0, "words of taught texts are in the vocabulary")
  }

  @Test func theIdentityOfARunKnowsTheAnswers() throws {
    var taught = try configuration(SmallReviews.table, seed: 4)
    taught.data.unlabelled = [try directory.file("texts.txt", "one zebra\ntwo zebras\n")]
    func identity(_ seed: UInt64) throws -> String {
      let path = try package(seed: seed)
      var configuration = taught
      configuration.data.teachers = [path]
      let run = try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best)
      return try #require(run.identity().objectValue?["data"]?.stringValue)
    }
    #expect(try identity(5) != identity(6))
  }
}
