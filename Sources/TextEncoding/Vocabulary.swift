/// The tokens that a model knows, each with its id. Keys are UTF-8 bytes: composed and decomposed forms stay apart.
///
/// The first four ids are fixed and never stand for text: `<pad>` 0, `<unk>` 1, `<s>` 2, `</s>` 3.
public struct Vocabulary: Sendable {
  /// Id of `<pad>`. No text gives it.
  public static let padID: Int32 = 0
  /// Id of `<unk>`: every token that the vocabulary lacks.
  public static let unknownID: Int32 = 1
  /// Id of `<s>`. No text gives it.
  public static let beginID: Int32 = 2
  /// Id of `</s>`: alone, a text without tokens; in pretraining, what follows the last token.
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
    var filler = VocabularyFiller(capacity: entries.count)
    for entry in entries { try filler.add(entry) }
    self = try filler.finish()
  }

  /// Of a table that was checked.
  fileprivate init(_ table: TokenTable) { self.table = table }

  /// How many ids there are, the special ones included.
  public var count: Int { table.count }

  /// The id of a token, or nil where it is unknown. Special tokens are not found: text never means them.
  public func id(of token: String) -> Int32? { id(ofBytes: Array(token.utf8)) }

  func id(ofBytes token: [UInt8]) -> Int32? {
    guard let number = table.number(of: token), number > Int(Vocabulary.endID) else { return nil }
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

/// Takes the entries of a vocabulary in their order, and checks each.
struct VocabularyFiller {
  private var table: TokenTable
  private static let specials = Vocabulary.specialTokens.map { Array($0.utf8) }

  init(capacity: Int, byteCapacity: Int = 0) {
    table = TokenTable(capacity: min(capacity, Vocabulary.entryLimit), byteCapacity: byteCapacity)
  }

  /// The number of the next entry, counted from 1.
  var line: Int { table.count + 1 }

  mutating func add(_ entry: [UInt8]) throws(VocabularyError) {
    try entry.withUnsafeBufferPointer { (entry) throws(VocabularyError) in try add(entry) }
  }

  mutating func add(_ entry: UnsafeBufferPointer<UInt8>) throws(VocabularyError) {
    let index = table.count
    guard index < Vocabulary.entryLimit else {
      throw .tooManyEntries(index + 1, limit: Vocabulary.entryLimit)
    }
    if index < Self.specials.count, !entry.elementsEqual(Self.specials[index]) {
      throw .missingSpecial(line: line, expected: Vocabulary.specialTokens[index])
    }
    guard !entry.isEmpty else { throw .emptyEntry(line: line) }
    guard entry.count <= Vocabulary.entryByteLimit else {
      throw .entryTooLong(line: line, bytes: entry.count, limit: Vocabulary.entryByteLimit)
    }
    let inserted = table.insert(entry)
    guard inserted.isNew else { throw .duplicateEntry(line: line, firstLine: inserted.number + 1) }
  }

  /// The vocabulary, which has all special tokens.
  func finish() throws(VocabularyError) -> Vocabulary {
    guard table.count >= Self.specials.count else {
      throw .missingSpecial(line: line, expected: Vocabulary.specialTokens[table.count])
    }
    return Vocabulary(table)
  }
}
