import TextEncoding

/// A source's vocabulary with the special tokens where packages have them: first, in a fixed order.
///
/// The other tokens keep their order. Where the source has the same four first, ids stay as they are.
struct ImportedVocabulary {
  let vocabulary: Vocabulary
  /// For each id of the package the source's; nil for a special token that the source lacks.
  private let sources: [Int?]
  /// For each id of the source the package's.
  private let targets: [Int]

  /// - Parameter bytes: a token a line, escaped as in `vocabulary.txt`.
  init(
    _ bytes: [UInt8], file: String, specials: ImportDescription.SpecialsTable
  ) throws(ImportError) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    try Self.check(specials, tokens: lines.count)
    let special = Set(specials.ids.compactMap { $0 })
    let others = lines.indices.filter { !special.contains($0) }
    let sources = specials.ids + others
    let tokens = Vocabulary.specialTokens
    var ordered: [UInt8] = []
    for token in tokens { ordered += Array(token.utf8) + [UInt8(ascii: "\n")] }
    for line in others {
      if let index = tokens.firstIndex(where: { lines[line].elementsEqual($0.utf8) }) {
        throw .undeclaredSpecial(
          file: file, token: tokens[index], line: line + 1,
          name: ImportDescription.SpecialsTable.names[index])
      }
      ordered += lines[line] + [UInt8(ascii: "\n")]
    }
    do {
      vocabulary = try Vocabulary(parsing: ordered)
    } catch {
      throw .vocabulary(
        file: file,
        error.mappingLines { line in
          guard sources.indices.contains(line - 1), let source = sources[line - 1] else { return line }
          return source + 1
        })
    }
    var targets = [Int](repeating: 0, count: lines.count)
    for case (let own, let source?) in sources.enumerated() { targets[source] = own }
    self.sources = sources
    self.targets = targets
  }

  private static func check(
    _ specials: ImportDescription.SpecialsTable, tokens: Int
  ) throws(ImportError) {
    var names: [Int: String] = [:]
    for case (let name, let id?) in zip(ImportDescription.SpecialsTable.names, specials.ids) {
      guard (0..<tokens).contains(id) else {
        throw .specialID(name: name, found: id, tokens: tokens)
      }
      if let other = names.updateValue(name, forKey: id) {
        throw .sharedSpecial(names: [other, name], id: id)
      }
    }
  }

  /// Ids that the source has.
  var sourceCount: Int { targets.count }

  /// The package's id of a source's.
  func target(_ source: Int) -> Int32? { targets.indices.contains(source) ? Int32(targets[source]) : nil }

  var absentSpecials: [String] {
    zip(Vocabulary.specialTokens, sources).filter { $0.1 == nil }.map(\.0)
  }

  /// Rows of the source, `[sourceCount, width]`, in the package's order, `[vocabulary.count, width]`; zeros for what the
  /// source lacks.
  func rows(_ values: [Float], width: Int) -> [Float] {
    precondition(values.count == sourceCount * width, "\(values.count) numbers in \(sourceCount) rows")
    guard sources != Array(0..<sourceCount) else { return values }
    return sources.flatMap { source in
      source.map { Array(values[$0 * width..<($0 + 1) * width]) } ?? [Float](repeating: 0, count: width)
    }
  }
}

extension VocabularyError {
  /// The same error of other lines.
  fileprivate func mappingLines(_ line: (Int) -> Int) -> VocabularyError {
    switch self {
    case .missingSpecial(let found, let expected): .missingSpecial(line: line(found), expected: expected)
    case .emptyEntry(let found): .emptyEntry(line: line(found))
    case .duplicateEntry(let found, let first): .duplicateEntry(line: line(found), firstLine: line(first))
    case .entryTooLong(let found, let bytes, let limit):
      .entryTooLong(line: line(found), bytes: bytes, limit: limit)
    case .tooManyEntries: self
    case .invalidUTF8(let found): .invalidUTF8(line: line(found))
    case .invalidByte(let found, let byte): .invalidByte(line: line(found), byte: byte)
    case .badEscape(let found): .badEscape(line: line(found))
    }
  }
}
