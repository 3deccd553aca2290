import ModelPackage
import SequenceClassifier

/// The stack of a network and a partner, fitted and measured.
struct FittedStack {
  let stack: Manifest.Partner.Stack
  /// Of the two together.
  let logits: [[Float]]
  let report: PartnerReport

  init(
    network: [[Float]], partner: TrainedPartner, partnerLogits: [[Float]], idCounts: [Int], labels: [Int]
  ) {
    stack = StackFit.fit(
      network: network, partner: partnerLogits, idCounts: idCounts, labels: labels,
      minLength: partner.options.minTokens)
    logits = stack.combined(network, partnerLogits, idCounts: idCounts)
    func accuracy(_ rows: [[Float]]) -> Double {
      Double(zip(rows, labels).count { $0.indexOfMaximum == $1 }) / Double(Swift.max(1, labels.count))
    }
    report = PartnerReport(
      networkAccuracy: accuracy(network), partnerAccuracy: accuracy(partnerLogits),
      stackAccuracy: accuracy(logits), stack: stack, features: partner.model.featureCount,
      candidates: partner.candidates, byteCount: partner.byteCount, seconds: partner.seconds)
  }
}
