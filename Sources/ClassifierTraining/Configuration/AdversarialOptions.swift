/// Adversarial training: the cross-entropy of texts moved where it grows fastest. The table `[training.adversarial]`.
public struct AdversarialOptions: Codable, Hashable, Sendable {
  /// Of this loss beside the cross-entropy; 0 for none.
  public var weight: Double
  /// Size of the move, in units of the root mean square of the text's embedded features.
  public var epsilon: Double

  /// By default there is no such loss.
  public init(weight: Double = 0, epsilon: Double = 5) {
    self.weight = weight
    self.epsilon = epsilon
  }
}

/// Virtual adversarial training: how far predictions change for texts moved where they change fastest. It needs no
/// labels. The table `[training.virtual]`.
public struct VirtualAdversarialOptions: Codable, Hashable, Sendable {
  /// Of this loss beside the cross-entropy, once the ramp is over; 0 for none.
  public var weight: Double
  /// Size of the move, in units of the root mean square of the text's embedded features.
  public var epsilon: Double
  /// Size of the random move that the direction is found from, in the same units.
  public var xi: Double

  /// ξ is the Chainer port's 1 rather than the paper's 0.1, which bf16 rounds away.
  public init(weight: Double = 0, epsilon: Double = 5, xi: Double = 1) {
    self.weight = weight
    self.epsilon = epsilon
    self.xi = xi
  }
}

/// Entropy minimisation: predictions are to be sure, labelled or not. The table `[training.entropy]`.
public struct EntropyOptions: Codable, Hashable, Sendable {
  /// Of this loss beside the cross-entropy, once the ramp is over; 0 for none.
  public var weight: Double

  /// By default there is no such loss.
  public init(weight: Double = 0) { self.weight = weight }
}
