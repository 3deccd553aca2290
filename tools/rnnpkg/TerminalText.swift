/// A line whose text from a file cannot steer a terminal.
func terminalSafe(_ line: String) -> String {
  line.unicodeScalars.map { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
    default: String(scalar)
    }
  }.joined()
}
