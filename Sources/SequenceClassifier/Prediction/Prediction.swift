/// What a classifier says of one text.
public struct Prediction: Sendable, Equatable {
  /// A label with its calibrated probability.
  public struct Score: Sendable, Equatable {
    /// As the package spells it.
    public let label: String
    /// From 0 to 1: the softmax of the logits over the package's temperature.
    public let score: Float
  }

  /// Every label, the likeliest first; equal scores in the order of the package's labels. They sum to 1.
  public let scores: [Score]
  /// Logits in the order of the package's labels, before calibration.
  public let logits: [Float]
  /// Tokens of the text.
  public let tokenCount: Int
  /// Tokens that the vocabulary lacks.
  public let unknownCount: Int
  /// Whether tokens were cut off by a limit.
  public let isTruncated: Bool

  /// The likeliest label.
  public var label: String { scores.first?.label ?? "" }
  /// Its probability.
  public var score: Float { scores.first?.score ?? 0 }
}
