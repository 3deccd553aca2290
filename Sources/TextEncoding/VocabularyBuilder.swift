/// Counts tokens of texts, and makes a vocabulary of the frequent ones.
public struct VocabularyBuilder: Sendable {
  private let tokenizer: WordTokenizer
  private var table = TokenTable()
  private var counts: [Int] = []
  /// The last text that a token was seen in, counted from 1, and in how many texts it was.
  private var lastText: [Int32] = []
  private var textCounts: [Int] = []
  private var texts: Int32 = 0

  public init(tokenizer: WordTokenizer) { self.tokenizer = tokenizer }

  public mutating func add(_ text: String) {
    texts += 1
    // Moved out and back, so that the closure may change them.
    var (table, counts, lastText, textCounts) = (self.table, self.counts, self.lastText, self.textCounts)
    (self.table, self.counts, self.lastText, self.textCounts) = (TokenTable(), [], [], [])
    let text32 = texts
    tokenizer.forEachToken(of: text) { bytes, _ in
      let (number, isNew) = table.insert(bytes)
      if isNew {
        counts.append(0)
        lastText.append(0)
        textCounts.append(0)
      }
      counts[number] += 1
      if lastText[number] != text32 {
        lastText[number] = text32
        textCounts[number] += 1
      }
    }
    (self.table, self.counts, self.lastText, self.textCounts) = (table, counts, lastText, textCounts)
  }

  /// The vocabulary of the most frequent tokens; equally frequent ones are taken in the order of their bytes.
  /// - Parameters:
  ///   - minimumCount: times that a token must stand in the texts.
  ///   - minimumTexts: texts that a token must stand in.
  ///   - limit: most entries, special tokens included; 0 for no limit but `Vocabulary.entryLimit`.
  public func makeVocabulary(
    minimumCount: Int, minimumTexts: Int = 1, limit: Int = 0
  ) throws(VocabularyError) -> Vocabulary {
    let special = Set(Vocabulary.specialTokens.map { Array($0.utf8) })
    let chosen = (0..<table.count)
      .filter { number in
        counts[number] >= minimumCount && textCounts[number] >= minimumTexts
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
