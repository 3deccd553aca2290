import SequenceClassifier

extension ReferenceMasks {
  /// The masks that `DropoutMasks` makes for the examples 0, 1, 2, ….
  package init(_ masks: DropoutMasks, _ configuration: ReferenceConfiguration, count: Int) {
    self.init(
      embeddingRows: (0..<configuration.vocabularySize).map { Double(masks.embeddingRow(token: Int32($0))) },
      locked: (0..<configuration.layerCount).map { level in
        (0..<count).map { example in
          masks.levelInput(level: level, example: example, width: configuration.inputSize(ofLayer: level))
            .map(Double.init)
        }
      },
      readout: (0..<count).map {
        masks.features(example: $0, width: configuration.featureCount).map(Double.init)
      })
  }
}
