import StrictJSON
import TextEncoding
import TextRecords

/// Word vectors as text: a word and its numbers a line, separated by spaces, with or without a first line of counts.
///
/// What fastText (`.vec`), GloVe and word2vec write; plain or gzip.
public enum VectorFile {
  /// Vectors of the vocabulary's words, `[vocabulary, dimension]`, and how many words were found; others are zero.
  public static func read(
    _ path: String, vocabulary: Vocabulary, dimension: Int
  ) throws(VectorFileError) -> (values: [Float], found: Int) {
    var values = [Float](repeating: 0, count: vocabulary.count * dimension)
    var fileDimension: Int?
    var (promised, lines) = (0, 0)
    var seen = [Bool](repeating: false, count: vocabulary.count)
    let reader = try opened(path)
    while let (number, line) = try next(of: reader, path) {
      let parts = line.split(separator: " ", omittingEmptySubsequences: true)
      if parts.isEmpty { continue }
      let isHeader = number == 1 && parts.count == 2 && Int(parts[0]) != nil && Int(parts[1]) != nil
      let width = fileDimension ?? (isHeader ? Int(parts[1]) ?? 0 : parts.count - 1)
      fileDimension = width
      guard width == dimension else {
        throw .badLine(
          path: path, line: number, reason: "its vectors have \(width) numbers; --embedding is \(dimension)")
      }
      if isHeader {
        promised = Int(parts[0]) ?? 0
        continue
      }
      lines += 1
      guard parts.count > dimension else {
        throw .badLine(
          path: path, line: number, reason: "it has \(parts.count - 1) numbers, others have \(dimension)")
      }
      // A few files hold words with spaces in them, which no tokeniser makes.
      if parts.count > dimension + 1 { continue }
      guard let id = vocabulary.id(of: String(parts[0])).map(Int.init), !seen[id] else { continue }
      for (column, part) in parts.dropFirst().enumerated() {
        guard let value = Float(part), value.isFinite else {
          throw .badLine(
            path: path, line: number, reason: "\(EscapedText(String(part), limit: 32)) is no number")
        }
        values[id * dimension + column] = value
      }
      seen[id] = true
    }
    guard lines >= promised else { throw .cut(path: path, lines: lines, promised: promised) }
    let found = seen.count { $0 }
    guard found > 0 else { throw .noKnownWord(path: path) }
    return (values, found)
  }

  private static func opened(_ path: String) throws(VectorFileError) -> RecordReader {
    do throws(RecordReaderError) {
      return try RecordReader(path: path, options: RecordReaderOptions(format: .lines))
    } catch {
      throw .unreadable(error)
    }
  }

  private static func next(
    of reader: RecordReader, _ path: String
  ) throws(VectorFileError) -> (number: Int, line: String)? {
    let next: TextRecord?
    do throws(RecordReaderError) { next = try reader.next() } catch { throw .unreadable(error) }
    guard let record = next else { return nil }
    guard case .success(let line) = record.content else {
      throw .badLine(path: path, line: record.line, reason: "it is no text")
    }
    return (record.line, line)
  }

  /// The file's text for the words of a vocabulary, special tokens and zero vectors left out.
  public static func text(_ values: [Float], vocabulary: Vocabulary, dimension: Int) -> String {
    let ids = (Vocabulary.specialTokens.count..<vocabulary.count).filter { id in
      values[id * dimension..<(id + 1) * dimension].contains { $0 != 0 }
    }
    var text = "\(ids.count) \(dimension)\n"
    for id in ids {
      text += vocabulary.token(Int32(id)) ?? ""
      for value in values[id * dimension..<(id + 1) * dimension] { text += " \(value)" }
      text += "\n"
    }
    return text
  }
}

/// Why a file of word vectors cannot be used.
public enum VectorFileError: Error, Equatable, CustomStringConvertible {
  case unreadable(RecordReaderError)
  case badLine(path: String, line: Int, reason: String)
  /// It ends before all vectors that its first line speaks of.
  case cut(path: String, lines: Int, promised: Int)
  /// None of its words is in the vocabulary.
  case noKnownWord(path: String)

  /// One line: the file, its line where one is at fault, and what is wrong.
  public var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .cut(let path, let lines, let promised):
      "\(Self.named(path)): it holds \(lines) of the \(promised) vectors that its first line speaks of; was it copied whole?"
    case .noKnownWord(let path):
      "\(Self.named(path)): none of its words is in the vocabulary of the training texts; are they in another language or "
        + "case?"
    case .badLine(let path, let line, let reason): "\(Self.named(path)):\(line): \(reason)"
    }
  }

  /// A file as messages call it.
  private static func named(_ path: String) -> String { RecordReader.displayName(of: path) }
}
