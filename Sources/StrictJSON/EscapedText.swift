/// Text from a file, made safe for a terminal and a one-line message: quoted, controls escaped, cut when long.
package struct EscapedText: CustomStringConvertible, Sendable {
  /// Characters shown of a longer text.
  package static let standardLimit = 80

  package let description: String

  package init(_ text: String, limit: Int = standardLimit) {
    var shown = "\""
    var count = 0
    var isCut = false
    for scalar in text.unicodeScalars {
      if count == limit {
        isCut = true
        break
      }
      count += 1
      shown += Self.escape(scalar)
    }
    shown += "\""
    if isCut { shown += "… (\(text.utf8.count) bytes)" }
    description = shown
  }

  /// Bytes that may not be UTF-8: those that are not are shown as `\xNN`.
  package init(bytes: some Collection<UInt8>, limit: Int = standardLimit) {
    if let text = String(validating: bytes, as: UTF8.self) {
      self = EscapedText(text, limit: limit)
      return
    }
    var shown = "\""
    for byte in bytes.prefix(limit) {
      if byte < 0x80 {
        shown += Self.escape(UnicodeScalar(byte))
      } else {
        shown += "\\x" + String(byte, radix: 16)
      }
    }
    shown += "\""
    if bytes.count > limit { shown += "… (\(bytes.count) bytes)" }
    description = shown
  }

  private static func escape(_ scalar: UnicodeScalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: break
    }
    return isUnsafe(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(Character(scalar))
  }

  /// Controls, and the invisible characters that reorder or split a line on a terminal.
  private static func isUnsafe(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }
}

extension EscapedText {
  /// Text that stands without quotes, such as a path or a sentence: controls escaped, the rest as it is.
  package static func unquoted(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? String($1) : escape($1) }
  }

  /// JSON of the same value, for a terminal: what `unquoted` escapes stands in its strings as JSON escapes it. The line feeds
  /// between values stay.
  package static func json(_ text: String) -> String {
    // Below this only the escapes that JSON asks for, and line feeds between values.
    guard text.utf8.contains(where: { $0 >= 0x7f }) else { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 || !isUnsafe(scalar) {
        safe.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        safe += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return safe
  }
}
