import StrictJSON
import Testing

@Suite struct JSONCodingTests {
  private struct Layer: Codable, Equatable {
    enum Direction: String, Codable, CaseIterable { case forward, both }

    var size: Int
    var rate: Double?
    var direction: Direction?
  }

  private struct Network: Codable, Equatable {
    var name: String
    var layers: [Layer]
    var flags: [Bool]?
    var table: [String: Int]?
    var raw: JSONValue?
    var scale: Float?
    var byte: UInt8?
  }

  private func decode(_ text: String) throws -> Network {
    try JSONValueDecoder().decode(Network.self, from: JSONValue(parsing: text))
  }

  @Test func aMatchingDocumentIsDecoded() throws {
    let network = try decode(
      #"""
      {"name":"a","layers":[{"size":1},{"size":2,"rate":3,"direction":"both"}],"flags":[true],"table":{"k":4},
       "raw":{"x":[1,2.0]},"scale":0.1,"byte":255}
      """#)
    #expect(network.layers == [Layer(size: 1), Layer(size: 2, rate: 3, direction: .both)])
    #expect(network.table == ["k": 4])
    #expect(network.raw == ["x": [1, 2.0]])
    #expect(network.scale == 0.1)
  }

  private static let mismatches: [(String, String)] = [
    (#"[]"#, "document: expected object, found array"),
    (#"{"layers":[]}"#, #"document: key "name" is missing"#),
    (#"{"name":1,"layers":[]}"#, "name: expected string, found integer 1"),
    (#"{"name":null,"layers":[]}"#, "name: expected string, found null"),
    (#"{"name":"a","layers":{}}"#, "layers: expected array, found object"),
    (#"{"name":"a","layers":[1]}"#, "layers[0]: expected object, found integer 1"),
    (#"{"name":"a","layers":[{}]}"#, #"layers[0]: key "size" is missing"#),
    (#"{"name":"a","layers":[{"size":2.0}]}"#, "layers[0].size: expected integer, found number 2.0"),
    (#"{"name":"a","layers":[{"size":2.5}]}"#, "layers[0].size: expected integer, found number 2.5"),
    (#"{"name":"a","layers":[{"size":1e3}]}"#, "layers[0].size: expected integer, found number 1000.0"),
    (
      #"{"name":"a","layers":[{"size":9223372036854775808}]}"#,
      "layers[0].size: expected integer, found number 9.223372036854776e+18"
    ),
    (#"{"name":"a","layers":[{"size":"2"}]}"#, "layers[0].size: expected integer, found string"),
    (#"{"name":"a","layers":[{"size":true}]}"#, "layers[0].size: expected integer, found boolean"),
    (#"{"name":"a","layers":[{"size":1,"rate":"1"}]}"#, "layers[0].rate: expected number, found string"),
    (#"{"name":"a","layers":[{"size":1,"Size":1}]}"#, #"layers[0]: unknown key "Size""#),
    (
      #"{"name":"a","layers":[{"size":1,"direction":"up\u001b"}]}"#,
      #"layers[0].direction: expected "forward" or "both", found "up\u{1b}""#
    ),
    (
      #"{"name":"a","layers":[{"size":1,"direction":1}]}"#,
      "layers[0].direction: expected string, found integer 1"
    ),
    (#"{"name":"a","layers":[],"flags":[1]}"#, "flags[0]: expected boolean, found integer 1"),
    (#"{"name":"a","layers":[],"table":{"a b":"x"}}"#, #"table."a b": expected integer, found string"#),
    (#"{"name":"a","layers":[],"byte":256}"#, "byte: expected integer from 0 to 255, found 256"),
    (#"{"name":"a","layers":[],"byte":-1}"#, "byte: expected integer from 0 to 255, found -1"),
    (#"{"name":"a","layers":[],"scale":1e39}"#, "scale: expected number of 32 bits, found 1e+39"),
    (#"{"name":"a","layers":[],"extra":1}"#, #"document: unknown key "extra""#),
    (#"{"name":"a","layers":[],"\u001b[31m":1}"#, #"document: unknown key "\u{1b}[31m""#),
  ]

  @Test(arguments: mismatches)
  func mismatchesAreNamed(_ text: String, _ message: String) {
    let error = #expect(throws: JSONDecodingError.self) { try decode(text) }
    #expect(error?.description == message)
  }

  @Test func privateKeysAreAllowedEverywhere() throws {
    let network = try decode(#"{"x-note":{"any":1},"name":"a","layers":[{"size":1,"x-":null}]}"#)
    #expect(network.layers.count == 1)
  }

  @Test func unknownKeysCanBeAllowed() throws {
    let value = try JSONValue(parsing: #"{"name":"a","layers":[{"size":1,"more":2}],"extra":1}"#)
    let network = try JSONValueDecoder().decode(Network.self, from: value, rejectingUnknownKeys: false)
    #expect(network.name == "a")
  }

  @Test func encodingKeepsTheOrderOfTheType() throws {
    let network = Network(
      name: "a", layers: [Layer(size: 1, rate: 0.5, direction: .forward)], table: ["k": 1], raw: ["z": [nil]],
      scale: 0.1, byte: 7)
    let value = try JSONValueEncoder().encode(network)
    #expect(
      String(decoding: value.compactBytes(), as: UTF8.self)
        == #"{"name":"a","layers":[{"size":1,"rate":0.5,"direction":"forward"}],"table":{"k":1},"raw":{"z":[null]},"scale":0.1,"byte":7}"#
    )
    #expect(try JSONValueDecoder().decode(Network.self, from: value) == network)
  }

  @Test func emptyContainersAreEncoded() throws {
    #expect(try JSONValueEncoder().encode([Int]()) == [])
    #expect(try JSONValueEncoder().encode([String: Int]()) == [:])
    #expect(try JSONValueEncoder().encode([Int?.none]) == [nil])
    #expect(try JSONValueEncoder().encode([[1], []]) == [[1], []])
  }

  @Test func numbersWithoutAFormAreRefused() {
    let infinite = #expect(throws: JSONEncodingError.self) {
      try JSONValueEncoder().encode(["a": [1.0, Double.infinity]])
    }
    #expect(infinite?.description == "a[1]: inf has no JSON form")
    let large = #expect(throws: JSONEncodingError.self) { try JSONValueEncoder().encode(["n": UInt64.max]) }
    #expect(large?.description == "n: 18446744073709551615 is beyond 64 bits")
  }

  /// Goes through an array by hand, as types with a form of their own do.
  private struct Gaps: Decodable, Equatable {
    var numbers: [Int?] = []

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      while !container.isAtEnd {
        numbers.append(try container.decodeNil() ? nil : try container.decode(Int.self))
      }
      // Nothing is left: neither a null nor a number.
      if try container.decodeNil() { numbers = [] }
      if numbers.count > 2 { numbers.append(try container.decode(Int.self)) }
    }
  }

  @Test func anArrayEndsWhereItEnds() throws {
    #expect(try JSONValueDecoder().decode(Gaps.self, from: [1, nil]).numbers == [1, nil])
    #expect(try JSONValueDecoder().decode(Gaps.self, from: [nil, 2]).numbers == [nil, 2])
    #expect(
      throws: JSONDecodingError.invalidValue(path: "document", reason: "expected more than 3 elements")
    ) { try JSONValueDecoder().decode(Gaps.self, from: [1, nil, 3]) }
  }

  @Test func numbersBeyond32BitsAreRefused() throws {
    #expect(try decode(#"{"name":"a","layers":[],"scale":3.4e38}"#).scale == 3.4e38)
    #expect(
      throws: JSONDecodingError.numberOutOfRange(
        path: "scale", expected: "number of 32 bits", found: "3.5e+38")
    ) { try decode(#"{"name":"a","layers":[],"scale":3.5e38}"#) }
  }
}
