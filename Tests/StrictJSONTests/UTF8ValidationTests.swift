import StrictJSON
import Testing

@Suite struct UTF8ValidationTests {
  /// The longest beginning that the standard library takes for text.
  private func firstInvalidOffset(_ bytes: [UInt8]) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    return bytes.indices.last { String(validating: bytes[..<$0], as: UTF8.self) != nil }
  }

  @Test func everyByteAloneAndBeforeALetterIsJudgedAsByTheStandardLibrary() {
    for byte in UInt8.min...UInt8.max {
      for bytes in [[byte], [byte, 0x61], [0x61, byte], [0xc3, 0xa9, byte]] {
        #expect(UTF8Validation.firstInvalidOffset(in: bytes) == firstInvalidOffset(bytes), "\(bytes)")
      }
    }
  }

  /// Every lead byte with every second byte, and continuations at the edges of what they may be.
  @Test(arguments: UInt8(0xc0)...0xff)
  func everySequenceIsJudgedAsByTheStandardLibrary(_ lead: UInt8) {
    let edges: [UInt8] = [0x7f, 0x80, 0xbf, 0xc0]
    var wrong: [[UInt8]] = []
    for second in UInt8.min...UInt8.max {
      for third in edges {
        for fourth in edges {
          let bytes = [lead, second, third, fourth]
          if UTF8Validation.firstInvalidOffset(in: bytes) != firstInvalidOffset(bytes) { wrong.append(bytes) }
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test func bytesBehindAnyRunOfLettersAreJudged() {
    for run in 0...17 {
      for rest in [[0xff], [0xc3, 0xa9, 0x80], [0xc3], Array("é".utf8), Array("😀abc".utf8)] as [[UInt8]] {
        let bytes = [UInt8](repeating: 0x61, count: run) + rest + [UInt8](repeating: 0x61, count: 9)
        let expected = firstInvalidOffset(bytes)
        #expect(UTF8Validation.firstInvalidOffset(in: bytes) == expected, "\(bytes)")
        #expect(UTF8Validation.firstInvalidOffset(in: AnyCollection(bytes)) == expected, "\(bytes)")
      }
    }
  }

  @Test func aSequenceThatIsCutIsFoundWhereItStarts() {
    for text in ["é", "€", "😀"] {
      let bytes = Array(text.utf8)
      for length in 1..<bytes.count {
        #expect(UTF8Validation.firstInvalidOffset(in: [0x61] + bytes[..<length]) == 1)
      }
    }
  }
}
