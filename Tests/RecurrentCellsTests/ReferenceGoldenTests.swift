import TestSupport
import Testing

/// The reference model against PyTorch in float64: two implementations that share nothing.
@Suite struct ReferenceGoldenTests {
  /// Both sides round at 1e-16; a sum of a few hundred products stays far below this.
  static let tolerance = 1e-9
  static let floor = 1e-4

  @Test(arguments: GoldenFile.allNames)
  func forwardEqualsPyTorch(_ name: String) throws {
    let golden = try GoldenFile(named: name)
    let model = golden.referenceClassifier()
    let batch = golden.referenceBatch()
    let traces = model.forward(batch)
    let logits = RelativeError.worst(
      found: traces.flatMap(\.logits), expected: golden.float64.logits.flatMap { $0 }, floor: Self.floor,
      name: "logits")
    #expect(logits.value < Self.tolerance, "\(logits); \(golden.provenance)")

    let directions = golden.configuration.directionCount
    for (slot, layers) in golden.float64.finalStates.enumerated() {
      for (layer, states) in layers.enumerated() {
        let found = traces.flatMap { $0.finalStates[layer / directions][layer % directions][slot] }
        let worst = RelativeError.worst(
          found: found, expected: states.flatMap { $0 }, floor: Self.floor, name: "state \(slot) of \(layer)")
        #expect(worst.value < Self.tolerance, "\(worst); \(golden.provenance)")
      }
    }

    let loss = RelativeError(
      found: model.loss(batch), expected: golden.float64.loss, floor: Self.floor, name: "loss")
    #expect(loss.value < Self.tolerance, "\(loss); \(golden.provenance)")
  }

  @Test(arguments: GoldenFile.allNames)
  func gradientsEqualPyTorch(_ name: String) throws {
    let golden = try GoldenFile(named: name)
    let gradients = golden.referenceClassifier().gradients(golden.referenceBatch())
    #expect(Set(golden.float64.gradients.keys) == Set(gradients.names))
    for (name, expected) in golden.float64.gradients {
      let worst = RelativeError.worst(
        found: gradients[name], expected: expected, floor: Self.floor, name: name)
      #expect(worst.value < Self.tolerance, "\(worst); \(golden.provenance)")
    }
  }
}
