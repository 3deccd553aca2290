import ClassifierTraining
import ModelPackage
import StrictJSON
import TextRecords

/// The report of `rnnpkg test`, for people or for programs.
struct TestReport {
  private let test: PackageTest
  private let package: ModelPackage
  private let data: String

  init(_ test: PackageTest, package: ModelPackage, data: String) {
    self.test = test
    self.package = package
    self.data = data
  }

  /// In the shape of scikit-learn's report.
  var text: String {
    let report = test.report
    let width = max(12, (report.classes.map(\.label.count).max() ?? 0) + 1)
    var lines = [
      "\(package.manifest.reference) on \(RecordReader.displayName(of: data))   \(grouped(report.count)) texts   \(decimals(test.seconds, 1)) s   "
        + "\(grouped(Int(test.textsPerSecond))) texts/s", "",
      padded("", width) + "  precision  recall      f1  support",
    ]
    for figures in report.classes {
      lines.append(
        padded(figures.label, width)
          + "     \(decimals(figures.precision, 4))  \(decimals(figures.recall, 4))  "
          + "\(decimals(figures.f1, 4))  " + aligned(grouped(figures.support), 7))
    }
    lines.append(
      padded("accuracy", width) + "                     \(decimals(report.accuracy, 4))  "
        + aligned(grouped(report.count), 7)
        + "   (95% CI \(decimals(report.accuracyInterval.lowerBound, 4))–\(decimals(report.accuracyInterval.upperBound, 4)))"
    )
    lines.append(
      padded("macro avg", width)
        + "     \(decimals(report.macroPrecision, 4))  \(decimals(report.macroRecall, 4))  "
        + "\(decimals(report.macroF1, 4))  " + aligned(grouped(report.count), 7))
    lines += [
      "",
      "calibration: ECE \(decimals(report.expectedCalibrationError, 4)) (raw "
        + "\(decimals(test.rawReport.expectedCalibrationError, 4)))   log loss \(decimals(report.logLoss, 4))   "
        + "Brier \(decimals(report.brier, 4))", "",
    ]
    lines += confusion(width)
    return lines.map(EscapedText.unquoted).joined(separator: "\n") + "\n"
  }

  private func confusion(_ width: Int) -> [String] {
    let report = test.report
    guard report.classes.count <= 20 else {
      let place =
        report.classes.count > ClassificationReport.labelsOfFigures
        ? "too many for a table" : "see --report json"
      return ["confusion: \(report.classes.count) labels; \(place)"]
    }
    let columns = report.classes.map { max(7, $0.label.count) }
    let counts = report.confusion
    var lines = [
      padded("confusion", width) + " → "
        + zip(report.classes, columns).map { aligned($0.label, $1) }.joined(separator: "  ")
    ]
    for (index, figures) in report.classes.enumerated() {
      lines.append(
        padded(figures.label, width) + "   "
          + zip(counts[index], columns).map { aligned(grouped($0), $1) }.joined(separator: "  "))
    }
    return lines
  }

  func json() throws -> JSONValue {
    let report = test.report
    var evaluation = report.wholeEvaluation(of: Manifest.DataSource(name: data, rows: report.count))
    evaluation.metrics["macroPrecision"] = report.macroPrecision
    evaluation.metrics["macroRecall"] = report.macroRecall
    guard case .object(var object) = try JSONValueEncoder().encode(evaluation) else { return .null }
    object["model"] = .string(package.manifest.reference)
    object["packageID"] = .string(package.id)
    object["accuracyInterval"] = [
      .number(report.accuracyInterval.lowerBound), .number(report.accuracyInterval.upperBound),
    ]
    object["rawECE"] = .number(test.rawReport.expectedCalibrationError)
    object["seconds"] = .number(test.seconds)
    object["textsPerSecond"] = .number(test.textsPerSecond)
    object["labels"] = .array(report.classes.map { .string($0.label) })
    return .object(object)
  }
}
