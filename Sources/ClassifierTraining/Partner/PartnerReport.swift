import ModelPackage
import SequenceClassifier

/// How a network, its partner and the two together do on dev data.
public struct PartnerReport: Sendable, Equatable {
  public let networkAccuracy: Double
  public let partnerAccuracy: Double
  public let stackAccuracy: Double
  public let stack: Manifest.Partner.Stack
  /// N-grams kept, of how many, and the bytes they take before compression.
  public let features: Int
  public let candidates: Int
  public let byteCount: Int
  /// Wall seconds of the partner's training.
  public let seconds: Double
}

/// The stack of a network and a partner, fitted and measured.
struct FittedStack {
  let stack: Manifest.Partner.Stack
  /// Of the two together.
  let logits: [[Float]]
  let report: PartnerReport

  init(
    network: [[Float]], partner: TrainedPartner, partnerLogits: [[Float]], idCounts: [Int], labels: [Int]
  ) {
    stack = StackFit.fit(network: network, partner: partnerLogits, idCounts: idCounts, labels: labels)
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
