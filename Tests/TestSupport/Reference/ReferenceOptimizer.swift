/// The optimisers of the golden files in `Double`, every parameter updated at every step.
package struct ReferenceOptimizer: Sendable {
  /// Which update is made from the gradient g and the step's number t = 1, 2, …
  package enum Rule: Sendable {
    /// m ← β1 m + (1 - β1) g; v ← β2 v + (1 - β2) g²;
    /// p ← p - lr (m / (1 - β1^t)) / (√(v / (1 - β2^t)) + ε), after p ← p - lr · weightDecay · p.
    case adam(beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double)
    /// b ← momentum · b + g; p ← p - lr b.
    case sgd(momentum: Double)
  }

  package let rule: Rule
  package let learningRate: Double
  private var first: ReferenceParameters
  private var second: ReferenceParameters
  private var decay1 = 1.0
  private var decay2 = 1.0

  package init(_ rule: Rule, learningRate: Double, for configuration: ReferenceConfiguration) {
    self.rule = rule
    self.learningRate = learningRate
    first = ReferenceParameters(zerosFor: configuration)
    second = first
  }

  /// The norm of all `gradients` together; they are multiplied by min(1, `norm` / (that + 1e-6)).
  package static func clip(_ gradients: inout ReferenceParameters, toNorm norm: Double) -> Double {
    var squares = 0.0
    for name in gradients.names { squares += gradients[name].reduce(0) { $0 + $1 * $1 } }
    let found = squares.squareRoot()
    let factor = min(1, norm / (found + 1e-6))
    for name in gradients.names { gradients[name] = gradients[name].map { $0 * factor } }
    return found
  }

  /// Moves `parameters` one step against `gradients`.
  package mutating func step(_ parameters: inout ReferenceParameters, gradients: ReferenceParameters) {
    if case .adam(let beta1, let beta2, _, _) = rule {
      decay1 *= beta1
      decay2 *= beta2
    }
    for name in parameters.names {
      for (index, g) in gradients[name].enumerated() {
        switch rule {
        case .adam(let beta1, let beta2, let epsilon, let weightDecay):
          let m = beta1 * first[name][index] + (1 - beta1) * g
          let v = beta2 * second[name][index] + (1 - beta2) * g * g
          first[name][index] = m
          second[name][index] = v
          parameters[name][index] *= 1 - learningRate * weightDecay
          let scale = (v / (1 - decay2)).squareRoot() + epsilon
          parameters[name][index] -= learningRate * (m / (1 - decay1)) / scale
        case .sgd(let momentum):
          let b = momentum * first[name][index] + g
          first[name][index] = b
          parameters[name][index] -= learningRate * b
        }
      }
    }
  }
}
