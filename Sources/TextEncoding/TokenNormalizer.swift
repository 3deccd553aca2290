/// Writes a token's normal form: case, canonical composition, long repeats of a letter cut to three.
struct TokenNormalizer: Sendable {
  let configuration: WordTokenizerConfiguration

  /// The most times a letter may repeat: "soooooo" and "sooo" are one word.
  static let longestRepeat = 3

  /// Appends the normal form of `bytes[range]` to `output`.
  func append(_ bytes: [UInt8], _ range: Range<Int>, to output: inout [UInt8]) {
    let start = output.count
    bytes.withUnsafeBufferPointer { output.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
    guard let end = normalizeASCII(&output, from: start) else {
      output.removeSubrange(start...)
      appendUnicode(bytes, range, to: &output)
      return
    }
    if end < output.count { output.removeSubrange(end...) }
  }

  /// Normalises bytes in their place. Gives where they end then; `nil` where one is not ASCII.
  private func normalizeASCII(_ output: inout [UInt8], from start: Int) -> Int? {
    let lowers = configuration.letterCase == .lower
    return output.withUnsafeMutableBufferPointer { output in
      var end = start
      var last: UInt8 = 0
      var repeats = 0
      for index in start..<output.count {
        var byte = output[index]
        guard byte < 0x80 else { return nil }
        if lowers && byte &- UInt8(ascii: "A") < 26 { byte |= 0x20 }
        repeats = byte == last ? repeats + 1 : 1
        last = byte
        if repeats > TokenNormalizer.longestRepeat && CharacterClass(ascii: byte) == .letter { continue }
        output[end] = byte
        end += 1
      }
      return end
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
