import ModelPackage
import SequenceClassifier

extension LabelledTexts {
  /// The label of all texts, where they have one: nothing can be fitted to them.
  var onlyLabel: String? {
    guard let first = targets.first, targets.allSatisfy({ $0 == first }) else { return nil }
    return labels[first]
  }
}

extension ClassificationReport {
  /// Calibrates answers to dev texts: the report of what they become, the temperature, and the calibration error before and
  /// after. Where all texts have one label nothing can be fitted to them: the report is of the answers as they are.
  /// - Parameters:
  ///   - logits: of the texts, `[texts, labels]`.
  ///   - truth: the number of each text's label.
  static func calibrating(
    _ logits: [[Float]], labels: [String], truth: [Int]
  ) -> (report: ClassificationReport, calibration: Manifest.Calibration?) {
    func measured(_ temperature: Double) -> ClassificationReport {
      ClassificationReport(
        labels: labels, probabilities: logits.map { softmax($0, temperature: temperature) }, truth: truth)
    }
    guard Set(truth).count > 1 else { return (measured(1), nil) }
    let temperature = TemperatureCalibration.fit(logits: logits, labels: truth)
    let report = measured(temperature)
    return (
      report,
      Manifest.Calibration(
        method: "temperature", t: temperature, eceBefore: measured(1).expectedCalibrationError,
        eceAfter: report.expectedCalibrationError)
    )
  }
}

extension Manifest {
  /// Calibrates what a package answers to dev texts, and takes down the temperature, the calibration error before and after,
  /// and what dev data says, in place of all evaluations.
  /// - Parameters:
  ///   - logits: of the texts, `[texts, labels]`.
  ///   - source: what the manifest says of the texts, beside how many they are.
  mutating func calibrate(
    on logits: [[Float]], of dev: LabelledTexts, source: DataSource
  ) -> ClassificationReport {
    let (report, calibration) = ClassificationReport.calibrating(
      logits, labels: task.labels, truth: dev.targets)
    model.output.calibration = calibration
    // A quantile of the scores as they were.
    model.output.conformal = nil
    var source = source
    source.rows = dev.count
    evaluation = [report.evaluation(of: source)]
    return report
  }
}
