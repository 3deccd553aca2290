/// Where a run of bytes stops being UTF-8.
package enum UTF8Validation {
  /// The offset, from the start of `bytes`, of the first byte that no UTF-8 text can hold there; `nil` for valid text.
  ///
  /// A sequence cut off by the end is reported at its first byte. Overlong forms, surrogates and values above
  /// U+10FFFF are invalid.
  package static func firstInvalidOffset(in bytes: some Collection<UInt8>) -> Int? {
    var offset = 0
    var index = bytes.startIndex
    while index != bytes.endIndex {
      let lead = bytes[index]
      let length: Int
      var second: ClosedRange<UInt8> = 0x80...0xbf
      switch lead {
      case 0x00...0x7f: length = 1
      case 0xc2...0xdf: length = 2
      case 0xe0: (length, second) = (3, 0xa0...0xbf)
      case 0xed: (length, second) = (3, 0x80...0x9f)
      case 0xe1...0xef: length = 3
      case 0xf0: (length, second) = (4, 0x90...0xbf)
      case 0xf4: (length, second) = (4, 0x80...0x8f)
      case 0xf1...0xf3: length = 4
      default: return offset
      }
      bytes.formIndex(after: &index)
      for step in 1..<max(length, 1) {
        guard index != bytes.endIndex else { return offset }
        guard (step == 1 ? second : 0x80...0xbf).contains(bytes[index]) else { return offset }
        bytes.formIndex(after: &index)
      }
      offset += length
    }
    return nil
  }
}
