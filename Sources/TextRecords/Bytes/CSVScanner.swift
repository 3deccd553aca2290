/// Finds the end of a CSV record, over as many pieces as it takes.
struct CSVScanner {
  private enum State {
    case fieldStart, bare, quoted, afterQuote, afterQuoteAndReturn, stray
  }

  private var state = State.fieldStart
  /// How much of the record has been looked at; the place of the line end once it is found.
  var position = 0

  /// Whether the record's end is still behind a closing quote.
  var isInQuotes: Bool { state == .quoted }
  /// Whether a quote stands where none may.
  var isStray: Bool { state == .stray }
  /// Whether a CR follows a closing quote and nothing follows the CR.
  var isAfterQuoteAndReturn: Bool { state == .afterQuoteAndReturn }

  /// Goes on in `bytes`, which start with the record; true when the line end is found.
  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    while position < bytes.count {
      if state == .quoted || state == .stray {
        // Nothing but this byte matters here.
        let wanted: UInt8 = state == .quoted ? .quote : .lineFeed
        let found = offsetOfByte(wanted, in: base + position, count: bytes.count - position)
        guard let found else {
          position = bytes.count
          return false
        }
        position += found
        if state == .stray { return true }
        state = .afterQuote
        position += 1
        continue
      }
      let byte = base[position]
      if byte == .lineFeed { return true }
      state = following(byte)
      position += 1
    }
    return false
  }

  private func following(_ byte: UInt8) -> State {
    switch (state, byte) {
    case (.fieldStart, .quote), (.afterQuote, .quote): .quoted
    case (.fieldStart, .comma), (.bare, .comma), (.afterQuote, .comma): .fieldStart
    case (.bare, .quote): .stray
    case (.fieldStart, _), (.bare, _): .bare
    case (.afterQuote, .carriageReturn): .afterQuoteAndReturn
    default: .stray
    }
  }
}
