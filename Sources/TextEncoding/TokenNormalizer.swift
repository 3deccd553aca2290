/// Writes a token's normal form: case, canonical composition, long repeats of a letter cut to three.
struct TokenNormalizer: Sendable {
  let configuration: WordTokenizerConfiguration

  /// The most times a letter may repeat: "soooooo" and "sooo" are one word.
  static let longestRepeat = 3

  /// Appends the normal form of `bytes[range]` to `output`.
  func append(_ bytes: [UInt8], _ range: Range<Int>, to output: inout [UInt8]) {
    let lowers = configuration.letterCase == .lower
    let start = output.count
    for index in range {
      var byte = bytes[index]
      guard byte < 0x80 else {
        output.removeSubrange(start...)
        appendUnicode(bytes, range, to: &output)
        return
      }
      if lowers && byte >= 0x41 && byte <= 0x5a { byte |= 0x20 }
      let end = output.count
      let isRepeat =
        end - start >= TokenNormalizer.longestRepeat && output[end - 1] == byte && output[end - 2] == byte
        && output[end - 3] == byte && CharacterClass(ascii: byte) == .letter
      if !isRepeat { output.append(byte) }
    }
  }

  /// The slower way of tokens that are not all ASCII.
  private func appendUnicode(_ bytes: [UInt8], _ range: Range<Int>, to output: inout [UInt8]) {
    var text = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    var repeats = 0
    func add(_ scalar: Unicode.Scalar) {
      repeats = scalar == last ? repeats + 1 : 1
      last = scalar
      if repeats > TokenNormalizer.longestRepeat && scalar.properties.isAlphabetic { return }
      text.append(scalar)
    }
    var index = range.lowerBound
    while index < range.upperBound {
      let (scalar, length) = decodeScalar(bytes, at: index)
      index += length
      if scalar == "\u{2019}" || scalar == "\u{2bc}" {
        add("'")
      } else if configuration.letterCase == .lower {
        for lower in scalar.properties.lowercaseMapping.unicodeScalars { add(lower) }
      } else {
        add(scalar)
      }
    }
    let string = String(text)
    output += configuration.normalization == .nfc ? canonicalComposition(string) : Array(string.utf8)
  }
}
