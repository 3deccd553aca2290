import SequenceClassifier

/// The rule that turns gradients into new parameters.
public enum OptimiserKind: String, Codable, CaseIterable, Sendable {
  /// Kingma & Ba 2015, arXiv:1412.6980; weight decay is added to the gradient.
  case adam
  /// Loshchilov & Hutter 2019, arXiv:1711.05101; weight decay apart from the gradient.
  case adamw
  /// Stochastic gradient descent with momentum: v ← μ v + g, w ← w − η v; weight decay is added to the gradient.
  case sgd
}

/// Hyper-parameters of an optimiser.
public struct OptimiserOptions: Codable, Hashable, Sendable {
  /// The rule; `adam` by default.
  public var kind: OptimiserKind
  /// β₁, decay of the first moment: from 0 to below 1, 0.9 by default. Not read by `sgd`.
  public var beta1: Float
  /// β₂, decay of the second moment: from 0 to below 1, 0.999 by default. Not read by `sgd`.
  public var beta2: Float
  /// ε, added to the root of the second moment: above 0, 1e-8 by default. Not read by `sgd`.
  public var epsilon: Float
  /// μ of `sgd`: from 0 to below 1, 0.9 by default. Not read by the others.
  public var momentum: Float
  /// 0 or above, 0 by default; `kind` says how. It spares the vectors of words that a batch does not hold.
  public var weightDecay: Float

  /// `validate` of `TrainingOptions` and `PretrainingOptions` checks the values.
  public init(
    kind: OptimiserKind = .adam, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    momentum: Float = 0.9, weightDecay: Float = 0
  ) {
    self.kind = kind
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  enum CodingKeys: String, CodingKey {
    case kind, beta1, beta2, epsilon, momentum
    case weightDecay = "weight-decay"
  }
}
