import ModelPackage
import RecurrentNumerics
import SequenceClassifier

/// A classifier's figures on labelled texts: what `rnnpkg test` reports.
public struct PackageTest: Sendable {
  /// With the package's calibration.
  public let report: ClassificationReport
  /// Without it.
  public let rawReport: ClassificationReport
  /// Wall seconds of the predictions.
  public let seconds: Double

  /// Classifies all texts.
  /// - Throws: `ClassificationError` for a text that has no scores.
  public init(_ classifier: Classifier, _ data: LabelledTexts, pool: WorkerPool) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let predictions = try classifier.classify(data.texts, pool: pool)
    seconds = (clock.now - start).seconds
    report = ClassificationReport(
      labels: classifier.labels,
      probabilities: predictions.map { softmax($0.logits, temperature: classifier.temperature) },
      truth: data.targets)
    rawReport = ClassificationReport(
      labels: classifier.labels, probabilities: predictions.map { softmax($0.logits) }, truth: data.targets)
  }

  /// Texts a second.
  public var textsPerSecond: Double { Double(report.count) / Swift.max(seconds, 1e-9) }
}
