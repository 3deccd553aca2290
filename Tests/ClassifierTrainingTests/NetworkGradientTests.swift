import ClassifierTraining
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// The Float network against the Double reference model, whose own gradients are checked by central differences.
@Suite struct NetworkGradientTests {
  /// One step's loss and gradients of the network, with the masks that `DropoutMasks` makes.
  private func compare(
    _ fixture: NetworkFixture, lengths: [Int], loss: CrossEntropy, rates: DropoutRates, window: Int?,
    shards: Int,
    kernels: KernelSet
  ) -> (worst: RelativeError, loss: RelativeError) {
    let random = ReferenceBatch(randomFor: fixture.configuration, lengths: lengths, seed: 5)
    var examples = EncodedExamples()
    for (tokens, label) in zip(random.sequences, random.labels) {
      examples.append(tokens: tokens.map(Int32.init), label: label)
    }
    let masks = DropoutMasks(rates: rates, stream: RandomStream(seed: 3))
    let worker = GradientWorker(fixture.network, shards: shards, pool: WorkerPool(threads: 2))
    let order = lengths.indices.sorted { lengths[$0] > lengths[$1] }
    let found = worker.loss(
      fixture.bound(kernels), examples, batch: order, loss: loss, truncation: window, dropout: masks)

    var batch = random
    batch.masks = ReferenceMasks(masks, fixture.configuration, count: lengths.count)
    let expected = fixture.reference.backward(batch, window: window)
    return (
      RelativeError.worst(found: fixture.named(worker.gradients), expected: expected.parameters, floor: 1e-2),
      RelativeError(found: found, expected: expected.loss, floor: 1e-2, name: "loss")
    )
  }

  @Test(arguments: ReferenceConfiguration.all)
  func gradientsAgreeWithTheReference(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 7)
    let result = compare(
      fixture, lengths: [9, 1, 4, 4, 6], loss: CrossEntropy(),
      rates: DropoutRates(embeddingRows: 0.2, input: 0.3, hidden: 0.4, readout: 0.5), window: nil, shards: 2,
      kernels: .best)
    #expect(result.worst.value < 1e-4, "\(result.worst)")
    #expect(result.loss.value < 1e-5, "\(result.loss)")
  }

  @Test(arguments: ReferenceConfiguration.all(running: [.chopped(3), .windowed(3)]))
  func gradientsOfOtherRunningsAgreeWithTheReference(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 7)
    for rates in [
      DropoutRates(embeddingRows: 0.2, input: 0.3, hidden: 0.4, readout: 0.5), DropoutRates(hidden: 0.4),
    ] {
      let result = compare(
        fixture, lengths: [24, 10, 9, 1, 4, 4, 6], loss: CrossEntropy(), rates: rates, window: nil, shards: 2,
        kernels: .best)
      #expect(result.worst.value < 1e-4, "\(result.worst)")
      #expect(result.loss.value < 1e-5, "\(result.loss)")
    }
  }

  /// Without masks on inputs, words that stand in several places are projected once and their gradients summed.
  @Test(arguments: ReferenceConfiguration.all, [nil, 5])
  func gradientsOfRepeatedWordsAgreeWithTheReference(
    _ configuration: ReferenceConfiguration, _ window: Int?
  ) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 7)
    let lengths = [24, 15, 15, 9, 1]
    // At most two fifths of the places hold a word for the first time: sharing pays, and is done.
    try #require(configuration.vocabularySize * 5 <= lengths.reduce(0, +) * 2)
    let result = compare(
      fixture, lengths: lengths, loss: CrossEntropy(),
      rates: DropoutRates(embeddingRows: 0.2, input: 0, hidden: 0.4, readout: 0.5), window: window, shards: 1,
      kernels: .best)
    #expect(result.worst.value < 1e-4, "\(result.worst)")
    #expect(result.loss.value < 1e-5, "\(result.loss)")
  }

  @Test(arguments: KernelSet.supportedLevels, ReferenceCellKind.allCases)
  func everyKernelLevelAgreesWithTheReference(_ level: KernelLevel, _ cell: ReferenceCellKind) throws {
    let kernels = try #require(KernelSet(level: level))
    let configuration = ReferenceConfiguration(
      cell: cell, vocabularySize: 13, inputSize: 33, hiddenSize: 35, layerCount: 2, direction: .both,
      initialState: .learned, readout: .concat, classCount: 2)
    let result = compare(
      try NetworkFixture(random: configuration, seed: 2, scale: 0.2), lengths: [12, 7, 7, 3, 1],
      loss: CrossEntropy(),
      rates: DropoutRates(), window: nil, shards: 1, kernels: kernels)
    #expect(result.worst.value < 1e-4, "\(result.worst)")
  }

  @Test(arguments: ReferenceCellKind.allCases)
  func truncatedWindowsStopGradientsWhereTheReferenceDoes(_ cell: ReferenceCellKind) throws {
    let configuration = ReferenceConfiguration(
      cell: cell, vocabularySize: 11, inputSize: 7, hiddenSize: 9, layerCount: 2, direction: .both,
      initialState: .learned, readout: .concat, classCount: 3)
    let result = compare(
      try NetworkFixture(random: configuration, seed: 4), lengths: [10, 8, 5, 3, 1], loss: CrossEntropy(),
      rates: DropoutRates(), window: 3, shards: 1, kernels: .best)
    #expect(result.worst.value < 1e-4, "\(result.worst)")
  }

  @Test func labelSmoothingAndClassWeightsAgreeWithTheReference() throws {
    var configuration = ReferenceConfiguration(
      cell: .lstm, vocabularySize: 11, inputSize: 7, hiddenSize: 9, classCount: 3)
    configuration.labelSmoothing = 0.125
    configuration.classWeights = [0.5, 1, 2]
    let result = compare(
      try NetworkFixture(random: configuration, seed: 4), lengths: [10, 8, 5, 3, 1],
      loss: CrossEntropy(labelSmoothing: 0.125, classWeights: [0.5, 1, 2]), rates: DropoutRates(),
      window: nil,
      shards: 2, kernels: .best)
    #expect(result.worst.value < 1e-4, "\(result.worst)")
    #expect(result.loss.value < 1e-5, "\(result.loss)")
  }

  @Test func threadsChangeNoBitOfAGradient() throws {
    let configuration = ReferenceConfiguration(
      cell: .gruResetAfter, vocabularySize: 11, inputSize: 7, hiddenSize: 17, layerCount: 2, direction: .both,
      readout: .concat, classCount: 3)
    let fixture = try NetworkFixture(random: configuration, seed: 9)
    var examples = EncodedExamples()
    for (index, tokens) in fixture.sequences(lengths: [12, 9, 9, 5, 2, 1], seed: 1).enumerated() {
      examples.append(tokens: tokens, label: index % 3)
    }
    let found = [1, 2, 3].map { threads in
      let worker = GradientWorker(fixture.network, shards: 3, pool: WorkerPool(threads: threads))
      let loss = worker.loss(
        fixture.bound(), examples, batch: Array(0..<6), loss: CrossEntropy(), truncation: nil, dropout: nil)
      return (loss, fixture.named(worker.gradients))
    }
    for other in found.dropFirst() {
      #expect(other.0 == found[0].0)
      #expect(other.1 == found[0].1)
    }
  }
}
