import TextRecords

/// What `--keep-fields` carries from a record of the input into the output.
enum KeptFields {
  /// Nothing: the input has no fields, they are not kept, or the record is too broken to tell them.
  case none
  /// The columns of a row with their names, in order.
  case columns([(name: String, value: String)])
  /// The JSON object of a line, on one line.
  case object(String)

  init(of record: TextRecord) {
    if let object = record.object {
      self = .object(object)
    } else {
      self = record.fields.isEmpty ? .none : .columns(record.fields)
    }
  }

  /// Bytes that they take, in memory or in the output.
  var size: Int {
    switch self {
    case .none: 0
    case .columns(let columns):
      columns.reduce(0) {
        $0 + MemoryLayout<(name: String, value: String)>.stride + $1.name.utf8.count + $1.value.utf8.count
      }
    case .object(let object): object.utf8.count
    }
  }
}
