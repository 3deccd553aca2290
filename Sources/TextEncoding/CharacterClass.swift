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

extension CharacterClass {
  /// By comparisons: a table would have to be made, and asked whether it was, for every byte.
  @inline(__always)
  init(ascii byte: UInt8) {
    if (byte | 0x20) &- UInt8(ascii: "a") < 26 {
      self = .letter
    } else if byte &- UInt8(ascii: "0") < 10 {
      self = .digit
    } else {
      self = byte <= 0x20 || byte == 0x7f ? .separator : .mark
    }
  }

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
