import ClassifierTraining
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// The network against PyTorch: forward, all gradients, and 20 steps of each optimiser.
@Suite struct NetworkGoldenTests {
  @Test(arguments: GoldenFile.trainedNames)
  func forwardAndGradientsAgreeWithPyTorch(_ name: String) throws {
    let golden = try GoldenFile(named: name)
    let fixture = try NetworkFixture(golden.configuration, golden.referenceParameters)
    let examples = golden.examples(batch: 0)
    let logits = fixture.logits(examples.tokens)
    let forward = RelativeError.worst(
      found: logits.flatMap { $0.map(Double.init) }, expected: golden.float64.logits.flatMap { $0 },
      floor: 1e-1,
      name: "logits")
    #expect(forward.value < 1e-5, "\(forward); \(golden.header.regenerate)")

    let worker = GradientWorker(fixture.network, shards: 2, pool: WorkerPool(threads: 2))
    let loss = worker.loss(
      fixture.bound(), examples, batch: examples.byLength, loss: golden.loss, truncation: nil, dropout: nil)
    #expect(abs(loss - golden.float64.loss) < 1e-5 * golden.float64.loss)
    let found = fixture.named(worker.gradients)
    for (name, expected) in golden.float64.gradients {
      // Relative to the tensor's largest element: single precision cannot keep more of the small ones.
      let floor = expected.map(abs).max() ?? 0
      let worst = RelativeError.worst(found: found[name], expected: expected, floor: floor, name: name)
      #expect(worst.value < 1e-5, "\(worst); \(golden.header.regenerate)")
    }
  }

  @Test(arguments: GoldenFile.trainedNames)
  func twentyOptimiserStepsAgreeWithPyTorch(_ name: String) throws {
    let golden = try GoldenFile(named: name)
    for training in golden.training {
      let fixture = try NetworkFixture(golden.configuration, golden.referenceParameters)
      let worker = GradientWorker(fixture.network, shards: 1, pool: WorkerPool(threads: 1))
      var parameters = fixture.parameters
      var optimiser = Optimiser(training.options, zerosLike: parameters)
      for step in 0..<training.steps {
        let examples = golden.examples(batch: step % golden.batches.count)
        let loss = worker.loss(
          BoundNetwork(fixture.network, parameters, kernels: .best), examples, batch: examples.byLength,
          loss: golden.loss, truncation: nil, dropout: nil)
        #expect(
          abs(loss - training.losses[step]) < 1e-5 * training.losses[step],
          "\(name) \(training.optimizer) \(step)")
        let rates = LayerRates(Float(training.learningRate), levels: fixture.network.levels.count)
        let norm = worker.gradientNorm(rates, kernels: .best)
        #expect(abs(norm - training.gradientNorms[step]) < 1e-4 * norm)
        optimiser.update(
          &parameters, worker.gradients, rates: rates,
          gradientScale: Float(min(1, training.clipNorm / (norm + 1e-6))), pool: WorkerPool(threads: 2),
          kernels: .best)
      }
      let found = fixture.named(parameters.namedValues(fixture.network))
      for (parameter, expected) in training.parameters {
        let floor = expected.map(abs).max() ?? 0
        let worst = RelativeError.worst(
          found: found[parameter], expected: expected, floor: floor, name: parameter)
        // PyTorch's own float32 run is `difference32` away from its float64 run: Adam divides by small moments.
        #expect(
          worst.value < max(1e-5, 4 * training.difference32),
          "\(training.optimizer): \(worst), PyTorch's float32 is \(training.difference32) off; \(golden.header.regenerate)"
        )
      }
    }
  }
}

extension GoldenFile {
  fileprivate var referenceParameters: ReferenceParameters {
    var result = ReferenceParameters(zerosFor: configuration)
    for (name, tensor) in parameters { result[name] = tensor.values }
    return result
  }

  fileprivate var loss: CrossEntropy {
    CrossEntropy(labelSmoothing: Float(labelSmoothing), classWeights: classWeights?.map(Float.init) ?? [])
  }

  fileprivate func examples(batch: Int) -> EncodedExamples {
    var examples = EncodedExamples()
    for (tokens, label) in zip(batches[batch].sequences, batches[batch].labels) {
      examples.append(tokens: tokens.map(Int32.init), label: label)
    }
    return examples
  }
}

extension EncodedExamples {
  fileprivate var byLength: [Int] { lengths.indices.sorted { (lengths[$0], $1) > (lengths[$1], $0) } }
}

extension GoldenFile.Training {
  fileprivate var options: OptimiserOptions {
    OptimiserOptions(
      kind: optimizer == .sgd ? .sgd : optimizer == .adamW ? .adamw : .adam, beta1: Float(beta1 ?? 0.9),
      beta2: Float(beta2 ?? 0.999), epsilon: Float(epsilon ?? 1e-8), momentum: Float(momentum ?? 0),
      weightDecay: Float(weightDecay ?? 0))
  }
}
