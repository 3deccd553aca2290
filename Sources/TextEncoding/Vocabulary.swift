/// The tokens that a model knows, each with its id. Keys are UTF-8 bytes: composed and decomposed forms stay apart.
///
/// The first four ids are fixed and never stand for text: `<pad>` 0, `<unk>` 1, `<s>` 2, `</s>` 3.
public struct Vocabulary: Sendable {
  public static let padID: Int32 = 0
  public static let unknownID: Int32 = 1
  public static let beginID: Int32 = 2
  public static let endID: Int32 = 3
  /// The special tokens in the order of their ids.
  public static let specialTokens = ["<pad>", "<unk>", "<s>", "</s>"]

  /// Most entries of a vocabulary.
  public static let entryLimit = 2_000_000
  /// Most bytes of an entry.
  public static let entryByteLimit = 1_024

  private let table: TokenTable

  /// - Parameter tokens: without the special tokens, which come first.
  /// - Throws: `VocabularyError` for an empty, a repeated or an overlong token.
  public init(tokens: some Collection<String>) throws(VocabularyError) {
    try self.init(entries: Vocabulary.specialTokens.map { Array($0.utf8) } + tokens.map { Array($0.utf8) })
  }

  init(entries: [[UInt8]]) throws(VocabularyError) {
    guard entries.count <= Vocabulary.entryLimit else {
      throw .tooManyEntries(entries.count, limit: Vocabulary.entryLimit)
    }
    guard entries.count >= Vocabulary.specialTokens.count else {
      throw .missingSpecial(line: entries.count + 1, expected: Vocabulary.specialTokens[entries.count])
    }
    var table = TokenTable(capacity: entries.count)
    for (index, entry) in entries.enumerated() {
      let line = index + 1
      if index < Vocabulary.specialTokens.count, !entry.elementsEqual(Vocabulary.specialTokens[index].utf8) {
        throw .missingSpecial(line: line, expected: Vocabulary.specialTokens[index])
      }
      guard !entry.isEmpty else { throw .emptyEntry(line: line) }
      guard entry.count <= Vocabulary.entryByteLimit else {
        throw .entryTooLong(line: line, bytes: entry.count, limit: Vocabulary.entryByteLimit)
      }
      let inserted = table.insert(entry)
      guard inserted.isNew else { throw .duplicateEntry(line: line, firstLine: inserted.number + 1) }
    }
    self.table = table
  }

  /// How many ids there are, the special ones included.
  public var count: Int { table.count }

  /// The id of a token, or nil where it is unknown. Special tokens are not found: text never means them.
  public func id(of token: String) -> Int32? { id(ofBytes: Array(token.utf8)) }

  func id(ofBytes token: [UInt8]) -> Int32? {
    guard let number = table.number(of: token), number >= Vocabulary.specialTokens.count else { return nil }
    return Int32(number)
  }

  /// The token of an id.
  public func token(_ id: Int32) -> String? {
    guard id >= 0, Int(id) < count else { return nil }
    return String(decoding: table.string(Int(id)), as: UTF8.self)
  }

  /// All tokens in the order of their ids.
  public var tokens: [String] { (0..<count).map { String(decoding: table.string($0), as: UTF8.self) } }
}
