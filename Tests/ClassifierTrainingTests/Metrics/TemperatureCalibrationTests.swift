import ClassifierTraining
import Foundation
import RecurrentNumerics
import SequenceClassifier
import Testing

/// The temperature found on data made with a known one.
@Suite struct TemperatureCalibrationTests {
  /// Logits whose softmax is true of the labels, times `factor`.
  private func data(factor: Float, count: Int = 4_000) -> (logits: [[Float]], labels: [Int]) {
    var random = RandomStream(seed: 11)
    var (logits, labels): ([[Float]], [Int]) = ([], [])
    for _ in 0..<count {
      let row = (0..<3).map { _ in Float(random.normal()) * 1.5 }
      let probabilities = softmax(row)
      let draw = random.uniform()
      labels.append(draw < probabilities[0] ? 0 : draw < probabilities[0] + probabilities[1] ? 1 : 2)
      logits.append(row.map { $0 * factor })
    }
    return (logits, labels)
  }

  private func report(_ data: (logits: [[Float]], labels: [Int]), temperature: Double) -> ClassificationReport {
    ClassificationReport(
      labels: ["a", "b", "c"], probabilities: data.logits.map { softmax($0, temperature: temperature) },
      truth: data.labels)
  }

  @Test(arguments: [0.4, 1, 2.5, 6])
  func aKnownTemperatureIsFound(_ factor: Float) {
    let data = data(factor: factor)
    let temperature = TemperatureCalibration.fit(logits: data.logits, labels: data.labels)
    #expect(abs(temperature / Double(factor) - 1) < 0.06)
  }

  @Test func overConfidentScoresGetHonestAndKeepTheirOrder() {
    let data = data(factor: 3)
    let temperature = TemperatureCalibration.fit(logits: data.logits, labels: data.labels)
    let (before, after) = (report(data, temperature: 1), report(data, temperature: temperature))
    #expect(after.expectedCalibrationError < 0.5 * before.expectedCalibrationError)
    #expect(after.expectedCalibrationError < 0.03)
    #expect(after.logLoss < before.logLoss)
    #expect(after.accuracy == before.accuracy && after.confusion == before.confusion)
  }

  @Test func aTemperatureStaysInItsRange() {
    #expect(TemperatureCalibration.fit(logits: [], labels: []) == 1)
    // All right, or all wrong: the best temperature would be 0, or without end.
    let right = TemperatureCalibration.fit(logits: [[2, -2], [-3, 1]], labels: [0, 1])
    #expect(right >= 0.05 && right < 0.0501)
    let wrong = TemperatureCalibration.fit(logits: [[2, -2], [-3, 1]], labels: [1, 0])
    #expect(wrong <= 20 && wrong > 19.9)
  }
}
