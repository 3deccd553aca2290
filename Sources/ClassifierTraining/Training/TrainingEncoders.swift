import TextEncoding

/// How the texts of a run become token ids. Both encoders have the same tokeniser and vocabulary.
struct TrainingEncoders {
  /// As training reads texts.
  let training: TextEncoder
  /// As the packed classifier does, and so for dev texts.
  let packaged: TextEncoder

  /// Makes the vocabulary of texts, and of what training starts from.
  init(
    _ options: TextOptions, texts: some Sequence<String>, start: InitialWeights?, note: (String) -> Void
  ) throws(VocabularyError) {
    let tokenizer = WordTokenizer(
      configuration: .init(normalization: options.normalization, letterCase: options.letterCase))
    var builder = VocabularyBuilder(tokenizer: tokenizer)
    for text in texts { builder.add(text) }
    let vocabulary = try TrainingEncoders.vocabulary(builder, options, start: start, note: note)
    func encoder(_ maxTokens: Int) -> TextEncoder {
      TextEncoder(
        tokenizer: tokenizer, vocabulary: vocabulary, maxTokens: maxTokens > 0 ? maxTokens : nil,
        truncation: options.truncate)
    }
    training = encoder(options.maxTokens)
    packaged = encoder(options.packagedMaxTokens)
  }

  /// The frequent words of the texts, then those of a language model, as far as the limit goes. A package's words come first
  /// and stay all; frequent ones of the texts join them, as far as the limit goes.
  private static func vocabulary(
    _ builder: VocabularyBuilder, _ options: TextOptions, start: InitialWeights?, note: (String) -> Void
  ) throws(VocabularyError) -> Vocabulary {
    let limit = options.vocabularySize
    let keepsWords = start?.keepsWords ?? false
    // Beside words that stay there is room for so many new ones; which are new is not known yet.
    let frequent = try builder.makeVocabulary(minimumCount: options.minCount, limit: keepsWords ? 0 : limit)
    guard let start else { return frequent }
    let specials = Vocabulary.specialTokens.count
    let own = frequent.tokens.dropFirst(specials)
    let (first, second) = keepsWords ? (start.words, own) : (own, start.words)
    let known = Set(first.map { Array($0.utf8) })
    let more = second.filter { !known.contains(Array($0.utf8)) }
    let room = (limit > 0 ? limit : Vocabulary.entryLimit) - specials - first.count
    if keepsWords, room < 0 || (room == 0 && !more.isEmpty) {
      note(
        "text.vocabulary-size is \(limit), and the package's \(first.count + specials) entries stay: no new word joins them"
      )
    }
    return try Vocabulary(tokens: first + more.prefix(Swift.max(0, room)))
  }
}
