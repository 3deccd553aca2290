import RecurrentNumerics
import SequenceClassifier

/// How the answers of two classifiers to the same labelled texts differ.
public struct BehaviourDifference: Sendable {
  /// A text that gets another label.
  public struct Flip: Sendable, Equatable {
    /// The place of the text, from 0.
    public let index: Int
    public let before: String
    public let after: String
    /// What the data says.
    public let truth: String
  }

  public let count: Int
  /// In the order of the texts.
  public let flips: [Flip]
  public let accuracyBefore: Double
  public let accuracyAfter: Double
  public let test: McNemarTest
  /// The largest change of a label's probability.
  public let largestChange: Double

  /// Share of the texts that get another label.
  public var flipShare: Double { count == 0 ? 0 : Double(flips.count) / Double(count) }

  /// Asks both classifiers, whose labels must be the same up to their order.
  public init(_ before: Classifier, _ after: Classifier, _ data: LabelledTexts, pool: WorkerPool) throws {
    guard Set(before.labels) == Set(after.labels) else {
      throw ComparisonError.labels(before: before.labels, after: after.labels)
    }
    let old = try before.classify(data.texts, pool: pool)
    let new = try after.classify(data.texts, pool: pool)
    var flips: [Flip] = []
    var (rightBefore, rightAfter, onlyFirst, onlySecond) = (0, 0, 0, 0)
    var largest: Float = 0
    for (index, (first, second)) in zip(old, new).enumerated() {
      let truth = data.labels[data.targets[index]]
      let wasRight = first.label == truth
      let isRight = second.label == truth
      rightBefore += wasRight ? 1 : 0
      rightAfter += isRight ? 1 : 0
      onlyFirst += wasRight && !isRight ? 1 : 0
      onlySecond += isRight && !wasRight ? 1 : 0
      if first.label != second.label {
        flips.append(Flip(index: index, before: first.label, after: second.label, truth: truth))
      }
      let scores = Dictionary(uniqueKeysWithValues: first.scores.map { ($0.label, $0.score) })
      for score in second.scores {
        largest = Swift.max(largest, (score.score - (scores[score.label] ?? 0)).magnitude)
      }
    }
    count = data.count
    self.flips = flips
    accuracyBefore = Double(rightBefore) / Double(Swift.max(data.count, 1))
    accuracyAfter = Double(rightAfter) / Double(Swift.max(data.count, 1))
    test = McNemarTest(onlyFirst: onlyFirst, onlySecond: onlySecond)
    largestChange = Double(largest)
  }
}

/// Why two packages cannot be compared.
public enum ComparisonError: Error, Equatable {
  case labels(before: [String], after: [String])
}

extension ComparisonError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .labels(let before, let after):
      "the packages have other labels: \(before.joined(separator: ", ")) against \(after.joined(separator: ", ")); "
        + "leave --data out to compare the rest"
    }
  }
}
