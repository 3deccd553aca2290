import StrictJSON
import TextEncoding

/// Vocabularies, texts and JSON documents.
enum TextFuzzing {
  static func vocabulary(_ bytes: [UInt8]) -> Bool {
    guard let vocabulary = try? Vocabulary(parsing: bytes) else { return false }
    let written = vocabulary.fileBytes
    guard let again = try? Vocabulary(parsing: written) else {
      fatalError("a vocabulary that was read cannot be written and read again")
    }
    promise(again.fileBytes == written, "a vocabulary changed on its way through a file")
    for id in 4..<vocabulary.count {
      guard let token = vocabulary.token(Int32(id)) else { fatalError("token \(id) is missing") }
      promise(vocabulary.id(of: token) == Int32(id), "token \(id) is not found under its own bytes")
    }
    return true
  }

  private static let encoders: [TextEncoder] = {
    let words = ["a", "the", "not", "n't", "don", "é", "<br", "!", "...", "#tag", ":)", "8/10"]
    guard let vocabulary = try? Vocabulary(tokens: words) else { fatalError("no vocabulary") }
    return WordTokenizerConfiguration.Normalization.allCases.flatMap { normalization in
      WordTokenizerConfiguration.LetterCase.allCases.map { letterCase in
        TextEncoder(
          tokenizer: WordTokenizer(
            configuration: .init(normalization: normalization, letterCase: letterCase)),
          vocabulary: vocabulary, maxTokens: 24, truncation: .middle)
      }
    }
  }()

  /// The first byte chooses case and normalization, the rest is the text.
  static func tokenizer(_ bytes: [UInt8]) -> Bool {
    guard let choice = bytes.first else { return false }
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    let encoder = encoders[Int(choice) % encoders.count]
    let encoded = encoder.encode(text)
    promise(
      encoded.ids.allSatisfy { $0 >= 0 && $0 < Int32(encoder.vocabulary.count) },
      "an id is beyond the vocabulary")
    promise(
      !encoded.ids.isEmpty && encoded.ids.count <= 24, "\(encoded.ids.count) ids of 24 tokens at most")
    promise(encoded.unknownCount <= encoded.tokenCount, "more unknown tokens than tokens")
    let (again, hashes) = encoder.encodeWithHashes(text)
    promise(again == encoded, "the same text gave other ids")
    promise(hashes.count == encoded.tokenCount, "\(hashes.count) hashes of \(encoded.tokenCount) tokens")
    return true
  }

  static func json(_ bytes: [UInt8]) -> Bool {
    guard let value = try? JSONValue(parsing: bytes) else { return false }
    for written in [value.canonicalBytes(), value.compactBytes(), value.prettyBytes()] {
      guard let again = try? JSONValue(parsing: written) else {
        fatalError("a document that was read cannot be written and read again")
      }
      promise(again == value, "a document changed on its way through its text")
    }
    return true
  }
}
