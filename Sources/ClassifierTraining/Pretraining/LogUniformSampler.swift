import RecurrentNumerics
import TextEncoding

/// Draws words in proportion to what Zipf's law gives their rank in the vocabulary.
///
///     P(rank) = log((rank + 2) / (rank + 1)) / log(n + 1)
///
/// Words stand in the vocabulary by falling frequency. `<pad>` and `<s>` are never predicted, so they are not drawn;
/// `<unk>` and `</s>` come first.
package struct LogUniformSampler: Sendable {
  /// Words that can be predicted.
  package let words: Int

  package init(vocabularySize: Int) { words = vocabularySize - 2 }

  /// The id of a rank.
  package static func id(rank: Int) -> Int32 { rank == 0 ? Vocabulary.unknownID : Int32(rank) + 2 }
  /// The rank of an id that can be predicted.
  package static func rank(id: Int32) -> Int { id == Vocabulary.unknownID ? 0 : Int(id) - 2 }

  package func probability(rank: Int) -> Double {
    logarithm(Double(rank + 2) / Double(rank + 1)) / logarithm(Double(words + 1))
  }

  /// Draws until there are `count` different words.
  /// - Returns: their ids, in the order drawn, and how many draws it took.
  package func draw(_ count: Int, random: inout RandomStream) -> (ids: [Int32], draws: Int) {
    precondition(count <= words, "\(count) of \(words) words")
    var seen: Set<Int32> = []
    var ids: [Int32] = []
    ids.reserveCapacity(count)
    let range = logarithm(Double(words + 1))
    var draws = 0
    while ids.count < count {
      draws += 1
      let uniform = Double(random.next() >> 11) * 0x1p-53
      let rank = Swift.min(words - 1, Int(exponential(uniform * range)) - 1)
      let id = LogUniformSampler.id(rank: Swift.max(0, rank))
      if seen.insert(id).inserted { ids.append(id) }
    }
    return (ids, draws)
  }

  /// log of the chance that a word is among those of `draws` draws: log(1 − (1 − P)^draws).
  package func logExpectedCount(_ id: Int32, draws: Int) -> Float {
    let missed = power(1 - probability(rank: LogUniformSampler.rank(id: id)), Double(draws))
    return Float(logarithm(1 - missed))
  }
}
