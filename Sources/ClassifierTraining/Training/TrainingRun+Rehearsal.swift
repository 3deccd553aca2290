import FileAccess
import ModelPackage
import SequenceClassifier

extension TrainingRun {
  /// Makes a package of the first parameters with figures as long as they get, so that what no package can hold shows before
  /// hours of training.
  func rehearsePackage(of parameters: NetworkParameters) throws {
    let builder = PackageBuilder(
      configuration: configuration, network: network, encoder: encoder, labels: labels)
    do {
      let stack = Manifest.Partner.Stack(
        network: longest, partner: longest, bias: [Double](repeating: -longest, count: labels.count),
        networkByLength: longest, partnerByLength: longest,
        partnerMinLength: configuration.partner.minTokens)
      _ = try builder.makePackage(
        builder.stored(parameters), record: longestRecord, partner: partner.map { ($0, stack) },
        created: "9999-12-31T23:59:59Z", kernels: kernels)
    } catch let error as PackageError {
      throw TrainingError.unpackable(error)
    }
  }

  private static var longestDigest: String { "sha256:" + String(repeating: "0", count: 64) }

  private var longestRecord: PackageBuilder.Record {
    let (data, model) = (configuration.data, configuration.model)
    let files =
      data.train + data.unlabelled + data.teachers + [model.vectors, model.initFrom].filter { !$0.isEmpty }
    return PackageBuilder.Record(
      epochs: configuration.training.epochs, bestEpoch: configuration.training.epochs,
      data: data.sources
        + files.map { .init(name: FileAccess.entryName(of: $0), sha256: TrainingRun.longestDigest) },
      calibration: .init(
        method: "temperature", t: 0.012_345_678_901_234_567, eceBefore: longest, eceAfter: longest),
      evaluation: [longestEvaluation], baseModel: baseModel)
  }

  private var longestEvaluation: Manifest.Evaluation {
    let report = ClassificationReport(labels: labels, probabilities: [], truth: [])
    var evaluation = report.evaluation(of: devSource(digest: TrainingRun.longestDigest))
    for name in evaluation.metrics.names { evaluation.metrics[name] = longest }
    evaluation.perClass = evaluation.perClass.map { figures in
      NamedValues(
        distinct: figures.names.map {
          .init(
            name: $0,
            value: .init(precision: longest, recall: longest, f1: longest, support: valid.count))
        })
    }
    evaluation.confusion = evaluation.confusion?.map { row in row.map { _ in valid.count } }
    return evaluation
  }
}

/// A number that takes as many digits as figures do.
private let longest = 1.234_567_890_123_456_7e-100
