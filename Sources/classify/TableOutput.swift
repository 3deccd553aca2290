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
    for (position, name) in names.enumerated() {
      if position > 0 { bytes.append(dialect.separator) }
      dialect.append(name, to: &bytes)
    }
    for name in free(columns, beside: names) {
      bytes.append(dialect.separator)
      bytes.append(contentsOf: name)
    }
    bytes.append(.lineFeed)
  }

  /// The names of columns that are kept, as they are written: each its own, unless a column before it is written so.
  private func free(_ columns: [String], beside names: [String]) -> [[UInt8]] {
    func written(_ name: String) -> [UInt8] {
      var bytes: [UInt8] = []
      dialect.append(name, to: &bytes)
      return bytes
    }
    var taken = Set(names.map { Array($0.utf8) })
    let kept = Set(columns.map(written))
    return columns.map { name in
      var free = name
      var bytes = written(free)
      while taken.contains(bytes) || (free != name && kept.contains(bytes)) {
        free = "input_\(free)"
        bytes = written(free)
      }
      taken.insert(bytes)
      return bytes
    }
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
