import Foundation
import StrictJSON
import Testing

/// Every width of number that `Decodable` types may ask for, as members and as elements, and what lies beyond.
@Suite struct NumberWidthTests {
  /// One member of each type.
  private struct Members: Codable, Equatable {
    var flag = true
    var text = "é"
    var double = -0.5
    var float: Float = 0.25
    var int = Int.min
    var int8 = Int8.min
    var int16 = Int16.min
    var int32 = Int32.min
    var int64 = Int64.min
    var uint: UInt = 7
    var uint8 = UInt8.max
    var uint16 = UInt16.max
    var uint32 = UInt32.max
    var uint64: UInt64 = 9
    var nothing: Int?
  }

  /// One array of each type.
  private struct Elements: Codable, Equatable {
    var flag = [true, false]
    var text = ["a", ""]
    var double = [1.5]
    var float: [Float] = [0.5]
    var int = [0]
    var int8 = [Int8.max]
    var int16 = [Int16.max]
    var int32 = [Int32.max]
    var int64 = [Int64.max]
    var uint: [UInt] = [1]
    var uint8 = [UInt8.max]
    var uint16 = [UInt16.max]
    var uint32 = [UInt32.max]
    var uint64: [UInt64] = [1]
    var nested = [[1], []]
  }

  private func roundTrip<Value: Codable>(_ value: Value) throws -> Value {
    let bytes = try JSONValueEncoder().encode(value).canonicalBytes()
    return try JSONValueDecoder().decode(Value.self, from: JSONValue(parsing: bytes))
  }

  @Test func everyWidthComesBack() throws {
    #expect(try roundTrip(Members()) == Members())
    #expect(try roundTrip(Elements()) == Elements())
  }

  @Test(arguments: [
    ("int8", Int64(128)), ("int8", -129), ("int16", 32_768), ("int32", 2_147_483_648), ("uint8", 256),
    ("uint16", 65_536), ("uint32", 4_294_967_296), ("uint", -1), ("uint64", -1),
  ])
  func oneBeyondAWidthIsRefusedByName(_ name: String, _ value: Int64) throws {
    var members = try #require(JSONValueEncoder().encode(Members()).objectValue)
    members[name] = .integer(value)
    #expect {
      _ = try JSONValueDecoder().decode(Members.self, from: .object(members))
    } throws: { "\($0)".contains(name) && "\($0)".contains("\(value)") }
    var elements = try #require(JSONValueEncoder().encode(Elements()).objectValue)
    elements[name] = .array([.integer(value)])
    #expect {
      _ = try JSONValueDecoder().decode(Elements.self, from: .object(elements))
    } throws: { "\($0)".contains("\(name)[0]") && "\($0)".contains("\(value)") }
  }

  /// A class hierarchy stores its ancestor's members under `super`.
  private class Ancestor: Codable {
    var depth: Int8 = 1
  }

  private final class Descendant: Ancestor {
    var values: [Int] = [1, 2]

    enum CodingKeys: String, CodingKey { case values, named }

    override init() { super.init() }

    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      var list = try container.nestedUnkeyedContainer(forKey: .values)
      values = []
      while !list.isAtEnd { values.append(try list.decode(Int.self)) }
      #expect(list.count == values.count && list.currentIndex == values.count)
      let named = try container.nestedContainer(keyedBy: CodingKeys.self, forKey: .named)
      #expect(try named.decode([Int].self, forKey: .values) == values)
      #expect(try Ancestor(from: container.superDecoder(forKey: .named)).depth == 3)
      try super.init(from: container.superDecoder())
    }
  }

  @Test func nestedContainersAndAncestorsAreRead() throws {
    let value = try JSONValue(
      parsing: Array(#"{"named":{"depth":3,"values":[4,5]},"super":{"depth":2},"values":[4,5]}"#.utf8))
    let found = try JSONValueDecoder().decode(Descendant.self, from: value, rejectingUnknownKeys: false)
    #expect(found.values == [4, 5] && found.depth == 2)
  }

  @Test func otherDecodersGiveTheSameValue() throws {
    let text = #"{"a":[null,true,1,-2.5,"x",{}],"b":9007199254740993}"#
    let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    #expect(value == (try JSONValue(parsing: Array(text.utf8))))
  }
}
