import Recurrent

/// A table with a header row and a row for each record.
///
///     id,label,score,label_2,score_2,error
///     7,positive,0.9731,negative,0.0269,
///     8,,,,,invalid_utf8: byte 0xff at offset 12 is not UTF-8
///
/// `?` stands in place of the likeliest label where the classifier abstains. Columns that are kept follow under their own
/// names; one with the name of a column before them gets `input_` before its name. Numbers are the shortest that read back
/// as the same `Float`.
struct TableOutput: RecordWriter {
  private let dialect: TableDialect
  /// Labels of a record.
  private let labelCount: Int
  /// Columns behind `error`.
  private var keptCount = 0

  init(_ dialect: TableDialect, labelCount: Int) {
    self.dialect = dialect
    self.labelCount = labelCount
  }

  mutating func begin(columns: [String], into bytes: inout [UInt8]) {
    keptCount = columns.count
    var names = ["id", "label", "score"]
    // The first label has no number.
    for place in stride(from: 2, through: labelCount, by: 1) {
      names += ["label_\(place)", "score_\(place)"]
    }
    names.append("error")
    let taken = Set(names)
    let kept = Set(columns)
    for (position, name) in (names + columns.map { Self.free($0, taken, kept) }).enumerated() {
      if position > 0 { bytes.append(dialect.separator) }
      dialect.append(name, to: &bytes)
    }
    bytes.append(.lineFeed)
  }

  /// The name of a column that is kept: its own, unless the output has a column of that name.
  private static func free(_ name: String, _ taken: Set<String>, _ kept: Set<String>) -> String {
    guard taken.contains(name) else { return name }
    var free = "input_\(name)"
    while kept.contains(free) { free = "input_\(free)" }
    return free
  }

  func append(_ answer: RecordAnswer, to record: InputRecord, into bytes: inout [UInt8]) {
    if let id = record.id { dialect.append(id, to: &bytes) }
    switch answer {
    case .prediction(let prediction, let isAbstained):
      for (position, score) in prediction.scores.prefix(labelCount).enumerated() {
        append(isAbstained && position == 0 ? TextOutput.abstention : score.label, to: &bytes)
        append(score.score.description, to: &bytes)
      }
      appendEmptyCells(1, to: &bytes)
    case .fault(let error):
      appendEmptyCells(2 * labelCount, to: &bytes)
      append("\(error.code): \(error.message)", to: &bytes)
    }
    if case .columns(let columns) = record.fields {
      for column in columns { append(column.value, to: &bytes) }
    } else {
      appendEmptyCells(keptCount, to: &bytes)
    }
    bytes.append(.lineFeed)
  }

  /// Appends a cell behind another.
  private func append(_ cell: String, to bytes: inout [UInt8]) {
    bytes.append(dialect.separator)
    dialect.append(cell, to: &bytes)
  }

  private func appendEmptyCells(_ count: Int, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: repeatElement(dialect.separator, count: count))
  }
}
