/// How records are written in a file.
public enum RecordFormat: String, CaseIterable, Sendable, Hashable {
  /// One text a line. An empty line is a record with an empty text.
  case lines
  /// Columns between tabs, taken literally: there is no quoting. In a table of one column an empty line is an empty
  /// text; in any other, empty lines are skipped.
  case tsv
  /// Columns between commas as in RFC 4180: quoted fields may hold commas, quotes written twice
  /// and line ends. In a table of one column an empty line is an empty text; in any other, empty lines are skipped.
  case csv
  /// One JSON object a line. Empty lines are skipped.
  case jsonl
  /// `__label__x __label__y text`: labels first, then the text. Empty lines are skipped.
  case fasttext
  /// One text before each NUL byte, as `find -print0` writes. Line ends belong to the text.
  case nul

  /// The format that the ending of `path` names, before an optional `.gz`; ``lines`` for any other
  /// ending and for standard input (`-`).
  public init(path: String) {
    var name = path.lowercased()
    if name.hasSuffix(Self.gzipEnding) { name.removeLast(Self.gzipEnding.count) }
    self = Self.endings.first { name.hasSuffix($0.ending) }?.format ?? .lines
  }

  /// Whether records are rows of columns, which a header may name.
  public var isTable: Bool { self == .tsv || self == .csv }

  /// The ending of files that gzip wrote.
  static let gzipEnding = ".gz"

  private static let endings: [(ending: String, format: RecordFormat)] = [
    (".tsv", .tsv), (".csv", .csv), (".jsonl", .jsonl), (".ndjson", .jsonl),
    (".ft", .fasttext), (".fasttext", .fasttext), (".txt", .lines),
  ]
}
