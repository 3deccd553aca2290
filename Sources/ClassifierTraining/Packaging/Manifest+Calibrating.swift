import ModelPackage
import SequenceClassifier

extension LabelledTexts {
  /// The label of all texts, where they have one: nothing can be fitted to them.
  var onlyLabel: String? {
    guard let first = targets.first, targets.allSatisfy({ $0 == first }) else { return nil }
    return labels[first]
  }
}

extension Manifest {
  /// Calibrates what a package answers to dev texts, and takes down the temperature, the calibration error before and after,
  /// and what dev data says, in place of all evaluations.
  /// - Parameter logits: of the texts, `[texts, labels]`.
  mutating func calibrate(on logits: [[Float]], of dev: LabelledTexts, name: String) -> ClassificationReport {
    let temperature = TemperatureCalibration.fit(logits: logits, labels: dev.targets)
    func measured(_ temperature: Double) -> ClassificationReport {
      ClassificationReport(
        labels: task.labels, probabilities: logits.map { softmax($0, temperature: temperature) },
        truth: dev.targets)
    }
    let calibrated = measured(temperature)
    model.output.calibration = .init(
      method: "temperature", t: temperature, eceBefore: measured(1).expectedCalibrationError,
      eceAfter: calibrated.expectedCalibrationError)
    evaluation = [calibrated.evaluation(of: .init(name: name, rows: dev.count))]
    return calibrated
  }
}
