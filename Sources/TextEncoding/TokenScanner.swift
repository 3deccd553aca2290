/// Finds where tokens begin and end; see `WordTokenizer` for the rules.
struct TokenScanner {
  /// A token's place, and its normal form where that is not made from the text itself.
  struct Found {
    let range: Range<Int>
    var fixedForm: [UInt8]?
  }

  let bytes: [UInt8]
  private var index = 0
  /// The second part of a contraction, found with the first.
  private var pending: Range<Int>?

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> Found? {
    if let range = pending {
      pending = nil
      return Found(range: range)
    }
    while index < bytes.count {
      let (kind, length) = classify(index)
      switch kind {
      case .separator: index += length
      case .letter, .digit: return scanWord()
      case .ideograph: return take(length)
      case .emoji: return scanEmoji()
      case .mark: return scanMark(length)
      }
    }
    return nil
  }

  private func classify(_ at: Int) -> (kind: CharacterClass, length: Int) {
    let byte = bytes[at]
    if byte < 0x80 { return (CharacterClass(ascii: byte), 1) }
    let (scalar, length) = decodeScalar(bytes, at: at)
    return (CharacterClass(scalar), length)
  }

  private mutating func take(_ length: Int, fixedForm: [UInt8]? = nil) -> Found {
    let range = index..<index + length
    index += length
    return Found(range: range, fixedForm: fixedForm)
  }

  private func byte(_ at: Int) -> UInt8? { at < bytes.count ? bytes[at] : nil }

  private func isWordCharacter(_ at: Int) -> Bool {
    guard at < bytes.count else { return false }
    let kind = classify(at).kind
    return kind == .letter || kind == .digit
  }

  /// Bytes of the apostrophe at a place: 1 for ', 3 for ’, 0 where there is none.
  private func apostropheLength(_ at: Int) -> Int {
    guard let first = byte(at) else { return 0 }
    if first == UInt8(ascii: "'") { return 1 }
    return first == 0xe2 && byte(at + 1) == 0x80 && byte(at + 2) == 0x99 ? 3 : 0
  }

  // MARK: Words and numbers

  private mutating func scanWord() -> Found {
    if let length = urlLength(index) { return take(length, fixedForm: Array("<url>".utf8)) }
    let start = index
    var end = index
    var lastIsDigit = false
    // Where the last apostrophe with letters on both sides stands.
    var apostrophe: Range<Int>?
    let limit = Swift.min(bytes.count, start + WordTokenizer.longestToken - 4)
    while end < limit {
      // Most bytes of most texts.
      if (bytes[end] | 0x20) &- UInt8(ascii: "a") < 26 {
        lastIsDigit = false
        end += 1
        continue
      }
      let (kind, length) = classify(end)
      if kind == .letter || kind == .digit {
        lastIsDigit = kind == .digit
        end += length
        continue
      }
      let joiner = apostropheLength(end)
      if joiner > 0, !lastIsDigit, end + joiner < bytes.count, classify(end + joiner).kind == .letter {
        apostrophe = end..<end + joiner
        end += joiner
      } else if lastIsDigit, isNumberJoiner(bytes[end]), end + 1 < bytes.count,
        classify(end + 1).kind == .digit
      {
        end += 1
      } else {
        break
      }
    }
    index = end
    guard let apostrophe, let cut = contractionCut(start: start, apostrophe: apostrophe, end: end) else {
      return Found(range: start..<end)
    }
    guard cut > start else { return Found(range: start..<end) }
    pending = cut..<end
    return Found(range: start..<cut)
  }

  private func isNumberJoiner(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "/")
  }

  /// Where the second part of a contraction begins, or nil where the word is none.
  private func contractionCut(start: Int, apostrophe: Range<Int>, end: Int) -> Int? {
    let suffix = lowered(apostrophe.upperBound..<end)
    if suffix == [UInt8(ascii: "t")], let before = byte(apostrophe.lowerBound - 1),
      before | 0x20 == UInt8(ascii: "n")
    {
      return apostrophe.lowerBound - 1
    }
    return isContraction(suffix) ? apostrophe.lowerBound : nil
  }

  private func isContraction(_ letters: [UInt8]) -> Bool {
    switch letters.count {
    case 1:
      letters[0] == UInt8(ascii: "s") || letters[0] == UInt8(ascii: "m") || letters[0] == UInt8(ascii: "d")
    case 2:
      letters.elementsEqual("re".utf8) || letters.elementsEqual("ve".utf8) || letters.elementsEqual("ll".utf8)
    default: false
    }
  }

  /// ASCII letters of a short range in lower case; empty where the range is long.
  private func lowered(_ range: Range<Int>) -> [UInt8] {
    guard range.count <= 2 else { return [] }
    return bytes[range].map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
  }

  /// The length of a web address at a place.
  private func urlLength(_ start: Int) -> Int? {
    let first = bytes[start] | 0x20
    guard first == UInt8(ascii: "h") || first == UInt8(ascii: "w"),
      starts(with: "http://", at: start) || starts(with: "https://", at: start)
        || starts(with: "www.", at: start)
    else { return nil }
    var end = start
    while end < bytes.count && end - start < WordTokenizer.longestToken && bytes[end] > 0x20
      && bytes[end] != UInt8(ascii: "<") && bytes[end] != UInt8(ascii: ">")
      && bytes[end] != UInt8(ascii: "\"")
    {
      end += 1
    }
    // Back to the start of a scalar that the limit would cut.
    while end < bytes.count && bytes[end] & 0xc0 == 0x80 { end -= 1 }
    return end - start
  }

  private func starts(with prefix: StaticString, at start: Int) -> Bool {
    guard start + prefix.utf8CodeUnitCount <= bytes.count else { return false }
    return prefix.withUTF8Buffer { prefix in
      prefix.indices.allSatisfy { bytes[start + $0] | 0x20 == prefix[$0] | 0x20 }
    }
  }

  // MARK: Emoji

  private mutating func scanEmoji() -> Found {
    let start = index
    var form: [UInt8] = []
    var end = index
    var previous: Unicode.Scalar?
    while end < bytes.count && end - start < WordTokenizer.longestToken - 4 {
      let (scalar, length) = decodeScalar(bytes, at: end)
      let belongs: Bool
      if previous == nil {
        belongs = true
      } else if scalar == "\u{fe0f}" || scalar == "\u{fe0e}" || scalar == "\u{200d}" || scalar == "\u{20e3}" {
        belongs = true
      } else if scalar.properties.isEmojiModifier || (0xe0020...0xe007f).contains(scalar.value) {
        belongs = true
      } else if previous == "\u{200d}" {
        belongs = scalar.properties.isEmoji && scalar.value >= 0x80
      } else if isRegionalIndicator(scalar), let first = previous, isRegionalIndicator(first) {
        // A flag is two of them; a third begins the next one.
        belongs = end - start == 4
      } else {
        belongs = false
      }
      guard belongs else { break }
      if scalar != "\u{fe0f}" && scalar != "\u{fe0e}" { form += bytes[end..<end + length] }
      previous = scalar
      end += length
    }
    index = end
    return Found(range: start..<end, fixedForm: form)
  }

  // MARK: Marks

  private mutating func scanMark(_ length: Int) -> Found {
    let first = bytes[index]
    if first >= 0x80 { return scanUnicodeMark(length) }
    if first == UInt8(ascii: "<"), let tag = htmlTag() { return take(tag.length, fixedForm: tag.form) }
    if let emoticon = emoticon() { return take(emoticon.length, fixedForm: emoticon.form) }
    if let suffix = standaloneContraction() { return take(suffix) }
    let run = runLength(first)
    if (first == UInt8(ascii: "'") || first == UInt8(ascii: "`")) && run == 2 {
      return take(2, fixedForm: [UInt8(ascii: "\"")])
    }
    // Up to three stand for themselves.
    guard run > TokenNormalizer.longestRepeat else { return take(run) }
    return take(run, fixedForm: [UInt8](repeating: first, count: TokenNormalizer.longestRepeat))
  }

  private mutating func scanUnicodeMark(_ length: Int) -> Found {
    if apostropheLength(index) == 3 {
      if let suffix = standaloneContraction() { return take(suffix) }
      return take(3, fixedForm: [UInt8(ascii: "'")])
    }
    let (scalar, _) = decodeScalar(bytes, at: index)
    // An emoji that is text by default becomes one by the selector behind it.
    if scalar.properties.isEmoji, index + length < bytes.count,
      decodeScalar(bytes, at: index + length).scalar == "\u{fe0f}"
    {
      return scanEmoji()
    }
    switch scalar {
    case "\u{201c}", "\u{201d}", "\u{201e}", "\u{ab}", "\u{bb}":
      return take(length, fixedForm: Array("\"".utf8))
    case "\u{2018}": return take(length, fixedForm: Array("'".utf8))
    case "\u{2013}", "\u{2010}", "\u{2011}": return take(length, fixedForm: Array("-".utf8))
    case "\u{2014}", "\u{2015}": return take(length, fixedForm: Array("--".utf8))
    case "\u{2026}": return take(length, fixedForm: Array("...".utf8))
    default: return take(length)
    }
  }

  /// Counts no further than one token may reach: counting the whole of a long run for each of its tokens would take
  /// time in the square of its length.
  private func runLength(_ mark: UInt8) -> Int {
    var end = index
    while end < bytes.count && end - index < WordTokenizer.longestToken && bytes[end] == mark { end += 1 }
    return end - index
  }

  /// The length of `'s`, `'re` and the like where an apostrophe begins a token.
  private func standaloneContraction() -> Int? {
    let apostrophe = apostropheLength(index)
    guard apostrophe > 0 else { return nil }
    let start = index + apostrophe
    var end = start
    while end < bytes.count && end - start < 3 && CharacterClass(ascii: bytes[end]) == .letter
      && bytes[end] < 0x80
    {
      end += 1
    }
    guard isContraction(lowered(start..<end)), !isWordCharacter(end) else { return nil }
    return end - index
  }

  private func htmlTag() -> (length: Int, form: [UInt8])? {
    var at = index + 1
    if byte(at) == UInt8(ascii: "/") { at += 1 }
    let nameStart = at
    while let letter = byte(at), letter < 0x80, CharacterClass(ascii: letter) == .letter, at - nameStart < 12
    { at += 1 }
    guard at > nameStart else { return nil }
    let name = bytes[nameStart..<at].map { $0 | 0x20 }
    // A digit ends names such as h1; then white space, a slash or the end must follow.
    if let digit = byte(at), CharacterClass(ascii: digit) == .digit, digit < 0x80 { at += 1 }
    guard let next = byte(at), next == UInt8(ascii: ">") || next == UInt8(ascii: "/") || next <= 0x20 else {
      return nil
    }
    while let next = byte(at), next != UInt8(ascii: ">") {
      guard next != UInt8(ascii: "<"), at - index < WordTokenizer.longestToken - 1 else { return nil }
      at += 1
    }
    guard at < bytes.count else { return nil }
    let breaks = name.elementsEqual("br".utf8) || name.elementsEqual("p".utf8)
    return (at + 1 - index, Array((breaks ? "<br/>" : "<tag>").utf8))
  }

  /// Eyes, perhaps a nose, and a mouth, which may repeat.
  private func emoticon() -> (length: Int, form: [UInt8])? {
    let eyes = bytes[index]
    if eyes == UInt8(ascii: "<"), byte(index + 1) == UInt8(ascii: "3"), !isWordCharacter(index + 2) {
      return (2, Array("<3".utf8))
    }
    guard eyes == UInt8(ascii: ":") || eyes == UInt8(ascii: ";") || eyes == UInt8(ascii: "=") else {
      return nil
    }
    var at = index + 1
    if byte(at) == UInt8(ascii: "-") { at += 1 }
    guard let mouth = byte(at) else { return nil }
    var end = at
    switch mouth {
    case UInt8(ascii: ")"), UInt8(ascii: "("), UInt8(ascii: "]"), UInt8(ascii: "["), UInt8(ascii: "*"),
      UInt8(ascii: "|"):
      while byte(end) == mouth && end - at < WordTokenizer.longestToken - 4 { end += 1 }
    case UInt8(ascii: "D"), UInt8(ascii: "P"), UInt8(ascii: "p"), UInt8(ascii: "/"), UInt8(ascii: "\\"):
      end += 1
      guard !isWordCharacter(end), byte(end) != UInt8(ascii: "/") else { return nil }
    default: return nil
    }
    return (end - index, [eyes, mouth])
  }
}
