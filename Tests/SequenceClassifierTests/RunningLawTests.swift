import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// What holds for every cell, direction, depth and readout where texts do not run whole, to the bit.
@Suite struct RunningLawTests {
  /// Whole pieces and broken ones, equal lengths, a sequence of one, an empty one.
  private static let lengths = [10, 9, 4, 4, 3, 1, 0]
  private static let short = ReferenceConfiguration.all(running: [.chopped(3), .windowed(3)])
  private static let long = ReferenceConfiguration.all(running: [
    .chopped(10), .chopped(64), .windowed(10), .windowed(64),
  ])

  @Test(arguments: short)
  func logitsAgreeWithTheReference(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    let sequences = fixture.sequences(lengths: Self.lengths, seed: 2)
    let expected = fixture.reference.logits(
      ReferenceBatch(sequences: sequences.map { $0.map(Int.init) }, labels: sequences.map { _ in 0 }))
    let worst = RelativeError.worst(
      found: fixture.logits(sequences).flatMap { $0.map(Double.init) }, expected: expected.flatMap { $0 },
      floor: 1e-1)
    #expect(worst.value < 1e-5, "\(worst)")
  }

  @Test(arguments: short, [KernelSet.best, KernelSet.best.multiplying(in: .int8)])
  func batchNeighboursAndLengthsChangeNoBit(
    _ configuration: ReferenceConfiguration, _ kernels: KernelSet
  ) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    let sequences = fixture.sequences(lengths: Self.lengths, seed: 2)
    let together = fixture.logits(sequences, kernels: kernels)
    for (index, sequence) in sequences.enumerated() {
      #expect(fixture.logits([sequence], kernels: kernels) == [together[index]])
    }
    let crowd = fixture.sequences(lengths: (0..<140).map { $0 % 13 }, seed: 3)
    let crowded = fixture.logits(crowd + sequences, kernels: kernels)
    #expect(Array(crowded.suffix(sequences.count)) == together)
    #expect(fixture.logits(sequences.reversed(), kernels: kernels) == together.reversed())
  }

  @Test(arguments: short)
  func recordingAndWindowsChangeNoBit(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    let sequences = fixture.sequences(lengths: Self.lengths, seed: 2)
    let batch = fixture.network.batch(sequences)
    let pass = NetworkPass(fixture.network)
    let expected = pass.logits(fixture.bound(), batch).values
    for window in [nil, 1, 2, 5] {
      let found = pass.recordedLogits(
        fixture.bound(), batch, truncation: window, dropout: nil, examples: Array(sequences.indices))
      #expect(found.values == expected)
    }
  }

  /// Training projects a batch at once; at inference some steps at a time are projected, for windows of fewer tokens than those and
  /// of more.
  @Test(arguments: ReferenceConfiguration.all(running: [.windowed(5), .windowed(150)]))
  func projectingSomeStepsAtATimeChangesNoBit(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    let sequences = fixture.sequences(lengths: [1_400, 650, 3, 0], seed: 2)
    let batch = fixture.network.batch(sequences)
    // No words share their projections.
    let pass = NetworkPass(fixture.network, keptBytes: 0, largestBytes: 0)
    let expected = pass.recordedLogits(
      fixture.bound(), batch, truncation: nil, dropout: nil, examples: Array(sequences.indices)
    ).values
    #expect(pass.logits(fixture.bound(), batch).values == expected)
    #expect(NetworkPass(fixture.network).logits(fixture.bound(), batch).values == expected)
  }

  /// A text of one piece is a text that runs whole, and states of all tokens before are those of such a text.
  @Test(arguments: long)
  func lengthsThatHoldTheTextChangeNoBit(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    var whole = configuration
    whole.running = .continuous
    let sequences = fixture.sequences(lengths: Self.lengths, seed: 2)
    #expect(
      try fixture.logits(sequences) == NetworkFixture(random: whole, seed: 1).logits(sequences))
  }
}
