import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Scoring: cases are made of what the classifier says, so that each outcome is known.
@Suite struct BehaviourTestTests {
  private let directory = TemporaryDirectory()
  private let pool = WorkerPool(threads: 2)

  private func trained() throws -> ModelPackage {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.hidden = 5
    configuration.model.embedding = 7
    configuration.training.epochs = 4
    configuration.training.learningRate = 0.02
    let run = try TrainingRun(configuration, pool: pool, kernels: .best)
    var state = run.start
    _ = try run.train(&state)
    return try #require(try run.makePackage(state, sources: [], created: "2026-01-01T00:00:00Z")).package
  }

  /// Two texts of different labels, the one that is likelier `labels[0]` first.
  private func pair(_ classifier: Classifier) throws -> (
    first: Prediction, texts: [String], second: Prediction
  ) {
    let texts = SmallReviews.table.split(separator: "\n").dropFirst().map {
      String($0.drop { $0 != "\t" }.dropFirst())
    }
    let all = try zip(texts, texts.map { try classifier.classify($0) }).map { ($0, $1) }
    let first = try #require(all.first { $0.1.label == classifier.labels[0] })
    let second = try #require(all.first { $0.1.label == classifier.labels[1] })
    return (first.1, [first.0, second.0], second.1)
  }

  private func quoted(_ text: String) -> String { "\"\(text)\"" }

  private func row(_ lines: [String], _ classifier: Classifier) throws -> BehaviourTest.Row {
    let path = try directory.file("row.jsonl", lines.joined(separator: "\n"))
    let suites = try BehaviourSuite.read([path], labels: classifier.labels)
    return try #require(try BehaviourTest(classifier, suites, pool: pool).rows.first)
  }

  @Test func anExpectedLabelIsMetOrNot() throws {
    let classifier = try Classifier(trained())
    let (first, texts, _) = try pair(classifier)
    let lines = classifier.labels.map { #"{"text": \#(quoted(texts[0])), "label": "\#($0)"}"# }
    #expect(try row([lines[0]], classifier).failures.isEmpty)
    let failing = try row([lines[1]], classifier)
    #expect(failing.kind == .minimumFunctionality && failing.cases == 1 && failing.failureRate == 1)
    let finding = try #require(failing.failures.first).finding
    #expect(
      finding
        == .label(expected: classifier.labels[1], found: classifier.labels[0], probability: first.score))
  }

  @Test func variantsKeepTheLabelOrTheFirstThatDoesNotIsTold() throws {
    let classifier = try Classifier(trained())
    let texts = try pair(classifier).texts
    let same = #"{"text": \#(quoted(texts[0])), "variant": \#(quoted(texts[0] + " "))}"#
    #expect(try row([same], classifier).failures.isEmpty)
    let mixed = try row(
      [
        #"{"text": \#(quoted(texts[0])), "variants": [\#(quoted(texts[0] + " ")), \#(quoted(texts[1]))]}"#,
        same,
      ],
      classifier)
    #expect(mixed.kind == .invariance && mixed.cases == 2 && mixed.failureRate == 0.5)
    #expect(mixed.failures.map(\.text) == [texts[0]] && mixed.failures.map(\.line) == [1])
    #expect(
      mixed.failures.map(\.finding)
        == [.changed(variant: texts[1], from: classifier.labels[0], to: classifier.labels[1])])
  }

  @Test func probabilitiesMoveAsExpectedOrWithinTheTolerance() throws {
    let classifier = try Classifier(trained())
    let (first, texts, second) = try pair(classifier)
    let label = classifier.labels[0]
    let (before, after) = (first.score, 1 - second.score)
    #expect(after < before)
    func failures(_ direction: String, _ tolerance: Double) throws -> [BehaviourTest.Failure.Finding] {
      try row(
        [
          #"{"text": \#(quoted(texts[0])), "variant": \#(quoted(texts[1])), "direction": "\#(label)-\#(direction)", "#
            + #""tolerance": \#(tolerance)}"#
        ], classifier
      ).failures.map(\.finding)
    }
    let drop = Double(before - after)
    #expect(try failures("down", 0).isEmpty)
    #expect(try failures("up", drop + 0.001).isEmpty)
    let found = try failures("up", drop - 0.001)
    guard case .moved(texts[1], label, .up, before, let low)? = found.first else {
      Issue.record("\(found)")
      return
    }
    #expect(abs(low - after) < 1e-6)
  }

  @Test func recordedRowsTakeThePlaceOfOlderOnesAndNeedTheirEngine() throws {
    let package = try trained()
    let classifier = try Classifier(package)
    let texts = try pair(classifier).texts
    let result = try row(
      [#"{"text": \#(quoted(texts[0])), "label": "\#(classifier.labels[1])"}"#], classifier)
    let old = Manifest.Behaviour(name: "row", cases: 9, failures: 3, sha256: result.sha256)
    let other = Manifest.Behaviour(name: "other", cases: 9, failures: 0, sha256: result.sha256)
    let recorded = try package.recording([old, other]).recording([result.record])
    #expect(recorded.manifest.behaviour == [other, result.record])
    #expect(result.record == .init(name: "row", cases: 1, failures: 1, sha256: result.sha256))
    #expect(recorded.manifest.engine.min == EngineVersion.oldestBehaviourReader)
    var understated = recorded.manifest
    understated.engine.min = "1.1"
    let error = ClassifierLoadError.engineUnderstated(
      stated: "1.1", needed: EngineVersion.oldestBehaviourReader)
    #expect(throws: error) { try Classifier(recorded.replacingManifest(understated)) }
    #expect(recorded.tensors == package.tensors && package.manifest.behaviour == nil)
    #expect(try Classifier(recorded).classify(texts[0]) == classifier.classify(texts[0]))
    #expect(try recorded.storing(as: .i8).manifest.behaviour == nil, "figures are those of the old weights")
  }
}
