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
    switch scalar.properties.generalCategory {
    // Controls, and the invisible characters that reorder or split a line on a terminal.
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      return "\\u{\(String(scalar.value, radix: 16))}"
    default:
      return String(Character(scalar))
    }
  }
}

extension EscapedText {
  /// Text that stands without quotes, such as a path or a sentence: controls escaped, the rest as it is.
  package static func unquoted(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? String($1) : escape($1) }
  }
}
