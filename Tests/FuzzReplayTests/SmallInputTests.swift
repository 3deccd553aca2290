import FuzzTargets
import Testing

/// Every target on the smallest inputs and on bytes of every kind: a fuzz of a second, where no fuzzer is.
@Suite struct SmallInputTests {
  private static let fragments: [String] = [
    "", "{", "{}", "[]", "\"", "null", "\u{feff}", "\n", "\r\n", "\t", ",", "\"a\",\"b\"\n", "text\tlabel\n",
    "\\n", "\\x",
    "<pad>\n<unk>\n<s>\n</s>\n", "<pad>\n<unk>\n<s>\n</s>\na\na\n", "{\"text\":\"a\"}\n", "__label__x a",
    "\0",
    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "1e400", "{\"a\":1,\"a\":2}",
    "[[[[[[[[[[[[",
    "a\u{301}\u{301} 😀👨‍👩‍👧 http://x.y @z #w 8/10 ... !!! <br /> don't",
  ]

  @Test(arguments: FuzzTarget.allCases)
  func smallInputsAreRefusedOrKept(_ target: FuzzTarget) {
    for fragment in Self.fragments {
      target.run(Array(fragment.utf8))
      for first in [UInt8(0), 1, 2, 3, 8, 9, 16, 23, 128, 255] { target.run([first] + Array(fragment.utf8)) }
    }
    for byte in UInt8.min...UInt8.max { target.run([byte]) }
  }

  /// The header of a tensor file with every length near the limits of its arithmetic.
  @Test(arguments: [0, 1, 2, 7, 8, 9, .max, UInt64(Int64.max), 1 << 32, 8 << 20, (8 << 20) + 1] as [UInt64])
  func onlyTheTrueLengthOfATensorHeaderIsAccepted(_ length: UInt64) {
    let header = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
    for rest in ["", "{}", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}0000"#] {
      let isAccepted = FuzzTarget.tensors.run(header + Array(rest.utf8))
      #expect(isAccepted == (length == 2 && rest == "{}"), "length \(length) before \(rest)")
    }
  }
}
