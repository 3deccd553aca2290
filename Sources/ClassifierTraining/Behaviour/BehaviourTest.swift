import ModelPackage
import RecurrentNumerics
import SequenceClassifier

/// What a classifier does on behaviour suites: what `rnnpkg test --suite` reports.
public struct BehaviourTest: Sendable {
  /// A case that the classifier does not meet.
  public struct Failure: Sendable, Equatable {
    /// What is found in place of what the case expects, in a form for each kind of case.
    public enum Finding: Sendable, Equatable {
      /// Another label than the expected one.
      case label(expected: String, found: String, probability: Float)
      /// A variant gets another label than the text.
      case changed(variant: String, from: String, to: String)
      /// The probability of `label` moved against `direction`.
      case moved(
        variant: String, label: String, direction: BehaviourCase.Direction, before: Float, after: Float)
    }

    /// The case's text, without its variants.
    public let text: String
    /// The case's line in the suite's file, from 1.
    public let line: Int
    /// What is wrong; of several variants that get another label, the first.
    public let finding: Finding
  }

  /// The figures of one suite.
  public struct Row: Sendable, Equatable {
    /// The suite's name, that of its file without `.jsonl`.
    public let name: String
    /// The kind of all its cases, or `mixed`.
    public let kind: BehaviourKind
    /// How many cases the suite has, 1 or more.
    public let cases: Int
    /// Cases that are not met, one entry each, in the order of their lines.
    public let failures: [Failure]
    /// SHA-256 of the suite's file, 64 lower-case hexadecimal digits.
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

  /// Cases of all suites.
  public var cases: Int { rows.reduce(0) { $0 + $1.cases } }
  /// Failing cases of all suites.
  public var failures: Int { rows.reduce(0) { $0 + $1.failures.count } }
  /// Failing cases divided by cases, all suites together; 0 where there are none.
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
