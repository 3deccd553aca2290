/// The first byte of the first sequence in `bytes` that is not UTF-8; `nil` where all is.
func firstInvalidUTF8(in bytes: UnsafeBufferPointer<UInt8>) -> RecordFault? {
  guard let base = bytes.baseAddress else { return nil }
  let count = bytes.count
  var position = 0
  while position < count {
    let word = UnsafeRawPointer(base + position)
    if count - position >= 8, word.loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
      position += 8
      continue
    }
    let lead = base[position]
    if lead < 0x80 {
      position += 1
      continue
    }
    let length = sequenceLength(base + position, available: count - position)
    if length == 0 { return .invalidUTF8(byte: lead, offset: position) }
    position += length
  }
  return nil
}

/// The length of the sequence of two to four bytes at `bytes`; 0 where it is none (Unicode 15,
/// table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
private func sequenceLength(_ bytes: UnsafePointer<UInt8>, available: Int) -> Int {
  let length: Int
  var second: ClosedRange<UInt8> = 0x80...0xbf
  switch bytes[0] {
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
