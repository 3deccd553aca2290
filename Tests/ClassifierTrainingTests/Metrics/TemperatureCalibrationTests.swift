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

  private func report(_ data: (logits: [[Float]], labels: [Int]), temperature: Double) -> ClassificationReport
  {
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
    func fit(count: Int, factor: Float, isRight: Bool) -> Double {
      let logits = (0..<count).map { $0 % 2 == 0 ? [2 * factor, -2 * factor] : [-3 * factor, factor] }
      return TemperatureCalibration.fit(
        logits: logits, labels: (0..<count).map { isRight ? $0 % 2 : 1 - $0 % 2 })
    }
    #expect(fit(count: 200_000, factor: 0.01, isRight: true) < 0.0501)
    #expect(fit(count: 2_000, factor: 100, isRight: false) > 19.9)
  }

  /// A handful of texts says little of how sure to be.
  @Test(arguments: [2, 6, 40])
  func fewTextsThatAreAllRightMakeNoScoreCertain(_ count: Int) {
    let logits: [[Float]] = (0..<count).map { $0 % 2 == 0 ? [1, -1] : [-0.5, 0.5] }
    let temperature = TemperatureCalibration.fit(logits: logits, labels: (0..<count).map { $0 % 2 })
    #expect(temperature < 1 && temperature > 0.5, "\(temperature)")
  }
}
