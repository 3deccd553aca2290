import ClassifierTraining
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Gradients of networks whose recurrent layers multiply in bf16.
@Suite struct Bf16GradientTests {
  private let lengths = [40, 33, 20, 20, 7, 1]

  private func fixture(_ cell: ReferenceCellKind) throws -> NetworkFixture {
    let configuration = ReferenceConfiguration(
      cell: cell, vocabularySize: 50, inputSize: 24, hiddenSize: 36, layerCount: 2, direction: .both,
      initialState: .learned, readout: .last, classCount: 3)
    return try NetworkFixture(random: configuration, seed: 3, scale: 0.2)
  }

  private func gradients(
    _ fixture: NetworkFixture, _ kernels: KernelSet, shards: Int = 2, threads: Int = 2
  ) -> (loss: Double, gradients: ReferenceParameters) {
    var examples = EncodedExamples()
    for (index, tokens) in fixture.sequences(lengths: lengths, seed: 1).enumerated() {
      examples.append(tokens: tokens, label: index % 3)
    }
    let worker = GradientWorker(fixture.network, shards: shards, pool: WorkerPool(threads: threads))
    let loss = worker.loss(
      fixture.bound(kernels), examples, batch: Array(lengths.indices), loss: CrossEntropy(), truncation: nil,
      dropout: nil)
    return (loss, fixture.named(worker.gradients))
  }

  /// A rounded operand is off by 2⁻⁹ at most, 0.2 %; through 40 steps of two layers the gradient stays within 1 % of
  /// fp32's in Euclidean norm, and each tensor's within 2 %.
  ///
  /// That holds where the gradient is smooth in what is rounded: not for ReLU, nor for the maximum of the `concat`
  /// readout, where a near tie that falls the other way moves a whole term to another unit or step.
  @Test(
    arguments: KernelSet.supportedLevels,
    [ReferenceCellKind.vanillaTanh, .lstm, .gruResetAfter, .gruResetBefore])
  func gradientsAreNearThoseOfFloat32(_ level: KernelLevel, _ cell: ReferenceCellKind) throws {
    let kernels = try #require(KernelSet(level: level))
    let fixture = try fixture(cell)
    let exact = gradients(fixture, kernels)
    let rounded = gradients(fixture, kernels.multiplying(in: .bfloat16))
    #expect(abs(rounded.loss - exact.loss) < 0.001 * exact.loss)
    var (allDistances, allSizes) = (0.0, 0.0)
    for name in exact.gradients.names {
      let (found, expected) = (rounded.gradients[name], exact.gradients[name])
      let distance = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let size = expected.reduce(0) { $0 + $1 * $1 }
      #expect(distance <= 0.02 * 0.02 * size, "\(name): \((distance / size).squareRoot())")
      // Layers do multiply rounded numbers; fp32's own error is below 1e-4.
      #expect(distance >= 1e-8 * size || !name.contains("weight_"), "\(name)")
      allDistances += distance
      allSizes += size
    }
    let share = (allDistances / allSizes).squareRoot()
    #expect(share <= 0.01 && share >= 1e-3, "\(share)")
  }

  @Test(arguments: ReferenceCellKind.allCases)
  func threadsChangeNoBitOfAGradient(_ cell: ReferenceCellKind) throws {
    let fixture = try fixture(cell)
    let kernels = KernelSet.best.multiplying(in: .bfloat16)
    let one = gradients(fixture, kernels, shards: 3, threads: 1)
    for threads in [2, 3] {
      let other = gradients(fixture, kernels, shards: 3, threads: threads)
      #expect(other.loss == one.loss)
      #expect(other.gradients == one.gradients)
    }
  }

  /// What the layers round, the readout does not: from the same features it gives the bits of fp32.
  @Test func theReadoutStaysInFloat32() throws {
    let fixture = try fixture(.lstm)
    // Texts without words: the first state alone, which no layer has multiplied.
    let empty: [[Int32]] = [[], []]
    #expect(
      fixture.logits(empty, kernels: .best.multiplying(in: .bfloat16)) == fixture.logits(empty))
    let texts = fixture.sequences(lengths: [9, 4], seed: 2)
    #expect(fixture.logits(texts, kernels: .best.multiplying(in: .bfloat16)) != fixture.logits(texts))
  }
}
