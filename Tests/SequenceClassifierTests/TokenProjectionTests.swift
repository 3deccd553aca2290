import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Projections that are kept from batch to batch change no bit, however many may be kept.
@Suite struct TokenProjectionTests {
  @Test(arguments: ReferenceConfiguration.all)
  func keptProjectionsGiveTheBitsOfFreshOnes(_ configuration: ReferenceConfiguration) throws {
    let fixtures = try [1, 2].map { try NetworkFixture(random: configuration, seed: $0) }
    let passes = [0, 700, 1 << 20].map { NetworkPass(fixtures[0].network, keptBytes: $0) }
    for batch in 0..<12 {
      // Two sets of parameters in turns: what was kept for one must not serve the other.
      let fixture = fixtures[batch / 3 % 2]
      let bound = fixture.bound()
      let sequences = fixture.sequences(lengths: [batch % 4, 3, 9], seed: UInt64(batch))
      let tokens = TokenBatch(sequences)
      let expected = NetworkPass(fixture.network).recordedLogits(
        bound, tokens, truncation: nil, dropout: nil, examples: [0, 1, 2]
      ).values
      for pass in passes {
        #expect(pass.logits(bound, tokens).values == expected)
        #expect(pass.logits(bound, tokens).values == expected)
      }
    }
  }
}
