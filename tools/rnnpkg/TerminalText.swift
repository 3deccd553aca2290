/// A line whose text from a file cannot steer a terminal.
func terminalSafe(_ line: String) -> String {
  line.unicodeScalars.map { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
    default: String(scalar)
    }
  }.joined()
}

/// JSON of the same value whose strings cannot steer a terminal: in them stands the escape of each character that messages
/// escape too.
func terminalSafeJSON(_ text: String) -> String {
  // Below this only the escapes that JSON asks for, and line feeds between values.
  guard text.utf8.contains(where: { $0 >= 0x7f }) else { return text }
  var safe = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control where scalar.value < 0x20: safe.unicodeScalars.append(scalar)
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        safe += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    default: safe.unicodeScalars.append(scalar)
    }
  }
  return safe
}
