/// A reader of RFC 8259 that accepts nothing else: no byte order mark, comment, trailing comma, duplicate key or
/// repaired text. It recurses once a level, so the depth limit bounds its stack.
///
/// Every access to `bytes` goes through `byte(at:)` or a range checked just before: the pointer itself checks nothing.
struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let limits: JSONLimits
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  mutating func parseDocument() throws(JSONError) -> JSONValue {
    guard bytes.count <= limits.bytes else {
      throw error(.tooLong(bytes: bytes.count, limit: limits.bytes), at: 0)
    }
    if byte(at: 0) == 0xef, byte(at: 1) == 0xbb, byte(at: 2) == 0xbf { throw error(.byteOrderMark, at: 0) }
    skipSpace()
    guard position < bytes.count else { throw error(.empty, at: position) }
    let value = try parseValue(depth: 0)
    skipSpace()
    if let extra = byte(at: position) { throw error(.trailingData(extra), at: position) }
    return value
  }

  private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
    switch byte(at: position) {
    case UInt8(ascii: "{"): return .object(try parseObject(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try parseArray(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "-"): return try parseNumber()
    case UInt8(ascii: "t"):
      try parseWord("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try parseWord("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try parseWord("null")
      return .null
    case let byte where isDigit(byte): return try parseNumber()
    default: throw unexpected("a value")
    }
  }

  private mutating func parseObject(depth: Int) throws(JSONError) -> JSONObject {
    guard depth <= limits.depth else { throw error(.tooDeep(limit: limits.depth), at: position) }
    position += 1
    var object = JSONObject()
    skipSpace()
    if consume(UInt8(ascii: "}")) { return object }
    while true {
      skipSpace()
      guard byte(at: position) == UInt8(ascii: "\"") else { throw unexpected("a string as key") }
      let keyStart = position
      let key = try parseString()
      guard !object.contains(key: key) else { throw error(.duplicateKey(key), at: keyStart) }
      skipSpace()
      guard consume(UInt8(ascii: ":")) else { throw unexpected("':'") }
      skipSpace()
      object.append(unique: key, try parseValue(depth: depth))
      skipSpace()
      if consume(UInt8(ascii: ",")) { continue }
      guard consume(UInt8(ascii: "}")) else { throw unexpected("',' or '}'") }
      return object
    }
  }

  private mutating func parseArray(depth: Int) throws(JSONError) -> [JSONValue] {
    guard depth <= limits.depth else { throw error(.tooDeep(limit: limits.depth), at: position) }
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if consume(UInt8(ascii: "]")) { return elements }
    while true {
      skipSpace()
      elements.append(try parseValue(depth: depth))
      skipSpace()
      if consume(UInt8(ascii: ",")) { continue }
      guard consume(UInt8(ascii: "]")) else { throw unexpected("',' or ']'") }
      return elements
    }
  }

  private mutating func parseWord(_ word: StaticString) throws(JSONError) {
    for index in 0..<word.utf8CodeUnitCount {
      guard byte(at: position) == word.utf8Start[index] else { throw unexpected("'\(word)'") }
      position += 1
    }
  }

  // MARK: Numbers

  private mutating func parseNumber() throws(JSONError) -> JSONValue {
    let start = position
    let isNegative = consume(UInt8(ascii: "-"))
    let integerDigits = position
    if consume(UInt8(ascii: "0")) {
      if isDigit(byte(at: position)) {
        throw error(.invalidNumber(expected: "no digit after 0"), at: position)
      }
    } else {
      try skipDigits()
    }
    let integerEnd = position
    var isInteger = true
    if consume(UInt8(ascii: ".")) {
      isInteger = false
      try skipDigits()
    }
    if byte(at: position) == UInt8(ascii: "e") || byte(at: position) == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if byte(at: position) == UInt8(ascii: "+") || byte(at: position) == UInt8(ascii: "-") { position += 1 }
      try skipDigits()
    }
    guard position - start <= JSONLimits.numberBytes else {
      throw error(.numberTooLong(limit: JSONLimits.numberBytes), at: start)
    }
    if isInteger, let value = integer(integerDigits..<integerEnd, isNegative: isNegative) {
      // "-0" is a negative zero, which only a Double can hold.
      return isNegative && value == 0 ? .number(-0.0) : .integer(value)
    }
    // Checked ASCII since every byte was matched above.
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw error(.numberOutOfRange(text), at: start) }
    return .number(value)
  }

  private func integer(_ digits: Range<Int>, isNegative: Bool) -> Int64? {
    var value: Int64 = 0
    for index in digits {
      guard let digit = byte(at: index) else { return nil }
      let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
      let step = Int64(digit &- UInt8(ascii: "0"))
      let (sum, passed) =
        isNegative ? product.subtractingReportingOverflow(step) : product.addingReportingOverflow(step)
      if overflowed || passed { return nil }
      value = sum
    }
    return value
  }

  private mutating func skipDigits() throws(JSONError) {
    guard isDigit(byte(at: position)) else {
      throw error(
        position < bytes.count ? .invalidNumber(expected: "a digit") : .endOfInput(expected: "a digit"),
        at: position)
    }
    while isDigit(byte(at: position)) { position += 1 }
  }

  private func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  // MARK: Strings

  private mutating func parseString() throws(JSONError) -> String {
    position += 1
    let start = position
    var end = plainRun(from: start)
    if byte(at: end) == UInt8(ascii: "\"") {
      position = end + 1
      return try text(of: UnsafeBufferPointer(rebasing: bytes[start..<end]), raw: start..<end)
    }
    var unescaped: [UInt8] = []
    var runStart = start
    while true {
      unescaped.append(contentsOf: bytes[runStart..<end])
      position = end
      switch byte(at: end) {
      case nil: throw error(.endOfInput(expected: "'\"'"), at: end)
      case UInt8(ascii: "\""):
        position = end + 1
        return try unescaped.withUnsafeBufferPointer { (buffer) throws(JSONError) -> String in
          try text(of: buffer, raw: start..<end)
        }
      case UInt8(ascii: "\\"): try parseEscape(into: &unescaped)
      case let control?: throw error(.controlCharacter(control), at: end)
      }
      runStart = position
      end = plainRun(from: runStart)
    }
  }

  /// The first index from `start` that holds a quote, a backslash, a control character or nothing.
  private func plainRun(from start: Int) -> Int {
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      index += 1
    }
    return index
  }

  private func text(of buffer: UnsafeBufferPointer<UInt8>, raw: Range<Int>) throws(JSONError) -> String {
    if let text = String(validating: buffer, as: UTF8.self) { return text }
    let offset = raw.lowerBound + (UTF8Validation.firstInvalidOffset(in: bytes[raw]) ?? 0)
    throw error(.invalidUTF8(byte(at: offset) ?? 0), at: offset)
  }

  private mutating func parseEscape(into output: inout [UInt8]) throws(JSONError) {
    let start = position
    position += 1
    guard let kind = byte(at: position) else { throw error(.endOfInput(expected: "an escape"), at: position) }
    position += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(kind)
    case UInt8(ascii: "b"): output.append(0x08)
    case UInt8(ascii: "f"): output.append(0x0c)
    case UInt8(ascii: "n"): output.append(0x0a)
    case UInt8(ascii: "r"): output.append(0x0d)
    case UInt8(ascii: "t"): output.append(0x09)
    case UInt8(ascii: "u"):
      let unit = try parseHexUnit()
      var scalar = UInt32(unit)
      if (0xdc00...0xdfff).contains(unit) { throw error(.loneSurrogate(unit), at: start) }
      if (0xd800...0xdbff).contains(unit) {
        guard consume(UInt8(ascii: "\\")), consume(UInt8(ascii: "u")) else {
          throw error(.loneSurrogate(unit), at: start)
        }
        let low = try parseHexUnit()
        guard (0xdc00...0xdfff).contains(low) else { throw error(.loneSurrogate(unit), at: start) }
        scalar = 0x10000 + (UInt32(unit) - 0xd800) << 10 + (UInt32(low) - 0xdc00)
      }
      guard let character = UnicodeScalar(scalar) else { throw error(.loneSurrogate(unit), at: start) }
      output.append(contentsOf: UTF8.encode(character) ?? UTF8.encodedReplacementCharacter)
    default: throw error(.invalidEscape(kind), at: position - 1)
    }
  }

  private mutating func parseHexUnit() throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch byte(at: position) {
      case let found? where found >= UInt8(ascii: "0") && found <= UInt8(ascii: "9"):
        digit = found - UInt8(ascii: "0")
      case let found? where found >= UInt8(ascii: "a") && found <= UInt8(ascii: "f"):
        digit = found - UInt8(ascii: "a") + 10
      case let found? where found >= UInt8(ascii: "A") && found <= UInt8(ascii: "F"):
        digit = found - UInt8(ascii: "A") + 10
      case let found?: throw error(.invalidEscape(found), at: position)
      case nil: throw error(.endOfInput(expected: "four hexadecimal digits"), at: position)
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  // MARK: Bytes

  private func byte(at index: Int) -> UInt8? {
    index >= 0 && index < bytes.count ? bytes[index] : nil
  }

  private mutating func consume(_ expected: UInt8) -> Bool {
    guard byte(at: position) == expected else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = byte(at: position), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      position += 1
    }
  }

  private func unexpected(_ expected: String) -> JSONError {
    guard let found = byte(at: position) else { return error(.endOfInput(expected: expected), at: position) }
    return error(.unexpectedByte(found, expected: expected), at: position)
  }

  private func error(_ reason: JSONError.Reason, at offset: Int) -> JSONError {
    var line = 1
    var lineStart = 0
    for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0a {
      line += 1
      lineStart = index + 1
    }
    return JSONError(reason, line: line, column: offset - lineStart + 1, offset: offset)
  }
}

extension JSONValue {
  /// Reads one JSON document and nothing else.
  ///
  /// Cost: linear in the bytes; memory at most about 50 times the bytes (for `[[],[],…]`).
  /// - Throws: `JSONError` with line and column for anything RFC 8259 does not allow, a duplicate key (compared by
  ///   its bytes after unescaping), a byte order mark, bad UTF-8, a lone surrogate, a number beyond `Double`, or a limit.
  public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSONValue in
      var parser = JSONParser(buffer, limits: limits)
      return try parser.parseDocument()
    }
  }

  /// Reads one JSON document from part of an array.
  public init(parsing bytes: ArraySlice<UInt8>, limits: JSONLimits = .standard) throws(JSONError) {
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSONValue in
      var parser = JSONParser(buffer, limits: limits)
      return try parser.parseDocument()
    }
  }

  /// Reads one JSON document from a string.
  public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }
}
