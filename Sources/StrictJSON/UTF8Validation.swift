/// Where a run of bytes stops being UTF-8 (Unicode 15, table 3-7).
package enum UTF8Validation {
  /// The offset, from the start of `bytes`, of the first byte that no UTF-8 text can hold there; `nil` for valid text.
  ///
  /// A sequence cut off by the end is reported at its first byte. Overlong forms, surrogates and values above
  /// U+10FFFF are invalid.
  package static func firstInvalidOffset(in bytes: some Collection<UInt8>) -> Int? {
    bytes.withContiguousStorageIfAvailable(firstInvalidOffset(in:))
      ?? Array(bytes).withUnsafeBufferPointer(firstInvalidOffset(in:))
  }

  /// The same of bytes in place; eight at a time where they are ASCII.
  package static func firstInvalidOffset(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var offset = 0
    while offset < bytes.count {
      let word = UnsafeRawPointer(base + offset)
      if bytes.count - offset >= 8, word.loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
        offset += 8
      } else {
        let length = sequenceLength(base + offset, available: bytes.count - offset)
        guard length > 0 else { return offset }
        offset += length
      }
    }
    return nil
  }

  /// The length of the sequence of one to four bytes at `bytes`; 0 where it is none.
  private static func sequenceLength(_ bytes: UnsafePointer<UInt8>, available: Int) -> Int {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch bytes[0] {
    case 0x00...0x7f: return 1
    case 0xc2...0xdf: length = 2
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: length = 3
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: length = 4
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: return 0
    }
    guard available >= length, second.contains(bytes[1]) else { return 0 }
    for position in 2..<max(length, 2) where bytes[position] & 0xc0 != 0x80 { return 0 }
    return length
  }
}
