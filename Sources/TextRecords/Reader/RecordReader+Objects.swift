import StrictJSON

extension RecordReader {
  /// The record of a line of JSON.
  func parseObject(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedRecord {
    if let fault = firstInvalidUTF8(in: bytes) { return ParsedRecord(fault) }
    do {
      // The record's own limit holds already.
      let limits = JSONLimits(bytes: Int.max)
      let value = try JSONValue(parsing: Array(bytes), limits: limits)
      guard let object = value.objectValue else {
        return ParsedRecord(.malformedJSON("expected an object, found \(value.kindName)"))
      }
      return parse(object)
    } catch {
      return ParsedRecord(.malformedJSON("column \(error.column): \(error.reason)"))
    }
  }

  private func parse(_ object: JSONObject) -> ParsedRecord {
    var record = ParsedRecord(text: "")
    var badField: RecordField?
    switch object[options.idField] {
    case nil, .null: break
    case .string(let id): record.id = id
    case .integer(let id): record.id = String(id)
    default: badField = .id
    }
    if let label = object[options.labelField] {
      if let labels = Self.labels(label) {
        record.labels = labels
      } else {
        badField = badField ?? .label
      }
    }
    switch object[options.textField] {
    case .string(let text): record.content = limited(text)
    case nil: record.content = .failure(.missingField(name: options.textField))
    default: record.content = .failure(.wrongType(.text, name: options.textField))
    }
    if let badField, case .success = record.content {
      record.content = .failure(.wrongType(badField, name: options.name(of: badField)))
    }
    if options.keepsFields {
      record.fields = object.map {
        ($0.key, $0.value.stringValue ?? String(decoding: $0.value.canonicalBytes(), as: UTF8.self))
      }
    }
    return record
  }

  /// The labels that `value` stands for; `nil` where it cannot be any.
  private static func labels(_ value: JSONValue) -> [String]? {
    if case .null = value { return [] }
    guard let values = value.arrayValue else { return label(value).map { [$0] } }
    let names = values.compactMap(label)
    return names.count == values.count ? names : nil
  }

  private static func label(_ value: JSONValue) -> String? {
    switch value {
    case .string(let name): name
    case .integer(let number): String(number)
    case .bool(let flag): String(flag)
    default: nil
    }
  }
}
