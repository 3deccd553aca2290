import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Dropout masks: their rates, and what they depend on.
@Suite struct DropoutMaskTests {
  private let rates = DropoutRates(embeddingRows: 0.1, input: 0.3, hidden: 0.5, readout: 0.8)
  private var masks: DropoutMasks { DropoutMasks(rates: rates, stream: RandomStream(seed: 7)) }

  private func check(_ mask: [Float], rate: Float) {
    let dropped = Float(mask.count { $0 == 0 }) / Float(mask.count)
    #expect(abs(dropped - rate) < 0.02)
    #expect(mask.allSatisfy { $0 == 0 || $0 == 1 / (1 - rate) })
  }

  @Test func masksDropTheirShareAndScaleTheRest() {
    check((0..<20_000).map { masks.embeddingRow(token: $0) }, rate: 0.1)
    check(masks.levelInput(level: 0, example: 3, width: 20_000), rate: 0.3)
    check(masks.levelInput(level: 1, example: 3, width: 20_000), rate: 0.5)
    check(masks.features(example: 3, width: 20_000), rate: 0.8)
  }

  @Test func aMaskIsAFunctionOfWhatItMasks() {
    #expect(
      masks.levelInput(level: 0, example: 3, width: 64) == masks.levelInput(level: 0, example: 3, width: 64))
    #expect(
      masks.levelInput(level: 0, example: 3, width: 64) != masks.levelInput(level: 0, example: 4, width: 64))
    #expect(
      masks.levelInput(level: 1, example: 3, width: 64) != masks.levelInput(level: 2, example: 3, width: 64))
    let other = DropoutMasks(rates: rates, stream: RandomStream(seed: 8))
    #expect(masks.features(example: 3, width: 64) != other.features(example: 3, width: 64))
  }

  @Test func aRateOfZeroDropsNothing() {
    let none = DropoutMasks(rates: DropoutRates(), stream: RandomStream(seed: 7))
    #expect((0..<100).allSatisfy { none.embeddingRow(token: $0) == 1 })
    #expect(none.levelInput(level: 0, example: 1, width: 50) == [Float](repeating: 1, count: 50))
    #expect(none.features(example: 1, width: 50) == [Float](repeating: 1, count: 50))
  }

  @Test func batchNeighboursAndWindowsChangeNoBitUnderDropout() throws {
    let fixture = try NetworkFixture(
      random: ReferenceConfiguration(
        cell: .lstm, vocabularySize: 11, inputSize: 7, hiddenSize: 9, layerCount: 2, direction: .both,
        initialState: .learned, readout: .concat, classCount: 3), seed: 1)
    let sequences = fixture.sequences(lengths: [9, 4, 4, 1], seed: 2)
    let pass = NetworkPass(fixture.network)
    func logits(_ members: [Int], window: Int?) -> [[Float]] {
      let batch = TokenBatch(members.map { sequences[$0] })
      let found = pass.recordedLogits(
        fixture.bound(), batch, truncation: window, dropout: masks, examples: members)
      return batch.order.indices.map { found.rowValues(batch.order.firstIndex(of: $0) ?? 0) }
    }
    let together = logits([0, 1, 2, 3], window: nil)
    for index in sequences.indices { #expect(logits([index], window: nil) == [together[index]]) }
    #expect(logits([0, 1, 2, 3], window: 2) == together)
    #expect(logits([3, 0], window: 3) == [together[3], together[0]])
  }

  @Test func masksOfOneStepLeaveNothingForTheNext() throws {
    let fixture = try NetworkFixture(
      random: ReferenceConfiguration(
        cell: .gruResetAfter, vocabularySize: 11, inputSize: 7, hiddenSize: 9, layerCount: 2,
        direction: .both,
        classCount: 3), seed: 1)
    let batch = TokenBatch(fixture.sequences(lengths: [9, 4, 4, 1], seed: 2))
    func logits(_ pass: NetworkPass, _ dropout: DropoutMasks?) -> [Float] {
      pass.recordedLogits(
        fixture.bound(), batch, truncation: nil, dropout: dropout, examples: [0, 1, 2, 3]
      ).values
    }
    let pass = NetworkPass(fixture.network)
    let masked = logits(pass, masks)
    let hidden = DropoutMasks(rates: DropoutRates(hidden: 0.5), stream: RandomStream(seed: 7))
    let none = DropoutMasks(rates: DropoutRates(), stream: RandomStream(seed: 7))
    #expect(logits(pass, hidden) == logits(NetworkPass(fixture.network), hidden))
    #expect(logits(pass, none) == logits(NetworkPass(fixture.network), nil))
    #expect(logits(pass, masks) == masked)
  }
}
