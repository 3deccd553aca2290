import RecurrentNumerics

/// What a training step minimises.
///
///     L = CE(X) + w_a CE(X + ε r N(∂CE/∂X)) + w_v KL(p ‖ p(X + ε r N(∂KL/∂X))) + w_e H(p)
///
/// X is an embedded text with its dropout masks, r the root mean square of its features, N(d) a direction of norm 1 over
/// the whole text (`PerturbationDirection`), H the entropy, and p the prediction for X. The second KL is that of
/// X + ξ r N(noise). Directions, r and p in KL are constants. CE is the mean over labelled texts, KL over unlabelled ones
/// (labelled ones where there are no others), H over both.
///
/// Adversarial and virtual adversarial loss: Miyato, Dai, Goodfellow 2017, arXiv:1605.07725; with entropy: Sachan, Zaheer,
/// Salakhutdinov 2019, arXiv:2009.04007.
public struct TrainingLoss: Sendable {
  /// CE with its smoothing and class weights; the adversarial loss has them too.
  public var crossEntropy: CrossEntropy
  /// w_a and ε for labelled texts, which are not moved where the weight is 0.
  public var adversarial: AdversarialOptions
  /// With the weight of the step.
  public var virtualAdversarial: VirtualAdversarialOptions
  /// w_e of the step.
  public var entropyWeight: Double

  /// Cross-entropy alone by default.
  public init(
    _ crossEntropy: CrossEntropy, adversarial: AdversarialOptions = .init(),
    virtualAdversarial: VirtualAdversarialOptions = .init(), entropyWeight: Double = 0
  ) {
    self.crossEntropy = crossEntropy
    self.adversarial = adversarial
    self.virtualAdversarial = virtualAdversarial
    self.entropyWeight = entropyWeight
  }
}

/// The parts of a loss, each a mean over its texts, in nats, before its weight.
public struct LossParts: Sendable, Equatable {
  /// CE(X) of labelled texts.
  public var crossEntropy: Double
  /// CE of the same texts, moved; 0 where its weight is 0.
  public var adversarial: Double
  /// KL of predictions for unlabelled texts and for the same ones, moved; 0 where its weight is 0.
  public var virtualAdversarial: Double
  /// H(p) of labelled and unlabelled texts together; 0 where its weight is 0.
  public var entropy: Double

  /// All zeros by default.
  public init(
    crossEntropy: Double = 0, adversarial: Double = 0, virtualAdversarial: Double = 0, entropy: Double = 0
  ) {
    self.crossEntropy = crossEntropy
    self.adversarial = adversarial
    self.virtualAdversarial = virtualAdversarial
    self.entropy = entropy
  }

  /// L.
  public func total(_ loss: TrainingLoss) -> Double {
    crossEntropy + loss.adversarial.weight * adversarial
      + loss.virtualAdversarial.weight * virtualAdversarial + loss.entropyWeight * entropy
  }

  static func + (left: LossParts, right: LossParts) -> LossParts {
    LossParts(
      crossEntropy: left.crossEntropy + right.crossEntropy, adversarial: left.adversarial + right.adversarial,
      virtualAdversarial: left.virtualAdversarial + right.virtualAdversarial,
      entropy: left.entropy + right.entropy)
  }
}
