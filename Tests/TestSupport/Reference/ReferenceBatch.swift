/// Token ids with their labels, and the dropout masks to use on them.
package struct ReferenceBatch: Sendable {
  /// Token ids, one list per sequence.
  package var sequences: [[Int]]
  /// A class index per sequence.
  package var labels: [Int]
  package var masks: ReferenceMasks
  /// Added to the masked input of the first layer, `[sequence][time][input]`; `nil` for nothing.
  package var perturbation: [[[Double]]]?

  package init(sequences: [[Int]], labels: [Int], masks: ReferenceMasks = ReferenceMasks()) {
    self.sequences = sequences
    self.labels = labels
    self.masks = masks
  }

  /// Random tokens and labels in sequences of the given lengths.
  package init(randomFor configuration: ReferenceConfiguration, lengths: [Int], seed: UInt64) {
    var random = ReferenceRandom(seed: seed)
    let sequences = lengths.map { length in
      (0..<length).map { _ in random.index(below: configuration.vocabularySize) }
    }
    let labels = lengths.map { _ in random.index(below: configuration.classCount) }
    self.init(sequences: sequences, labels: labels)
  }
}

/// Dropout written out: what each feature is multiplied by, 0 or 1 / (1 - rate). `nil` multiplies by one.
package struct ReferenceMasks: Sendable {
  /// A multiplier per token id, on the whole row of the embedding.
  package var embeddingRows: [Double]?
  /// `[layer][sequence][input features of the layer]`, the same for all steps of a sequence (locked).
  package var locked: [[[Double]]]?
  /// `[sequence][features of the readout]`.
  package var readout: [[Double]]?

  package init(
    embeddingRows: [Double]? = nil, locked: [[[Double]]]? = nil, readout: [[Double]]? = nil
  ) {
    self.embeddingRows = embeddingRows
    self.locked = locked
    self.readout = readout
  }

  /// All three masks, each element dropped with probability `rate`.
  package init(
    randomFor configuration: ReferenceConfiguration, sequenceCount: Int, rate: Double, seed: UInt64
  ) {
    var random = ReferenceRandom(seed: seed)
    func mask(_ count: Int) -> [Double] {
      (0..<count).map { _ in random.uniform(in: 0..<1) < rate ? 0 : 1 / (1 - rate) }
    }
    embeddingRows = mask(configuration.vocabularySize)
    locked = (0..<configuration.layerCount).map { layer in
      (0..<sequenceCount).map { _ in mask(configuration.inputSize(ofLayer: layer)) }
    }
    readout = (0..<sequenceCount).map { _ in mask(configuration.featureCount) }
  }
}
