import StrictJSON
import Testing

@Suite struct JSONObjectTests {
  @Test(arguments: [5, 12, 13, 40]) func membersAreReplacedInPlaceAndRemoved(count: Int) {
    var object = JSONObject()
    for index in 0..<count { object["k\(index)"] = .integer(Int64(index)) }
    object["k1"] = "one"
    object["k2"] = nil
    object["new"] = true
    #expect(object.keys == (0..<count).filter { $0 != 2 }.map { "k\($0)" } + ["new"])
    #expect(object["k1"] == "one")
    #expect(object["k2"] == nil)
    #expect(object["k\(count - 1)"] == .integer(Int64(count - 1)))
    #expect(object["new"] == true)
  }

  @Test func aLargeObjectStillComparesKeysByTheirBytes() {
    var object = JSONObject()
    for index in 0..<20 { object["k\(index)"] = JSONValue.null }
    object["\u{e9}"] = 1
    object["e\u{301}"] = 2
    #expect(object.count == 22)
    #expect(object["\u{e9}"] == 1)
    #expect(object["e\u{301}"] == 2)
  }

  /// Keys looked for one after the other would take minutes.
  @Test(.timeLimit(.minutes(1))) func aHostileDictionaryCostsNoQuadraticTime() throws {
    let text = "{" + (0..<100_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
    let value = try JSONValue(parsing: text)
    let decoded = try JSONValueDecoder().decode([String: Int].self, from: value)
    #expect(decoded.count == 100_000)
    #expect(try JSONValueEncoder().encode(decoded) == value)
  }

  /// Bytes changed at random either read, and then write and read the same, or throw.
  @Test func damagedDocumentsNeverTrap() {
    let text = #"{"a":[1.5e3,true,null,"x\u00e9\ud83d\ude00é"],"b":{"c":-0.25,"d":9223372036854775808}}"#
    let bytes = Array(text.utf8)
    var state: UInt64 = 11
    for _ in 0..<20_000 {
      var damaged = bytes
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        damaged[Int(state >> 33) % damaged.count] = UInt8(truncatingIfNeeded: state >> 20)
      }
      guard let value = try? JSONValue(parsing: damaged) else { continue }
      #expect((try? JSONValue(parsing: value.canonicalBytes())) == value)
    }
  }
}
