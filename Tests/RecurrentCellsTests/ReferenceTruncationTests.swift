import TestSupport
import Testing

/// Truncated back-propagation and the corners of the reference model.
@Suite struct ReferenceTruncationTests {
  static func model(_ cell: ReferenceCellKind, readout: ReferenceConfiguration.Readout) -> ReferenceClassifier
  {
    ReferenceClassifier(
      configuration: ReferenceConfiguration(
        cell: cell, vocabularySize: 7, inputSize: 3, hiddenSize: 4, layerCount: 2, direction: .both,
        initialState: .learned, readout: readout, classCount: 3),
      seed: 17, scale: 0.8)
  }

  /// Truncation is differentiation with the states at the windows' edges held still.
  @Test(arguments: ReferenceCellKind.allCases, ReferenceConfiguration.Readout.allCases)
  func truncatedGradientsEqualDifferencesWithEdgesHeldStill(
    _ cell: ReferenceCellKind, _ readout: ReferenceConfiguration.Readout
  ) {
    let model = Self.model(cell, readout: readout)
    let batch = ReferenceGradientTests.batch(for: model.configuration)
    let traces = model.forward(batch)
    // Lengths of 5, 3 and 1 have two edges, one edge and none.
    let expected = model.centralDifferences { $0.loss(batch, window: 2, statesFrom: traces) }
    let worst = RelativeError.worst(
      found: model.gradients(batch, window: 2), expected: expected, floor: 1e-4)
    #expect(worst.value < 1e-6, "\(worst)")
  }

  @Test(arguments: ReferenceCellKind.allCases)
  func windowOfTheLongestSequenceChangesNothing(_ cell: ReferenceCellKind) {
    let model = Self.model(cell, readout: .concat)
    let batch = ReferenceGradientTests.batch(for: model.configuration)
    #expect(model.gradients(batch, window: 5) == model.gradients(batch))
    #expect(model.gradients(batch, window: 4) != model.gradients(batch))
  }

  /// An empty sequence is read as its initial states: it teaches them and the readout, and nothing else.
  @Test(arguments: ReferenceCellKind.allCases, ReferenceConfiguration.Readout.allCases)
  func emptySequenceReadsInitialStates(
    _ cell: ReferenceCellKind, _ readout: ReferenceConfiguration.Readout
  ) {
    let model = Self.model(cell, readout: readout)
    let batch = ReferenceBatch(sequences: [[]], labels: [1])
    let initial =
      model.parameters["rnn.initial_state_0_l1"] + model.parameters["rnn.initial_state_0_l1_reverse"]
    let pooled = [Double](repeating: 0, count: model.configuration.featureCount - initial.count)
    #expect(model.forward(batch)[0].features == initial + pooled)
    let gradients = model.gradients(batch)
    #expect(gradients["rnn.weight_hh_l1"].allSatisfy { $0 == 0 })
    #expect(gradients["rnn.initial_state_0_l1"].contains { $0 != 0 })
    let expected = model.centralDifferences { $0.loss(batch) }
    #expect(RelativeError.worst(found: gradients, expected: expected, floor: 1e-4).value < 1e-6)
  }

  /// ∂L/∂x_t, by moving the rows of an embedding in which every position has a row of its own.
  @Test(arguments: ReferenceCellKind.allCases)
  func inputGradientsAreThoseOfTheEmbedding(_ cell: ReferenceCellKind) {
    let model = Self.model(cell, readout: .concat)
    let found = model.backward(ReferenceBatch(sequences: [[4, 2], [6, 0, 1]], labels: [0, 2]))
    let rows = found.parameters["embedding.weight"]
    for (token, expected) in zip([4, 2, 6, 0, 1], found.inputs.joined()) {
      #expect(Array(rows[token * 3..<token * 3 + 3]) == expected)
    }
  }
}
