import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Projections that are kept from batch to batch change no bit, however many may be kept.
@Suite struct TokenProjectionTests {
  @Test(arguments: ReferenceConfiguration.all)
  func keptProjectionsGiveTheBitsOfFreshOnes(_ configuration: ReferenceConfiguration) throws {
    let fixtures = try [1, 2].map { try NetworkFixture(random: configuration, seed: $0) }
    let passes = [0, 700, 1 << 20].flatMap { kept in
      [0, 1_500, 1 << 27].map { NetworkPass(fixtures[0].network, keptBytes: kept, largestBytes: $0) }
    }
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

  // MARK: Memory

  private func lstm(hidden: Int) throws -> NetworkFixture {
    try NetworkFixture(
      random: ReferenceConfiguration(
        cell: .lstm, vocabularySize: 11, inputSize: 3, hiddenSize: hidden, direction: .both, classCount: 2),
      seed: 4)
  }

  /// Tables once doubled past the vocabulary, whose rows are all that there can be.
  @Test func tablesGrowToTheVocabularyAndNoFurther() throws {
    let fixture = try lstm(hidden: 5)
    let pass = NetworkPass(fixture.network, keptBytes: 1 << 20)
    for words in [Array(0..<7), Array(7..<11), Array(0..<11)] as [[Int32]] {
      _ = pass.logits(fixture.bound(), TokenBatch([words]))
    }
    // Of each direction, a row of four gates a word.
    #expect(pass.projectionBytes == 2 * 11 * 4 * 5 * 4)
  }

  /// A text of all words of a large vocabulary would need gigabytes.
  @Test func aBatchOfTooManyWordsHasNoTable() throws {
    let fixture = try lstm(hidden: 5)
    let bound = fixture.bound()
    for (count, hasTable) in [(10, true), (11, false)] {
      // Room for ten words in both directions.
      let pass = NetworkPass(fixture.network, keptBytes: 1 << 20, largestBytes: 10 * 2 * 4 * 5 * 4)
      let words = TokenBatch([Array(0..<Int32(count))])
      #expect(pass.logits(bound, words).values == NetworkPass(fixture.network).logits(bound, words).values)
      #expect((pass.projectionBytes > 0) == hasTable)
    }
  }

  /// Tables once stayed as large as the largest batch had made them.
  @Test func whatALargeBatchTookIsGivenBack() throws {
    let fixture = try lstm(hidden: 5)
    let (bound, keptBytes) = (fixture.bound(), 3 * 4 * 5 * 4)
    let pass = NetworkPass(fixture.network, keptBytes: keptBytes)
    for words in [[3, 1], Array(0..<11), [1, 9, 3], [10, 8, 6, 4, 2, 0]] as [[Int32]] {
      let batch = TokenBatch([words])
      let found = pass.logits(bound, batch).values
      #expect(found == NetworkPass(fixture.network).logits(bound, batch).values)
      #expect(pass.projectionBytes <= 2 * 2 * keptBytes)
    }
  }
}
