import ClassifierTraining
import Foundation
import Testing

/// Figures against values worked out by hand.
@Suite struct ClassificationReportTests {
  private let report = ClassificationReport(
    labels: ["a", "b", "c"],
    probabilities: [
      [0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [0.1, 0.8, 0.1], [0.9, 0.05, 0.05],
    ], truth: [0, 1, 1, 2, 0, 0])

  private func near(_ found: Double, _ expected: Double, _ tolerance: Double = 1e-6) -> Bool {
    abs(found - expected) < tolerance
  }

  @Test func confusionHasTrueLabelsInRows() {
    #expect(report.confusion == [[2, 1, 0], [1, 1, 0], [0, 0, 1]])
    #expect(report.count == 6)
    #expect(near(report.accuracy, 4.0 / 6))
  }

  /// As many labels as a package may have: a table of all their pairs would take 34 GB for each report.
  @Test func memoryGoesByTheExamplesAndTheLabels() {
    let count = 65_536
    func row(_ label: Int) -> [Float] {
      var row = [Float](repeating: 0, count: count)
      row[label] = 1
      return row
    }
    let report = ClassificationReport(
      labels: (0..<count).map { "\($0)" }, probabilities: [row(7), row(65_535), row(7)],
      truth: [7, 65_535, 8])
    #expect(report.classes.map(\.support).reduce(0, +) == 3 && near(report.accuracy, 2.0 / 3))
    #expect(report.classes[7].precision == 0.5 && report.classes[7].recall == 1)
    #expect(report.classes[8].support == 1 && report.classes[8].recall == 0)
    #expect(report.classes[65_535].f1 == 1)
  }

  @Test func reportsAreEqualWhereTheirCountsAre() {
    func report(_ truth: [Int]) -> ClassificationReport {
      ClassificationReport(
        labels: ["a", "b", "c"], probabilities: [[1, 0, 0], [1, 0, 0], [0, 1, 0]], truth: truth)
    }
    #expect(report([0, 1, 2]) == report([1, 0, 2]))
  }

  @Test func precisionRecallAndF1AreThoseOfTheConfusion() {
    let figures = report.classes
    #expect(figures.map(\.label) == ["a", "b", "c"])
    #expect(figures.map(\.support) == [3, 2, 1])
    #expect(
      near(figures[0].precision, 2.0 / 3) && near(figures[0].recall, 2.0 / 3) && near(figures[0].f1, 2.0 / 3))
    #expect(near(figures[1].precision, 0.5) && near(figures[1].recall, 0.5) && near(figures[1].f1, 0.5))
    #expect(figures[2].precision == 1 && figures[2].recall == 1 && figures[2].f1 == 1)
    #expect(near(report.macroF1, 13.0 / 18))
    #expect(near(report.macroPrecision, 13.0 / 18) && near(report.macroRecall, 13.0 / 18))
  }

  @Test func theMacroMeansAreOfEachFigureByItself() {
    let report = ClassificationReport(
      labels: ["a", "b"], probabilities: [[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.4, 0.6]],
      truth: [0, 0, 1, 1])
    // a: 2 of 3 and 2 of 2; b: 1 of 1 and 1 of 2.
    #expect(near(report.macroPrecision, (2.0 / 3 + 1) / 2) && near(report.macroRecall, 0.75))
  }

  @Test func probabilitiesAreJudgedByLogLossBrierAndCalibration() {
    #expect(near(report.logLoss, -log(0.7 * 0.6 * 0.3 * 0.6 * 0.1 * 0.9) / 6))
    #expect(near(report.brier, 2.895 / 6))
    // Five bins are filled: 0.7 right; 0.6 twice right; 0.5 wrong; 0.8 wrong; 0.9 right.
    #expect(near(report.expectedCalibrationError, (0.3 + 0.8 + 0.5 + 0.8 + 0.1) / 6))
  }

  @Test func theIntervalIsWilsons() {
    #expect(near(report.accuracyInterval.lowerBound, 0.29999, 1e-4))
    #expect(near(report.accuracyInterval.upperBound, 0.90323, 1e-4))
    let wrong = interval(right: 0, of: 10)
    #expect(wrong.lowerBound == 0 && near(wrong.upperBound, 0.27753, 1e-4))
    let right = interval(right: 10, of: 10)
    #expect(near(right.lowerBound, 0.72247, 1e-4) && near(right.upperBound, 1))
  }

  private func interval(right: Int, of count: Int) -> ClosedRange<Double> {
    ClassificationReport(
      labels: ["a", "b"], probabilities: (0..<count).map { $0 < right ? [1, 0] : [0, 1] },
      truth: [Int](repeating: 0, count: count)
    ).accuracyInterval
  }

  @Test func aLabelWithoutExamplesIsLeftOutOfTheMacroMean() {
    let report = ClassificationReport(
      labels: ["a", "b"], probabilities: [[0.9, 0.1], [0.8, 0.2]], truth: [0, 0])
    #expect(report.macroF1 == 1 && report.macroPrecision == 1 && report.macroRecall == 1)
    #expect(report.classes[1].f1 == 0 && report.classes[1].support == 0)
  }

  @Test func noExamplesGiveFiguresThatAreNumbers() {
    let report = ClassificationReport(labels: ["a", "b"], probabilities: [], truth: [])
    #expect(report.count == 0 && report.accuracy == 0 && report.logLoss == 0 && report.macroF1 == 0)
    #expect(report.accuracyInterval == 0...1)
  }

  @Test func aCertainMistakeCostsAFiniteLogLoss() {
    let report = ClassificationReport(labels: ["a", "b"], probabilities: [[0, 1]], truth: [0])
    #expect(near(report.logLoss, -log(1e-15)))
    #expect(report.brier == 2 && report.expectedCalibrationError == 1)
  }

  @Test func scoresThatAreNoNumbersShowInTheLogLoss() {
    let report = ClassificationReport(
      labels: ["a", "b"], probabilities: [[.nan, .nan], [1, 0]], truth: [1, 0])
    #expect(report.logLoss.isNaN)
    #expect(report.accuracy == 0.5 && report.expectedCalibrationError.isFinite)
  }
}
