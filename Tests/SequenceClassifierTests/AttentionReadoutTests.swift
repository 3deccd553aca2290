import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Attention beyond what `NetworkLawTests` asks of every readout.
@Suite struct AttentionReadoutTests {
  private func configuration(_ direction: ReferenceConfiguration.Direction = .both) -> ReferenceConfiguration
  {
    ReferenceConfiguration(
      cell: .gruResetAfter, vocabularySize: 11, inputSize: 7, hiddenSize: 17, layerCount: 1,
      direction: direction, readout: .attention, classCount: 3)
  }

  /// Alone a text is one window or two, among many it is cut into dozens.
  @Test(arguments: [KernelSet.best, KernelSet.best.multiplying(in: .int8)])
  func windowsOfInferenceChangeNoBit(_ kernels: KernelSet) throws {
    let fixture = try NetworkFixture(random: configuration(), seed: 3)
    let sequences = fixture.sequences(lengths: [900, 700, 40, 1] + [Int](repeating: 300, count: 60), seed: 4)
    let together = fixture.logits(sequences, kernels: kernels)
    for index in [0, 1, 2, 3, 4, 63] {
      #expect(fixture.logits([sequences[index]], kernels: kernels) == [together[index]])
    }
  }

  @Test func parametersHaveNamesOfTheirDirection() throws {
    func names(_ direction: ReferenceConfiguration.Direction) throws -> [String] {
      try NetworkFixture(random: configuration(direction), seed: 1).network.parameterSpecs.map(\.name)
        .filter { $0.hasPrefix("readout.attention") }
    }
    let forward = ["weight", "bias", "query"].map { "readout.attention.\($0)" }
    #expect(try names(.forward) == forward)
    #expect(try names(.backward) == forward.map { $0 + "_reverse" })
    #expect(try names(.both) == forward + forward.map { $0 + "_reverse" })
  }

  /// A direction's summary answers to its own parameters alone.
  @Test func eachDirectionHasItsOwnAttention() throws {
    let fixture = try NetworkFixture(random: configuration(), seed: 5)
    let sequences = fixture.sequences(lengths: [8], seed: 6)
    var logits: Set<[Float]> = [fixture.logits(sequences)[0]]
    for name in ["readout.attention.query", "readout.attention.query_reverse"] {
      let values = fixture.parameters.namedValues(fixture.network).map { spec, values in
        spec.name == name ? values.map { $0 + 1 } : values
      }
      let bound = BoundNetwork(
        fixture.network, NetworkParameters(fixture.network, values: values), kernels: .best)
      logits.insert(NetworkPass(fixture.network).logits(bound, TokenBatch(sequences)).rowValues(0))
    }
    #expect(logits.count == 3)
  }

  /// With a query of zeros every step weighs the same: the mean.
  @Test func equalScoresMakeTheMean() throws {
    let fixture = try NetworkFixture(random: configuration(.forward), seed: 7)
    let values = fixture.parameters.namedValues(fixture.network).map { spec, values in
      spec.name == "readout.attention.query" ? values.map { _ in 0 } : values
    }
    let parameters = NetworkParameters(fixture.network, values: values)
    var mean = configuration(.forward)
    mean.readout = .concat
    let pooled = try NetworkFixture(random: mean, seed: 7)
    // Columns of the last state stay, those of the attended state become those of the mean.
    let weight = values[fixture.network.parameterSpecs.count - 5]
    var rows: [Float] = []
    for start in stride(from: 0, to: weight.count, by: 34) {
      rows += weight[start..<start + 17]
      rows += [Float](repeating: 0, count: 17)
      rows += weight[start + 17..<start + 34]
    }
    let pooledValues = pooled.network.parameterSpecs.enumerated().map { index, spec in
      spec.name == "readout.weight" ? rows : values[index]
    }
    let sequences = fixture.sequences(lengths: [9, 1], seed: 8)
    func logits(_ network: RecurrentNetwork, _ parameters: NetworkParameters) -> [Float] {
      NetworkPass(network).logits(
        BoundNetwork(network, parameters, kernels: .best), TokenBatch(sequences)
      ).values
    }
    let found = logits(fixture.network, parameters)
    let expected = logits(pooled.network, NetworkParameters(pooled.network, values: pooledValues))
    let worst = zip(found, expected).map { ($0 - $1).magnitude }.max()
    #expect(try #require(worst) < 1e-5)
  }
}
