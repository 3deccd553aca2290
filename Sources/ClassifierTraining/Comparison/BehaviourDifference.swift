import RecurrentNumerics
import SequenceClassifier

/// How the answers of two classifiers to the same labelled texts differ.
public struct BehaviourDifference: Sendable {
  /// A text that gets another label.
  public struct Flip: Sendable, Equatable {
    /// The place of the text, from 0.
    public let index: Int
    /// The label that the first classifier gives, as it spells it.
    public let before: String
    /// The label that the second gives.
    public let after: String
    /// What the data says.
    public let truth: String
  }

  /// How many texts both were asked.
  public let count: Int
  /// In the order of the texts.
  public let flips: [Flip]
  /// Share of the texts that the first classifier gets right; 0 where there are none.
  public let accuracyBefore: Double
  /// That of the second.
  public let accuracyAfter: Double
  /// Of the texts that one alone gets right; `onlyFirst` counts those of the first classifier.
  public let test: McNemarTest
  /// The largest change of a label's probability.
  public let largestChange: Double

  /// Share of the texts that get another label.
  public var flipShare: Double { count == 0 ? 0 : Double(flips.count) / Double(count) }

  /// Asks both classifiers, whose labels must be the same up to their order.
  public init(_ before: Classifier, _ after: Classifier, _ data: LabelledTexts, pool: WorkerPool) throws {
    guard LabelOrder(of: before.labels, in: after.labels) != nil else {
      throw ComparisonError.labels(before: before.labels, after: after.labels)
    }
    let old = try before.classify(data.texts, pool: pool)
    let new = try after.classify(data.texts, pool: pool)
    var flips: [Flip] = []
    var (rightBefore, rightAfter, onlyFirst, onlySecond) = (0, 0, 0, 0)
    var largest: Float = 0
    let numbers = (before: LabelNumbers(before.labels), data: LabelNumbers(data.labels))
    for (index, (first, second)) in zip(old, new).enumerated() {
      let truth = data.targets[index]
      let wasRight = numbers.data[first.label] == truth
      let isRight = numbers.data[second.label] == truth
      rightBefore += wasRight ? 1 : 0
      rightAfter += isRight ? 1 : 0
      onlyFirst += wasRight && !isRight ? 1 : 0
      onlySecond += isRight && !wasRight ? 1 : 0
      if numbers.before[first.label] != numbers.before[second.label] {
        flips.append(Flip(index: index, before: first.label, after: second.label, truth: data.labels[truth]))
      }
      var scores = [Float](repeating: 0, count: before.labels.count)
      for score in first.scores { scores[numbers.before[score.label] ?? 0] = score.score }
      for score in second.scores {
        largest = Swift.max(largest, (score.score - scores[numbers.before[score.label] ?? 0]).magnitude)
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
