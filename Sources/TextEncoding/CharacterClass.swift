/// What the tokeniser makes of a character.
enum CharacterClass: UInt8 {
  /// White space, controls and invisible format characters: between tokens.
  case separator
  /// Letters and the marks on them.
  case letter
  case digit
  /// Characters of scripts that are written without spaces: one token each.
  case ideograph
  case emoji
  /// Punctuation and symbols.
  case mark
}

/// The classes of the 128 ASCII characters.
private let asciiClasses: [CharacterClass] = (0..<128).map { (code: UInt8) in
  switch code {
  case 0...0x20, 0x7f: .separator
  case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
  default: .mark
  }
}

extension CharacterClass {
  init(ascii byte: UInt8) { self = asciiClasses[Int(byte & 0x7f)] }

  init(_ scalar: Unicode.Scalar) {
    if scalar.value < 0x80 {
      self.init(ascii: UInt8(scalar.value))
      return
    }
    let properties = scalar.properties
    if properties.isEmojiPresentation || isRegionalIndicator(scalar) {
      self = .emoji
      return
    }
    if properties.isIdeographic || (0x3040...0x30ff).contains(scalar.value) {
      self = .ideograph
      return
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .letterNumber:
      self = .letter
    case .decimalNumber: self = .digit
    case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse,
      .unassigned:
      self = .separator
    case .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol,
      .modifierSymbol,
      .otherSymbol:
      self = .mark
    @unknown default: self = .mark
    }
  }
}

/// Half of a flag.
func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool { (0x1f1e6...0x1f1ff).contains(scalar.value) }
