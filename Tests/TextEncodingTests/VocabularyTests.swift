import Testing
import TextEncoding

@Suite struct VocabularyTests {
  private func parse(_ text: String) throws -> Vocabulary { try Vocabulary(parsing: Array(text.utf8)) }
  private let head = "<pad>\n<unk>\n<s>\n</s>\n"

  @Test func readingWhatWasWrittenGivesTheSameIds() throws {
    let tokens = ["film", "a\\b", "line\nfeed", "tab\tcr\r", "é", "e\u{301}", "\u{1f600}"]
    let vocabulary = try Vocabulary(tokens: tokens)
    let again = try Vocabulary(parsing: vocabulary.fileBytes)
    #expect(again.fileBytes == vocabulary.fileBytes)
    #expect(again.count == 11)
    for (index, token) in tokens.enumerated() {
      #expect(again.id(of: token) == Int32(index + 4))
      #expect(again.token(Int32(index + 4))?.utf8.elementsEqual(token.utf8) == true)
    }
  }

  @Test func composedAndDecomposedFormsStayApart() throws {
    let vocabulary = try Vocabulary(tokens: ["é", "e\u{301}"])
    #expect(vocabulary.id(of: "é") == 4)
    #expect(vocabulary.id(of: "e\u{301}") == 5)
  }

  @Test func textNeverMeansASpecialToken() throws {
    let vocabulary = try Vocabulary(tokens: ["x"])
    for token in Vocabulary.specialTokens { #expect(vocabulary.id(of: token) == nil) }
    #expect(vocabulary.token(0) == "<pad>" && vocabulary.token(3) == "</s>")
    #expect(vocabulary.token(-1) == nil && vocabulary.token(5) == nil)
  }

  @Test(arguments: [
    ("", VocabularyError.missingSpecial(line: 1, expected: "<pad>")),
    ("<pad>\n<unk>\n", .missingSpecial(line: 3, expected: "<s>")),
    ("<unk>\n<pad>\n<s>\n</s>\n", .missingSpecial(line: 1, expected: "<pad>")),
    ("<pad>\n<unk>\n<s>\n</s>\na\na\n", .duplicateEntry(line: 6, firstLine: 5)),
    ("<pad>\n<unk>\n<s>\n</s>\n<pad>\n", .duplicateEntry(line: 5, firstLine: 1)),
    ("<pad>\n<unk>\n<s>\n</s>\n\na\n", .emptyEntry(line: 5)),
    ("<pad>\n<unk>\n<s>\n</s>\na\\\n", .badEscape(line: 5)),
    ("<pad>\n<unk>\n<s>\n</s>\na\\x\n", .badEscape(line: 5)),
    ("<pad>\n<unk>\n<s>\n</s>\na\u{0}\n", .invalidByte(line: 5, byte: 0)),
    ("<pad>\n<unk>\n<s>\n</s>\r\n", .invalidByte(line: 4, byte: 13)),
    ("<pad>\n<unk>\n<s>\n</s>\na\tb\n", .invalidByte(line: 5, byte: 9)),
  ])
  func hostileFilesAreRefused(_ text: String, _ error: VocabularyError) {
    #expect(throws: error) { try parse(text) }
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    #expect(throws: VocabularyError.invalidUTF8(line: 5)) {
      try Vocabulary(parsing: Array(head.utf8) + [0x61, 0xff, 0x0a])
    }
  }

  @Test func limitsHoldAtTheLimitAndOneBeyond() throws {
    let limit = Vocabulary.entryByteLimit
    #expect(try parse(head + String(repeating: "x", count: limit) + "\n").count == 5)
    #expect(throws: VocabularyError.entryTooLong(line: 5, bytes: limit + 1, limit: limit)) {
      try parse(head + String(repeating: "x", count: limit + 1) + "\n")
    }
  }

  @Test func messagesSayWhatIsWrong() {
    #expect(
      "\(VocabularyError.duplicateEntry(line: 6, firstLine: 5))" == "line 6 repeats the token of line 5")
    #expect(
      "\(VocabularyError.missingSpecial(line: 1, expected: "<pad>"))"
        == "line 1 must be the special token <pad>")
  }

  @Test func frequentTokensComeFirstAndTiesGoByBytes() throws {
    var builder = VocabularyBuilder(tokenizer: WordTokenizer())
    builder.add("b b b a a c é é")
    builder.add("a d")
    #expect(try builder.makeVocabulary(minimumCount: 1).tokens.dropFirst(4) == ["a", "b", "é", "c", "d"])
    #expect(try builder.makeVocabulary(minimumCount: 2).tokens.dropFirst(4) == ["a", "b", "é"])
    #expect(try builder.makeVocabulary(minimumCount: 1, limit: 6).tokens.dropFirst(4) == ["a", "b"])
  }
}

@Suite struct TextEncoderTests {
  private let vocabulary = try? Vocabulary(tokens: ["a", "b", "c", "d", "e"])

  private func encoder(_ limit: Int? = nil, _ truncation: Truncation = .tail) throws -> TextEncoder {
    TextEncoder(
      tokenizer: WordTokenizer(), vocabulary: try #require(vocabulary), maxTokens: limit,
      truncation: truncation)
  }

  @Test(arguments: ["", " ", "\n\n", "\u{200b}\u{0}"])
  func aTextWithoutTokensIsTheEndToken(_ text: String) throws {
    let encoded = try encoder().encode(text)
    #expect(encoded.ids == [Vocabulary.endID])
    #expect(encoded.tokenCount == 0 && encoded.unknownCount == 0 && !encoded.isTruncated)
  }

  @Test func unknownWordsAreCounted() throws {
    let encoded = try encoder().encode("a zebra <pad> b")
    #expect(encoded.ids == [4, 1, 1, 5])
    #expect(encoded.unknownCount == 2 && encoded.tokenCount == 4)
  }

  @Test(arguments: [
    (Truncation.head, 3, [Int32(4), 5, 6]), (.tail, 3, [6, 7, 8]), (.middle, 3, [4, 5, 8]),
    (.tail, 5, [4, 5, 6, 7, 8]),
  ])
  func longTextsAreCutAsAsked(_ truncation: Truncation, _ limit: Int, _ ids: [Int32]) throws {
    let encoded = try encoder(limit, truncation).encode("A b C d e")
    #expect(encoded.ids == ids)
    #expect(encoded.isTruncated == (limit < 5) && encoded.tokenCount == 5)
  }

  @Test(arguments: [
    "x", "a.", "e\u{301}", "\u{301}", "\u{1f469}\u{200d}\u{1f4bb}\u{200d}", "<br", ":-))", "'",
  ])
  func oneMegabyteOfAnythingIsRead(_ piece: String) throws {
    let text = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
    let encoded = try encoder().encode(text)
    #expect(encoded.tokenCount >= 1_000_000 / (WordTokenizer.longestToken * 4))
  }
}
