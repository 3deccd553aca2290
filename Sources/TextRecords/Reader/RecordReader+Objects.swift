import StrictJSON

extension RecordReader {
  /// The record of a line of JSON.
  func parseObject(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedRecord {
    if let fault = tooLong(bytes) {
      return ParsedRecord(fault, id: idAtStart(Array(bytes.prefix(RecordWindow.headSize))))
    }
    if let fault = firstInvalidUTF8(in: bytes) { return ParsedRecord(fault, id: idBesideBrokenBytes(bytes)) }
    do {
      let value = try JSONValue(parsing: Array(bytes), limits: Self.limits)
      guard let object = value.objectValue else {
        return ParsedRecord(.malformedJSON("expected an object, found \(value.kindName)"))
      }
      var record = parse(object)
      if options.keepsFields { record.object = Self.oneLine(bytes) }
      return record
    } catch {
      return ParsedRecord(.malformedJSON("column \(error.column): \(error.reason)"))
    }
  }

  /// The record's own limit holds already.
  private static let limits = JSONLimits(bytes: Int.max)

  /// The bytes of the longest escape of one byte of text: `\u0041`.
  static let escapeLength = 6

  /// What is wrong with a line that is long for other reasons than its escapes: its values would take many times the memory
  /// of a text.
  private func tooLong(_ bytes: UnsafeBufferPointer<UInt8>) -> RecordFault? {
    let limit = Self.recordLimit(options, bytesOfText: 1)
    guard bytes.count > limit else { return nil }
    let size = Self.sizeWithoutEscapes(bytes)
    return size > limit ? .textTooLong(bytes: size, limit: limit) : nil
  }

  /// The bytes of a line where each escape counts as one, the least that stands for it in a text.
  private static func sizeWithoutEscapes(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var size = bytes.count
    var position = 0
    while let found = offsetOfByte(.backslash, in: base + position, count: bytes.count - position) {
      position += found
      let isUnit = position + Self.escapeLength <= bytes.count && base[position + 1] == UInt8(ascii: "u")
      let length = isUnit ? Self.escapeLength : min(2, bytes.count - position)
      size -= length - 1
      position += length
    }
    return size
  }

  /// The id of a line that is too long, where its first bytes hold it: cut at a comma between its members, they are an object.
  func idAtStart(_ head: [UInt8]) -> String? {
    for comma in head.indices where head[comma] == .comma {
      let members = try? JSONValue(parsing: head[..<comma] + [UInt8(ascii: "}")], limits: Self.limits)
      if let id = members?.objectValue.flatMap(idValue).flatMap(Self.id) { return id }
    }
    return nil
  }

  /// The id of an object that is not UTF-8, where its id is.
  private func idBesideBrokenBytes(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    // Repaired for this alone: U+FFFD stands where bytes were broken, and all else stays.
    let repaired = String(decoding: bytes, as: UTF8.self)
    guard let value = try? JSONValue(parsing: repaired, limits: Self.limits),
      let id = value.objectValue.flatMap(idValue).flatMap(Self.id), !id.unicodeScalars.contains("\u{fffd}")
    else { return nil }
    return id
  }

  /// The text of an object: inside its strings stands no bare CR, and anywhere else a CR is a space.
  private static func oneLine(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: bytes.map { $0 == .carriageReturn ? UInt8.space : $0 }, as: UTF8.self)
  }

  private func parse(_ object: JSONObject) -> ParsedRecord {
    var record = ParsedRecord(text: "")
    var fault: RecordFault?
    switch idValue(of: object) {
    case nil:
      if options.requiredFields.contains(.id), object[options.idField] == nil {
        fault = .missingField(name: options.idField)
      }
    case .null: break
    case let value?:
      record.id = Self.id(value)
      if record.id == nil { fault = .wrongType(.id, name: options.idField) }
    }
    if options.readsLabels, let label = object[options.labelField] {
      if let labels = Self.labels(label) {
        record.labels = labels
      } else {
        fault = fault ?? .wrongType(.label, name: options.labelField)
      }
    }
    switch object[options.textField] {
    case .string(let text): record.content = limited(text)
    case nil: record.content = .failure(.missingField(name: options.textField))
    default: record.content = .failure(.wrongType(.text, name: options.textField))
    }
    if let fault, case .success = record.content { record.content = .failure(fault) }
    return record
  }

  /// The text's own key holds no id, as its column does not.
  private func idValue(of object: JSONObject) -> JSONValue? {
    options.idField == options.textField ? nil : object[options.idField]
  }

  /// The id that `value` stands for; `nil` where it cannot be one.
  private static func id(_ value: JSONValue) -> String? {
    switch value {
    case .string(let id): id
    case .integer(let id): String(id)
    // From 2^53 on a Double cannot tell whole numbers apart.
    case .number(let number) where number.magnitude < 0x1p53: text(of: number)
    default: nil
    }
  }

  /// A number as JSON writes it; a whole one, such as 7.0, as an integer.
  private static func text(of number: Double) -> String {
    if let whole = Int64(exactly: number) { return String(whole) }
    return String(decoding: JSONValue.number(number).canonicalBytes(), as: UTF8.self)
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
