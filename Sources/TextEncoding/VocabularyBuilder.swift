/// Counts tokens of texts, and makes a vocabulary of the frequent ones.
public struct VocabularyBuilder: Sendable {
  private let tokenizer: WordTokenizer
  private var table = TokenTable()
  private var counts: [Int] = []

  /// Has seen no text yet.
  public init(tokenizer: WordTokenizer) { self.tokenizer = tokenizer }

  /// Counts the tokens of a text. Linear in its bytes; memory for each token that is new.
  public mutating func add(_ text: String) {
    // Moved out and back, so that the closure may change them.
    var (table, counts) = (self.table, self.counts)
    (self.table, self.counts) = (TokenTable(), [])
    tokenizer.forEachToken(of: text) { bytes, _ in
      let (number, isNew) = table.insert(bytes)
      if isNew { counts.append(0) }
      counts[number] += 1
    }
    (self.table, self.counts) = (table, counts)
  }

  /// The vocabulary of the most frequent tokens; equally frequent ones are taken in the order of their bytes. Tokens that spell
  /// a special one, or are longer than `Vocabulary.entryByteLimit`, are left out.
  /// - Parameters:
  ///   - minimumCount: times that a token must stand in the texts.
  ///   - limit: most entries, special tokens included; 0 for no limit but `Vocabulary.entryLimit`.
  public func makeVocabulary(minimumCount: Int, limit: Int = 0) throws(VocabularyError) -> Vocabulary {
    let special = Set(Vocabulary.specialTokens.map { Array($0.utf8) })
    let chosen = (0..<table.count)
      .filter { number in
        counts[number] >= minimumCount
          && table.string(number).count <= Vocabulary.entryByteLimit
          && !special.contains(Array(table.string(number)))
      }
      .sorted { left, right in
        counts[left] != counts[right]
          ? counts[left] > counts[right] : table.string(left).lexicographicallyPrecedes(table.string(right))
      }
    let most = (limit > 0 ? Swift.min(limit, Vocabulary.entryLimit) : Vocabulary.entryLimit) - special.count
    return try Vocabulary(
      entries: Vocabulary.specialTokens.map { Array($0.utf8) }
        + chosen.prefix(Swift.max(0, most)).map { Array(table.string($0)) })
  }
}
