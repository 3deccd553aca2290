import ModelPackage

/// How a network, its partner and the two together do on dev data.
public struct PartnerReport: Sendable, Equatable {
  /// The share of dev texts that the network alone gets right.
  public let networkAccuracy: Double
  /// That of the partner alone.
  public let partnerAccuracy: Double
  /// That of the two together.
  public let stackAccuracy: Double
  /// How the two are added.
  public let stack: Manifest.Partner.Stack
  /// N-grams kept, of how many, and the bytes they take before compression.
  public let features: Int
  /// N-grams that stand in `partner.min-documents` training texts or more; `features` of them were kept.
  public let candidates: Int
  /// Of the partner's tensors, without the file's header; at most `partner.max-bytes`.
  public let byteCount: Int
  /// Wall seconds of the partner's training.
  public let seconds: Double
}
