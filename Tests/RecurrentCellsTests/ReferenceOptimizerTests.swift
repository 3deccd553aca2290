import TestSupport
import Testing

/// Twenty optimiser steps of the reference model against PyTorch's.
@Suite struct ReferenceOptimizerTests {
  @Test(arguments: GoldenFile.trainedNames)
  func twentyStepsEqualPyTorch(_ name: String) throws {
    let golden = try GoldenFile(named: name)
    for training in golden.training {
      var model = golden.referenceClassifier()
      var optimizer = ReferenceOptimizer(
        training.rule, learningRate: training.learningRate, for: golden.configuration)
      var losses: [Double] = []
      var norms: [Double] = []
      for step in 0..<training.steps {
        var found = model.backward(golden.referenceBatch(step % golden.batches.count))
        losses.append(found.loss)
        norms.append(ReferenceOptimizer.clip(&found.parameters, toNorm: training.clipNorm))
        optimizer.step(&model.parameters, gradients: found.parameters)
      }
      let label = "\(training.optimizer)"
      var errors = [
        RelativeError.worst(found: losses, expected: training.losses, floor: 1e-4, name: "\(label) losses"),
        RelativeError.worst(
          found: norms, expected: training.gradientNorms, floor: 1e-4, name: "\(label) gradient norms"),
      ]
      #expect(Set(training.parameters.keys) == Set(model.parameters.names))
      for (name, expected) in training.parameters {
        errors.append(
          .worst(found: model.parameters[name], expected: expected, floor: 1e-4, name: "\(label) \(name)"))
      }
      for error in errors { #expect(error.value < 1e-9, "\(error); \(golden.provenance)") }
    }
  }

  /// What is asked of the library in `Float`, 1e-5, is within reach: PyTorch's own float32 run does it.
  @Test(arguments: GoldenFile.trainedNames)
  func singlePrecisionStaysWithinTolerance(_ name: String) throws {
    let golden = try GoldenFile(named: name)
    #expect(!golden.training.isEmpty)
    for training in golden.training { #expect(training.difference32 < 5e-6) }
    for (name, expected) in golden.float64.gradients {
      let largest = expected.map { abs($0) }.max() ?? 0
      let found = try #require(golden.float32.gradients[name])
      let worst = RelativeError.worst(found: found, expected: expected, floor: largest, name: name)
      #expect(worst.value < 5e-6, "\(worst)")
    }
  }
}

extension GoldenFile.Training {
  fileprivate var rule: ReferenceOptimizer.Rule {
    switch optimizer {
    case .adam, .adamW:
      .adam(
        beta1: beta1 ?? .nan, beta2: beta2 ?? .nan, epsilon: epsilon ?? .nan, weightDecay: weightDecay ?? 0)
    case .sgd: .sgd(momentum: momentum ?? 0)
    }
  }
}
