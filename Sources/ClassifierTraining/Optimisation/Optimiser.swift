import CRecurrentKernels
import RecurrentNumerics
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
  public var kind: OptimiserKind
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float
  public var momentum: Float
  public var weightDecay: Float

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

/// An optimiser's moments and step count.
///
/// Embedding rows that a batch does not hold are left alone, moments and weight decay included ("lazy", as PyTorch's
/// `SparseAdam`); every other parameter is updated at each step.
public struct Optimiser: Sendable {
  public let options: OptimiserOptions
  public private(set) var steps: Int
  /// First moment, or SGD's velocity.
  public private(set) var first: NetworkParameters
  /// Second moment; zeros with SGD.
  public private(set) var second: NetworkParameters

  public init(_ options: OptimiserOptions, network: RecurrentNetwork) {
    self.options = options
    steps = 0
    first = NetworkParameters(zerosFor: network)
    second = first
  }

  /// An optimiser as a checkpoint kept it.
  public init(_ options: OptimiserOptions, steps: Int, first: NetworkParameters, second: NetworkParameters) {
    self.options = options
    self.steps = steps
    self.first = first
    self.second = second
  }

  /// One step.
  /// - Parameter gradientScale: multiplies every gradient, for clipping.
  public mutating func update(
    _ parameters: inout NetworkParameters, _ gradients: NetworkGradients, rate: Float, gradientScale: Float,
    kernels: KernelSet
  ) {
    steps += 1
    let rule = UpdateRule(
      options: options, step: steps, rate: rate, gradientScale: gradientScale, kernels: kernels)
    let width = gradients.embedding.width
    _ = gradients.embedding.withRows { rows in
      rule.withPointers(&parameters.embedding, &first.embedding, &second.embedding) { w, m, v in
        for (index, token) in gradients.embedding.tokens.enumerated() {
          let start = Int(token) * width
          rule.apply(count: width, w + start, rows + index * width, m + start, v + start)
        }
      }
    }
    for index in parameters.layers.indices {
      rule.apply(
        &parameters.layers[index], gradients.layers[index], &first.layers[index], &second.layers[index])
    }
    rule.apply(&parameters.readout, gradients.readout, &first.readout, &second.readout)
  }
}

/// The arithmetic of one step.
private struct UpdateRule {
  let options: OptimiserOptions
  let step: Int
  let rate: Float
  let gradientScale: Float
  let kernels: KernelSet

  func apply(
    _ parameters: inout ParameterSet, _ gradients: ParameterSet, _ first: inout ParameterSet,
    _ second: inout ParameterSet
  ) {
    gradients.values.withUnsafeBufferPointer { g in
      guard let g = g.baseAddress else { return }
      withPointers(&parameters, &first, &second) { w, m, v in apply(count: gradients.count, w, g, m, v) }
    }
  }

  func withPointers(
    _ parameters: inout ParameterSet, _ first: inout ParameterSet, _ second: inout ParameterSet,
    _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    parameters.values.withUnsafeMutableBufferPointer { w in
      first.values.withUnsafeMutableBufferPointer { m in
        second.values.withUnsafeMutableBufferPointer { v in
          guard let w = w.baseAddress, let m = m.baseAddress, let v = v.baseAddress else { return }
          body(w, m, v)
        }
      }
    }
  }

  func apply(
    count: Int, _ w: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>, _ m: UnsafeMutablePointer<Float>,
    _ v: UnsafeMutablePointer<Float>
  ) {
    let isAdamW = options.kind == .adamw
    switch options.kind {
    case .adam, .adamw:
      kernels.functions.pointee.adam(
        count, w, g, m, v, gradientScale, rate, options.beta1, options.beta2, options.epsilon,
        isAdamW ? 0 : options.weightDecay, isAdamW ? options.weightDecay : 0,
        Float(1 - power(Double(options.beta1), Double(step))),
        Float(1 - power(Double(options.beta2), Double(step))))
    case .sgd:
      for index in 0..<count {
        let gradient = g[index] * gradientScale + options.weightDecay * w[index]
        // The first velocity is the gradient itself, as in PyTorch: a start from zero gives just that.
        m[index] = options.momentum * m[index] + gradient
        w[index] -= rate * m[index]
      }
    }
  }
}
