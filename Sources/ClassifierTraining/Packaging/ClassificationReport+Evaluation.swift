import ModelPackage

extension ClassificationReport {
  /// The most labels whose confusion matrix a manifest keeps.
  private static let labelsOfConfusion = 32
  /// The most labels of which each has its figures in a manifest: a hundred bytes each, of a mebibyte in all.
  package static let labelsOfFigures = 1_000

  /// The report as a manifest keeps it: without the figures of each label where there are more than 1,000, and without the
  /// confusion matrix where there are more than 32.
  public func evaluation(of data: Manifest.DataSource, command: String? = nil) -> Manifest.Evaluation {
    var evaluation = summary(of: data, command: command)
    if classes.count <= Self.labelsOfFigures { evaluation.perClass = figures }
    if classes.count <= Self.labelsOfConfusion { evaluation.confusion = confusion }
    return evaluation
  }

  /// The report in whole, for a file of its own: of however many labels, but for the confusion matrix of more than 1,000.
  package func wholeEvaluation(of data: Manifest.DataSource) -> Manifest.Evaluation {
    var evaluation = summary(of: data)
    evaluation.perClass = figures
    if classes.count <= Self.labelsOfFigures { evaluation.confusion = confusion }
    return evaluation
  }

  private func summary(of data: Manifest.DataSource, command: String? = nil) -> Manifest.Evaluation {
    Manifest.Evaluation(
      data: data,
      metrics: [
        "accuracy": accuracy, "macroF1": macroF1, "logLoss": logLoss, "ece": expectedCalibrationError,
        "brier": brier,
      ], command: command)
  }

  private var figures: NamedValues<Manifest.ClassMetrics> {
    NamedValues(
      distinct: classes.map {
        .init(
          name: $0.label,
          value: .init(precision: $0.precision, recall: $0.recall, f1: $0.f1, support: $0.support))
      })
  }
}
