import RecurrentNumerics

/// A random cut of the vocabulary into parts of equal weight.
///
/// Words in order of their counts are taken `parts` at a time, and each part gets one of them: every part then has as many
/// words as the others and as much of the text.
struct WordParts: Sendable {
  /// Fewer words than this are one part: negatives come from the part of the true word and need something to choose from.
  static let leastWords = 1024
  /// Parts of larger vocabularies, and so the most threads that training keeps busy.
  static let most = 8

  let count: Int
  private let byFrequency: [Int32]
  private var parts: [UInt8]

  init(counts: [Int]) {
    byFrequency = counts.indices.filter { counts[$0] > 0 }.sorted {
      counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1]
    }.map(Int32.init)
    count = byFrequency.count < WordParts.leastWords ? 1 : WordParts.most
    parts = [UInt8](repeating: 0, count: counts.count)
  }

  subscript(word: Int32) -> Int { Int(parts[Int(word)]) }

  /// Cuts anew.
  mutating func shuffle(_ random: inout RandomStream) {
    guard count > 1 else { return }
    var order = (0..<UInt8(count)).map { $0 }
    for (rank, word) in byFrequency.enumerated() {
      if rank % count == 0 { random.shuffle(&order) }
      parts[Int(word)] = order[rank % count]
    }
  }
}
