import ModelPackage
import RecurrentNumerics
import SequenceClassifier

/// What a classifier does on behaviour suites: what `rnnpkg test --suite` reports.
public struct BehaviourTest: Sendable {
  /// A case that the classifier does not meet.
  public struct Failure: Sendable, Equatable {
    public enum Finding: Sendable, Equatable {
      /// Another label than the expected one.
      case label(expected: String, found: String, probability: Float)
      /// A variant gets another label than the text.
      case changed(variant: String, from: String, to: String)
      /// The probability of `label` moved against `direction`.
      case moved(
        variant: String, label: String, direction: BehaviourCase.Direction, before: Float, after: Float)
    }

    public let text: String
    public let line: Int
    public let finding: Finding
  }

  /// The figures of one suite.
  public struct Row: Sendable, Equatable {
    public let name: String
    public let kind: BehaviourKind
    public let cases: Int
    public let failures: [Failure]
    public let sha256: String

    /// Failing cases divided by cases.
    public var failureRate: Double { Double(failures.count) / Double(Swift.max(cases, 1)) }

    /// For the manifest.
    public var record: Manifest.Behaviour {
      Manifest.Behaviour(name: name, cases: cases, failures: failures.count, sha256: sha256)
    }
  }

  /// A row for each suite, in their order.
  public let rows: [Row]

  /// Classifies every text and variant once.
  public init(
    _ classifier: Classifier, _ suites: [BehaviourSuite], pool: WorkerPool
  ) throws(ClassificationError) {
    let predictions = try classifier.classify(suites.flatMap { $0.cases.flatMap(\.texts) }, pool: pool)
    var rest = predictions[...]
    rows = suites.map { suite in
      Row(
        name: suite.name, kind: suite.kind, cases: suite.cases.count,
        failures: suite.cases.compactMap { entry in
          let own = rest.prefix(entry.texts.count)
          rest = rest.dropFirst(entry.texts.count)
          return entry.finding(Array(own)).map { Failure(text: entry.text, line: entry.line, finding: $0) }
        }, sha256: suite.sha256)
    }
  }

  public var cases: Int { rows.reduce(0) { $0 + $1.cases } }
  public var failures: Int { rows.reduce(0) { $0 + $1.failures.count } }
  public var failureRate: Double { Double(failures) / Double(Swift.max(cases, 1)) }
}

extension BehaviourCase {
  /// What is wrong with the predictions of `texts`; `nil` where nothing is.
  func finding(_ predictions: [Prediction]) -> BehaviourTest.Failure.Finding? {
    guard let first = predictions.first else { return nil }
    switch expectation {
    case .label(let expected):
      guard first.label != expected else { return nil }
      return .label(expected: expected, found: first.label, probability: first.score)
    case .sameLabel(let variants):
      for (variant, prediction) in zip(variants, predictions.dropFirst())
      where prediction.label != first.label {
        return .changed(variant: variant, from: first.label, to: prediction.label)
      }
      return nil
    case .moves(let variant, let label, let direction, let tolerance):
      let probabilities = predictions.map { $0.probability(of: label) }
      guard let before = probabilities.first, let after = probabilities.last else { return nil }
      let wrongWay = direction == .up ? before - after : after - before
      guard Double(wrongWay) > tolerance else { return nil }
      return .moved(variant: variant, label: label, direction: direction, before: before, after: after)
    }
  }
}

extension Prediction {
  fileprivate func probability(of label: String) -> Float {
    scores.first { $0.label == label }?.score ?? 0
  }
}
