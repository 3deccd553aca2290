import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Networks whose products are of 8-bit integers.
@Suite struct QuantizedNetworkTests {
  private let lengths = [9, 4, 4, 1, 0]

  /// Parameters with their matrices as a package of integers holds them, or with only the embedding so.
  private func rounded(_ fixture: NetworkFixture, onlyEmbedding: Bool = false) -> NetworkParameters {
    let values = fixture.parameters.namedValues(fixture.network).map { spec, values in
      guard spec.shape.count == 2, !onlyEmbedding || spec.name == "embedding.weight" else { return values }
      return Tensor(name: spec.name, shape: spec.shape, dtype: .i8, values: values).rounded().values
    }
    return NetworkParameters(fixture.network, values: values)
  }

  private func logits(
    _ fixture: NetworkFixture, _ parameters: NetworkParameters, _ sequences: [[Int32]], _ kernels: KernelSet
  ) -> [[Float]] {
    let bound = BoundNetwork(fixture.network, parameters, kernels: kernels)
    let pass = NetworkPass(fixture.network)
    return sequences.map { pass.logits(bound, TokenBatch([$0])).rowValues(0) }
  }

  /// What a package holds is what is multiplied: packing its numbers makes the same integers and scales again.
  @Test(arguments: ReferenceConfiguration.all)
  func storedWeightsGiveTheBitsOfTheirOriginals(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    let sequences = fixture.sequences(lengths: lengths, seed: 2)
    for level in KernelSet.supportedLevels {
      let kernels = try #require(KernelSet(level: level)).multiplying(in: .int8)
      #expect(
        logits(fixture, rounded(fixture), sequences, kernels)
          == logits(fixture, rounded(fixture, onlyEmbedding: true), sequences, kernels), "\(level)")
    }
  }

  @Test(arguments: ReferenceConfiguration.all)
  func batchNeighboursChangeNoBit(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    let sequences = fixture.sequences(lengths: lengths, seed: 2)
    let kernels = KernelSet.best.multiplying(in: .int8)
    let together = fixture.logits(sequences, kernels: kernels)
    for (index, sequence) in sequences.enumerated() {
      #expect(fixture.logits([sequence], kernels: kernels) == [together[index]])
    }
  }

  @Test(.enabled(if: KernelSet(level: .avx512) != nil), arguments: ReferenceConfiguration.all)
  func levelsWithTheSameGateFunctionsGiveTheSameBits(_ configuration: ReferenceConfiguration) throws {
    let avx2 = try #require(KernelSet(level: .avx2))
    let avx512 = try #require(KernelSet(level: .avx512))
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    let sequences = fixture.sequences(lengths: lengths, seed: 2)
    #expect(
      logits(fixture, fixture.parameters, sequences, avx2.multiplying(in: .int8))
        == logits(fixture, fixture.parameters, sequences, avx512.multiplying(in: .int8)))
  }

  /// Against products of floats with the same, rounded, weights. A row of activations is off by half a step, r/2 with
  /// r = max|h| / 127 and |h| ≤ 1. The rows of the embedding are not: they come back as the integers they were made of.
  ///
  /// tanh brings nothing apart, so that with δ_t the largest error of h_t
  ///
  ///     δ_t ≤ max_j Σ_k |W_hh(j,k)| (δ_{t-1} + 1/254), δ_0 = 0
  ///     error of a logit ≤ Σ_k |W(l,k)| (δ_T + 1/254)
  @Test(arguments: [1, 2, 5, 20])
  func errorsStayWithinTheBoundOfRoundedActivations(_ length: Int) throws {
    let configuration = ReferenceConfiguration(
      cell: .vanillaTanh, vocabularySize: 11, inputSize: 7, hiddenSize: 17, layerCount: 1,
      direction: .forward, initialState: .zero, readout: .last, classCount: 3)
    let fixture = try NetworkFixture(random: configuration, seed: 3, scale: 0.1)
    let parameters = rounded(fixture)
    let sequences = fixture.sequences(lengths: [length, length, length], seed: 4)
    let exact = logits(fixture, parameters, sequences, .best)
    let found = logits(fixture, parameters, sequences, KernelSet.best.multiplying(in: .int8))

    func largestRowSum(_ values: [Float], width: Int) -> Double {
      stride(from: 0, to: values.count, by: width).map { start in
        values[start..<start + width].reduce(0) { $0 + Double($1.magnitude) }
      }.max() ?? 0
    }
    let named = parameters.namedValues(fixture.network)
    func values(_ name: String) throws -> [Float] {
      try #require(named.first { $0.spec.name == name }).values
    }
    let recurrent = largestRowSum(try values("rnn.weight_hh_l0"), width: 17)
    var error = 0.0
    // Step 1 multiplies a state of zeros, which is exact.
    for _ in 1..<length { error = recurrent * (error + 1 / 254) }
    let bound = largestRowSum(try values("readout.weight"), width: 17) * (error + 1 / 254)
    var worst = 0.0
    for (row, expected) in zip(found, exact) {
      for (value, expected) in zip(row, expected) { worst = max(worst, Double((value - expected).magnitude)) }
    }
    // Rounding of floats apart.
    #expect(worst <= bound + 1e-6, "\(worst), at most \(bound)")
    #expect(worst > 1e-5, "the products are of integers")
  }
}
