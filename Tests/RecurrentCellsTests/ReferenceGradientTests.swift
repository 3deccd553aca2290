import TestSupport
import Testing

/// Central differences on the reference model: what the library's gradients are later compared with.
@Suite struct ReferenceGradientTests {
  /// Every cell × direction × number of layers × initial state × readout.
  static let configurations: [ReferenceConfiguration] = ReferenceCellKind.allCases.flatMap { cell in
    ReferenceConfiguration.Direction.allCases.flatMap { direction in
      [1, 2].flatMap { layers in
        ReferenceConfiguration.InitialState.allCases.flatMap { initialState in
          ReferenceConfiguration.Readout.allCases.map { readout in
            ReferenceConfiguration(
              cell: cell, vocabularySize: 7, inputSize: 3, hiddenSize: 4, layerCount: layers,
              direction: direction, initialState: initialState, readout: readout, classCount: 3,
              labelSmoothing: 0.1, classWeights: [1, 2, 0.5])
          }
        }
      }
    }
  }

  /// The same run in pieces and in windows, with the learned state that they start from again and again.
  static let runningConfigurations = configurations.filter {
    $0.initialState == .learned && ($0.cell == .lstm || $0.cell == .gruResetBefore)
  }.flatMap { configuration in
    [ReferenceConfiguration.Running.chopped(2), .windowed(2)].map {
      var other = configuration
      other.running = $0
      return other
    }
  }

  static func batch(for configuration: ReferenceConfiguration) -> ReferenceBatch {
    let lengths = [5, 3, 1]
    var batch = ReferenceBatch(randomFor: configuration, lengths: lengths, seed: 3)
    batch.masks = ReferenceMasks(
      randomFor: configuration, sequenceCount: lengths.count, rate: 0.25, seed: 5)
    return batch
  }

  /// Gradients here are 1e-3 to 1; below the floor of 1e-4 the differences' own error of 3e-11 would show.
  @Test(arguments: configurations + runningConfigurations)
  func gradientsEqualCentralDifferences(_ configuration: ReferenceConfiguration) {
    let model = ReferenceClassifier(configuration: configuration, seed: 7, scale: 0.8)
    let batch = Self.batch(for: configuration)
    let expected = model.centralDifferences { $0.loss(batch) }
    let worst = RelativeError.worst(found: model.gradients(batch), expected: expected, floor: 1e-4)
    #expect(worst.value < 1e-6, "\(worst)")
  }
}
