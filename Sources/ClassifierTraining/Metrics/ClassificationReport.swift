/// How well predictions agree with labels: what `rnnpkg test` reports and a manifest keeps.
public struct ClassificationReport: Sendable, Equatable {
  /// Figures of one class.
  public struct ClassFigures: Sendable, Equatable {
    /// The class.
    public let label: String
    /// Right among those predicted; 0 where none was.
    public let precision: Double
    /// Right among those that have the label; 0 where none has.
    public let recall: Double
    /// The harmonic mean of precision and recall; 0 where the label was neither given nor predicted.
    public let f1: Double
    /// Examples with the label.
    public let support: Int
  }

  /// Of each label, in the order of the labels.
  public let classes: [ClassFigures]
  private let counts: ConfusionCounts
  /// Examples.
  public let count: Int
  /// The share of examples whose most probable label is the true one; 0 where there are none.
  public let accuracy: Double
  /// Wilson's 95 % interval of the accuracy (Wilson 1927, doi:10.1080/01621459.1927.10502953).
  public let accuracyInterval: ClosedRange<Double>
  /// The mean precision over classes that have examples.
  public let macroPrecision: Double
  /// The mean recall over classes that have examples.
  public let macroRecall: Double
  /// The mean F1 over classes that have examples.
  public let macroF1: Double
  /// Mean −log p(true label), in nats; p is kept above 1e-15.
  public let logLoss: Double
  /// Mean squared distance of the probabilities from the truth, summed over classes.
  public let brier: Double
  /// Expected calibration error over 15 equal bins of the top probability (Guo et al. 2017, arXiv:1706.04599).
  public let expectedCalibrationError: Double

  /// Row: true label; column: predicted label. Made when it is asked for, from the pairs that occur: 8 bytes for each pair
  /// of labels.
  public var confusion: [[Int]] { counts.matrix }

  /// Linear in the probabilities.
  /// - Parameters:
  ///   - probabilities: one row an example, one value a label.
  ///   - truth: the number of each example's label.
  public init(labels: [String], probabilities: [[Float]], truth: [Int]) {
    var counts = ConfusionCounts(labelCount: labels.count)
    var logLoss = 0.0
    var brier = 0.0
    var bins = [(count: Int, confidence: Double, correct: Int)](repeating: (0, 0, 0), count: 15)
    for (row, label) in zip(probabilities, truth) {
      let predicted = row.indexOfMaximum
      counts.add(truth: label, predicted: predicted)
      logLoss -= logarithm(Swift.max(Double(row[label]), 1e-15))
      for (index, value) in row.enumerated() {
        let distance = Double(value) - (index == label ? 1 : 0)
        brier += distance * distance
      }
      // Scores of a network that overflowed count as no confidence here; the log loss shows them.
      let confidence = row[predicted].isNaN ? 0 : Double(row[predicted])
      let bin = Swift.min(bins.count - 1, Swift.max(0, Int(confidence * Double(bins.count))))
      bins[bin].count += 1
      bins[bin].confidence += confidence
      bins[bin].correct += predicted == label ? 1 : 0
    }
    let count = truth.count
    let total = Double(Swift.max(1, count))
    let correct = counts.hits.reduce(0, +)
    self.counts = counts
    self.count = count
    accuracy = Double(correct) / total
    accuracyInterval = wilsonInterval(successes: correct, trials: count)
    self.logLoss = logLoss / total
    self.brier = brier / total
    expectedCalibrationError = bins.reduce(0) { sum, bin in
      sum + (bin.confidence - Double(bin.correct)).magnitude / total
    }
    classes = labels.indices.map { index in
      let (support, predicted, hits) = (counts.support[index], counts.predicted[index], counts.hits[index])
      return ClassFigures(
        label: labels[index], precision: predicted > 0 ? Double(hits) / Double(predicted) : 0,
        recall: support > 0 ? Double(hits) / Double(support) : 0,
        f1: support + predicted > 0 ? 2 * Double(hits) / Double(support + predicted) : 0, support: support)
    }
    let present = classes.filter { $0.support > 0 }
    let presentCount = Double(Swift.max(1, present.count))
    macroPrecision = present.reduce(0) { $0 + $1.precision } / presentCount
    macroRecall = present.reduce(0) { $0 + $1.recall } / presentCount
    macroF1 = present.reduce(0) { $0 + $1.f1 } / presentCount
  }
}

extension Array where Element == Float {
  /// The position of the largest value; ties go to the first.
  package var indexOfMaximum: Int {
    var best = 0
    for index in indices where self[index] > self[best] { best = index }
    return best
  }
}

/// Wilson's 95 % interval of a proportion.
func wilsonInterval(successes: Int, trials: Int) -> ClosedRange<Double> {
  guard trials > 0 else { return 0...1 }
  let z = 1.959963984540054
  let n = Double(trials)
  let p = Double(successes) / n
  let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
  let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
  return Swift.max(0, centre - half)...Swift.min(1, centre + half)
}
