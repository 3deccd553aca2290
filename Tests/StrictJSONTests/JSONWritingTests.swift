import StrictJSON
import Testing

@Suite struct JSONWritingTests {
  private func canonical(_ value: JSONValue) -> String {
    String(decoding: value.canonicalBytes(), as: UTF8.self)
  }

  private static let spellings: [(JSONValue, String)] = [
    (JSONValue.null, "null"), (true, "true"), (0, "0"), (.integer(.min), "-9223372036854775808"),
    (.number(1), "1.0"), (.number(-0.0), "-0.0"), (0.1, "0.1"), (.number(1e22), "1e+22"),
    (.number(.leastNonzeroMagnitude), "5e-324"),
    (.number(.nan), "null"), (.number(-.infinity), "null"),
    ("", "\"\""), ("é😀/", "\"é😀/\""), ("\"\\", #""\"\\""#),
    ("\n\t\0\u{1f}\u{7f}", "\"\\u000a\\u0009\\u0000\\u001f\u{7f}\""),
    ([], "[]"), ([1, [2]], "[1,[2]]"), ([:], "{}"),
    (["b": 1, "a": [:], "B": nil], #"{"B":null,"a":{},"b":1}"#),
  ]

  @Test(arguments: spellings)
  func canonicalSpellings(_ value: JSONValue, _ text: String) {
    #expect(canonical(value) == text)
  }

  @Test func keysAreSortedByBytesNotByLanguage() {
    // U+FF41 sorts before U+1F600 by bytes, as by code point; UTF-16 would turn them round.
    #expect(
      canonical(["\u{1f600}": 1, "\u{ff41}": 2, "z": 3, "é": 4])
        == "{\"z\":3,\"é\":4,\"\u{ff41}\":2,\"\u{1f600}\":1}")
  }

  @Test func equalValuesGiveEqualBytes() throws {
    let first = try JSONValue(parsing: #"{"a":1,"b":{"d":2,"c":[1.50]}}"#)
    let second = try JSONValue(parsing: #"{ "b": {"c":[15e-1],"\u0064":2}, "a":1 }"#)
    #expect(first == second)
    #expect(first.canonicalBytes() == second.canonicalBytes())
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    let value: JSONValue = [
      "a": [1, 1.0, -0.0, 0.1, 1e300, .number(.leastNonzeroMagnitude), true, nil], "é\n\"": ["x": [[], [:]]],
      "big": .integer(.max),
    ]
    #expect(try JSONValue(parsing: value.canonicalBytes()) == value)
    #expect(try JSONValue(parsing: value.compactBytes()) == value)
    #expect(try JSONValue(parsing: value.prettyBytes()) == value)
  }

  @Test func compactKeepsTheOrder() {
    let value: JSONValue = ["b": [1, 2], "a": "x"]
    #expect(String(decoding: value.compactBytes(), as: UTF8.self) == #"{"b":[1,2],"a":"x"}"#)
  }

  @Test func prettyIndents() {
    let value: JSONValue = ["b": [1, [:]], "a": []]
    #expect(
      String(decoding: value.prettyBytes(indent: 2), as: UTF8.self) == """
        {
          "b": [
            1,
            {}
          ],
          "a": []
        }
        """)
  }

  @Test func floatsAreTheShortestThatReadBack() throws {
    #expect(canonical(.number(shortest: 0.1)) == "0.1")
    #expect(canonical(.number(shortest: 16_777_216)) == "16777216.0")
    #expect(canonical(.number(shortest: .nan)) == "null")
    var generator = SplitMix(state: 7)
    for _ in 0..<20_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      guard value.isFinite else { continue }
      let read = try JSONValue(parsing: JSONValue.number(shortest: value).canonicalBytes())
      #expect(Float(try #require(read.doubleValue)).bitPattern == value.bitPattern)
    }
  }

  @Test func doublesReadBackTheSameBits() throws {
    var generator = SplitMix(state: 11)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(try JSONValue(parsing: JSONValue.number(value).canonicalBytes()) == .number(value))
    }
  }

  @Test func appendStringWritesOneString() {
    var bytes = Array("x".utf8)
    JSONValue.appendString("a\"b", to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == #"x"a\"b""#)
  }

  @Test func settingAMemberKeepsItsPlace() {
    var object = JSONObject()
    object["a"] = 1
    object["b"] = 2
    object["a"] = 3
    #expect(object.keys == ["a", "b"])
    object["a"] = nil
    #expect(object.keys == ["b"])
    #expect(object["a"] == nil)
  }
}

/// Seeded random numbers.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
