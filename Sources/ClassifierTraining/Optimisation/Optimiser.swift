import CRecurrentKernels
import RecurrentNumerics
import SequenceClassifier

/// An optimiser's moments and step count.
///
/// Embedding rows that a batch does not hold are left alone, moments and weight decay included ("lazy", as PyTorch's
/// `SparseAdam`); every other parameter is updated at each step at which its part learns.
public struct Optimiser: Sendable {
  /// The rule and its hyper-parameters; rates come with each `update`.
  public let options: OptimiserOptions
  /// Steps of the whole.
  public private(set) var steps: Int
  /// Steps of each set of parameters, in the order of `NetworkParameters.sets`: fewer where a part began to learn later. They
  /// make up for moments that started from zero.
  public private(set) var updates: [Int]
  /// First moment, or SGD's velocity.
  public private(set) var first: NetworkParameters
  /// Second moment; zeros with SGD.
  public private(set) var second: NetworkParameters

  /// The start, for parameters of these shapes.
  public init(_ options: OptimiserOptions, zerosLike parameters: NetworkParameters) {
    self.options = options
    steps = 0
    updates = parameters.sets.map { _ in 0 }
    first = NetworkParameters(zerosLike: parameters)
    second = first
  }

  /// An optimiser as a checkpoint kept it.
  public init(
    _ options: OptimiserOptions, steps: Int, updates: [Int], first: NetworkParameters,
    second: NetworkParameters
  ) {
    precondition(updates.count == first.layers.count + 2)
    self.options = options
    self.steps = steps
    self.updates = updates
    self.first = first
    self.second = second
  }

  /// One step, shared out among the pool's threads.
  /// - Parameters:
  ///   - rates: a part whose rate is 0 is left alone, moments included.
  ///   - gradientScale: multiplies every gradient, for clipping.
  public mutating func update(
    _ parameters: inout NetworkParameters, _ gradients: NetworkGradients, rates: LayerRates,
    gradientScale: Float, pool: WorkerPool, kernels: KernelSet
  ) {
    steps += 1
    let layers = parameters.layers.count
    /// The rule of a set; nil where it is left alone.
    func rule(_ set: Int, _ rate: Float) -> UpdateRule? {
      guard rate > 0 else { return nil }
      updates[set] += 1
      return UpdateRule(
        options: options, step: updates[set], rate: rate, gradientScale: gradientScale, kernels: kernels)
    }
    if let rule = rule(0, rates.embedding) {
      updateEmbedding(&parameters.embedding, gradients.embedding, rule, pool: pool)
    }
    for index in 0..<layers {
      guard let rule = rule(1 + index, rates.layer(index, of: layers)) else { continue }
      Optimiser.update(
        &parameters.layers[index], gradients.layers[index], &first.layers[index], &second.layers[index], rule,
        pool: pool)
    }
    if let rule = rule(1 + layers, rates.readout) {
      Optimiser.update(
        &parameters.readout, gradients.readout, &first.readout, &second.readout, rule, pool: pool)
    }
  }

  private mutating func updateEmbedding(
    _ parameters: inout ParameterSet, _ gradients: EmbeddingGradient, _ rule: UpdateRule, pool: WorkerPool
  ) {
    let (tokens, width) = (gradients.tokens, gradients.width)
    gradients.withRows { rows in
      withTargets(&parameters, &first.embedding, &second.embedding) { target in
        let rows = GradientPointer(rows)
        pool.runParts(of: tokens.count, minimum: 256) { part in
          for index in part {
            rule.apply(
              target, from: Int(tokens[index]) * width, count: width, gradient: rows.start + index * width)
          }
        }
      }
    }
  }

  private static func update(
    _ parameters: inout ParameterSet, _ gradients: ParameterSet, _ first: inout ParameterSet,
    _ second: inout ParameterSet, _ rule: UpdateRule, pool: WorkerPool
  ) {
    gradients.values.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return }
      let gradient = GradientPointer(start)
      withTargets(&parameters, &first, &second) { target in
        pool.runParts(of: values.count, minimum: 32_768) { part in
          rule.apply(
            target, from: part.lowerBound, count: part.count, gradient: gradient.start + part.lowerBound)
        }
      }
    }
  }
}

/// What a step writes. Threads get parts that do not overlap.
private struct UpdateTarget: @unchecked Sendable {
  let weights: UnsafeMutablePointer<Float>
  let first: UnsafeMutablePointer<Float>
  let second: UnsafeMutablePointer<Float>
}

/// Gradients that threads read together.
private struct GradientPointer: @unchecked Sendable {
  let start: UnsafePointer<Float>
  init(_ start: UnsafePointer<Float>) { self.start = start }
}

private func withTargets(
  _ parameters: inout ParameterSet, _ first: inout ParameterSet, _ second: inout ParameterSet,
  _ body: (UpdateTarget) -> Void
) {
  parameters.values.withUnsafeMutableBufferPointer { w in
    first.values.withUnsafeMutableBufferPointer { m in
      second.values.withUnsafeMutableBufferPointer { v in
        guard let w = w.baseAddress, let m = m.baseAddress, let v = v.baseAddress else { return }
        body(UpdateTarget(weights: w, first: m, second: v))
      }
    }
  }
}

/// The arithmetic of one step, element by element.
private struct UpdateRule: Sendable {
  let options: OptimiserOptions
  let rate: Float
  let gradientScale: Float
  let kernels: KernelSet
  /// 1 − β^step: what makes up for moments that started from zero.
  private let corrections: (first: Float, second: Float)

  init(options: OptimiserOptions, step: Int, rate: Float, gradientScale: Float, kernels: KernelSet) {
    self.options = options
    self.rate = rate
    self.gradientScale = gradientScale
    self.kernels = kernels
    corrections = (
      Float(1 - power(Double(options.beta1), Double(step))),
      Float(1 - power(Double(options.beta2), Double(step)))
    )
  }

  func apply(_ target: UpdateTarget, from start: Int, count: Int, gradient g: UnsafePointer<Float>) {
    let (w, m, v) = (target.weights + start, target.first + start, target.second + start)
    let isAdamW = options.kind == .adamw
    switch options.kind {
    case .adam, .adamw:
      kernels.functions.pointee.adam(
        count, w, g, m, v, gradientScale, rate, options.beta1, options.beta2, options.epsilon,
        isAdamW ? 0 : options.weightDecay, isAdamW ? options.weightDecay : 0, corrections.first,
        corrections.second)
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
