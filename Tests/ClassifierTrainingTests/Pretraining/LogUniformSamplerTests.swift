import ClassifierTraining
import Foundation
import RecurrentNumerics
import Testing
import TextEncoding

@Suite struct LogUniformSamplerTests {
  private let sampler = LogUniformSampler(vocabularySize: 102)

  @Test func probabilitiesSumToOneAndFall() {
    let probabilities = (0..<sampler.words).map { sampler.probability(rank: $0) }
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
    #expect(zip(probabilities, probabilities.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func onlyWordsThatCanBePredictedAreDrawnAndNoneTwice() {
    var random = RandomStream(seed: 3)
    let (ids, draws) = sampler.draw(100, random: &random)
    #expect(Set(ids).count == 100 && draws > 100)
    #expect(!ids.contains(Vocabulary.padID) && !ids.contains(Vocabulary.beginID))
    #expect(ids.allSatisfy { (0..<102).contains($0) })
    for id in ids { #expect(LogUniformSampler.id(rank: LogUniformSampler.rank(id: id)) == id) }
  }

  /// Words come up as often as the correction of the logits takes for granted, within 5 standard errors.
  @Test func theExpectedCountIsWhatDrawingGives() {
    var random = RandomStream(seed: 4)
    let rounds = 4_000
    var found: [Int32: Double] = [:]
    var expected: [Int32: Double] = [:]
    let watched: [Int32] = [1, 3, 5, 20, 101]
    for _ in 0..<rounds {
      let (ids, draws) = sampler.draw(12, random: &random)
      for id in watched {
        found[id, default: 0] += ids.contains(id) ? 1 : 0
        expected[id, default: 0] += exp(Double(sampler.logExpectedCount(id, draws: draws)))
      }
    }
    for id in watched {
      let share = expected[id, default: 0] / Double(rounds)
      let error = (share * (1 - share) / Double(rounds)).squareRoot()
      #expect(abs(found[id, default: 0] / Double(rounds) - share) < 5 * error + 0.01, "word \(id)")
    }
  }
}
