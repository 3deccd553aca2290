import Foundation
import StrictJSON
import Testing

/// What types that decode themselves by hand may ask of the decoder, and what they are told.
@Suite struct JSONDecoderTests {
  private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONValueDecoder().decode(type, from: JSONValue(parsing: text))
  }

  // MARK: Integers

  /// One integer, in every place where one can stand.
  private struct Places<Number: FixedWidthInteger & Decodable & Sendable>: Decodable {
    var key: Number
    var elements: [Number]
  }

  private func holdsAtItsLimits<Number: FixedWidthInteger & Decodable & Sendable>(_ type: Number.Type) throws
  {
    // Integers beyond Int64 arrive as numbers with a fraction.
    let low = Int64(clamping: Number.min)
    let high = Int64(clamping: Number.max)
    let read = try decode(Places<Number>.self, #"{"key":\#(low),"elements":[\#(high),\#(low)]}"#)
    #expect(read.key == Number(low) && read.elements == [Number(high), Number(low)])
    #expect(throws: JSONDecodingError.typeMismatch(path: "key", expected: "integer", found: "string")) {
      try decode(Places<Number>.self, #"{"key":"1","elements":[]}"#)
    }
    for beyond in [low.subtractingReportingOverflow(1), high.addingReportingOverflow(1)]
    where !beyond.overflow {
      #expect(
        throws: JSONDecodingError.numberOutOfRange(
          path: "elements[0]", expected: "integer from \(Number.min) to \(Number.max)",
          found: "\(beyond.partialValue)")
      ) { try decode(Places<Number>.self, #"{"key":1,"elements":[\#(beyond.partialValue)]}"#) }
    }
  }

  @Test func integersOfEveryWidthHoldAtTheirLimits() throws {
    try holdsAtItsLimits(Int.self)
    try holdsAtItsLimits(Int8.self)
    try holdsAtItsLimits(Int16.self)
    try holdsAtItsLimits(Int32.self)
    try holdsAtItsLimits(Int64.self)
    try holdsAtItsLimits(UInt.self)
    try holdsAtItsLimits(UInt8.self)
    try holdsAtItsLimits(UInt16.self)
    try holdsAtItsLimits(UInt32.self)
    try holdsAtItsLimits(UInt64.self)
  }

  // MARK: By hand

  private enum Key: String, CodingKey { case bool, text, double, float, numbers, inner, list }

  /// Asks for each value by its type, in an object and in an array.
  private struct ByHand: Decodable {
    var numbers: [Int64] = []
    var others: [String] = []

    init(from decoder: any Decoder) throws {
      let object = try decoder.container(keyedBy: Key.self)
      others.append("\(try object.decode(Bool.self, forKey: .bool))")
      others.append(try object.decode(String.self, forKey: .text))
      others.append("\(try object.decode(Double.self, forKey: .double))")
      others.append("\(try object.decode(Float.self, forKey: .float))")
      var array = try object.nestedUnkeyedContainer(forKey: .numbers)
      #expect(array.count == 16)
      numbers.append(Int64(try array.decode(Int8.self)))
      numbers.append(Int64(try array.decode(Int16.self)))
      numbers.append(Int64(try array.decode(Int32.self)))
      numbers.append(try array.decode(Int64.self))
      numbers.append(Int64(try array.decode(UInt.self)))
      numbers.append(Int64(try array.decode(UInt8.self)))
      numbers.append(Int64(try array.decode(UInt16.self)))
      numbers.append(Int64(try array.decode(UInt32.self)))
      numbers.append(Int64(try array.decode(UInt64.self)))
      others.append("\(try array.decode(Bool.self))")
      others.append(try array.decode(String.self))
      others.append("\(try array.decode(Double.self))")
      others.append("\(try array.decode(Float.self))")
      let nested = try array.nestedContainer(keyedBy: Key.self)
      others.append(try nested.decode(String.self, forKey: .text))
      var list = try array.nestedUnkeyedContainer()
      numbers.append(try list.decode(Int64.self))
      numbers.append(try array.superDecoder().singleValueContainer().decode(Int64.self))
      #expect(array.isAtEnd)
      let inner = try object.nestedContainer(keyedBy: Key.self, forKey: .inner)
      others.append(try inner.decode(String.self, forKey: .text))
      numbers.append(try object.superDecoder(forKey: .list).singleValueContainer().decode(Int64.self))
    }
  }

  @Test func valuesCanBeAskedForOneByOne() throws {
    let read = try decode(
      ByHand.self,
      #"""
      {"bool":true,"text":"a","double":0.5,"float":0.25,
       "numbers":[1,2,3,4,5,6,7,8,9,false,"b",1.5,2.5,{"text":"c"},[10],11],
       "inner":{"text":"d"},"list":12}
      """#)
    #expect(read.numbers == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    #expect(read.others == ["true", "a", "0.5", "0.25", "false", "b", "1.5", "2.5", "c", "d"])
  }

  /// A class and what it inherits.
  private class Animal: Decodable { var legs: Int }
  private final class Dog: Animal {
    var name: String

    private enum Key: String, CodingKey { case name, `super` }

    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      name = try container.decode(String.self, forKey: .name)
      try super.init(from: container.superDecoder())
    }
  }

  @Test func whatAClassInheritsStandsUnderItsOwnKey() throws {
    let dog = try decode(Dog.self, #"{"name":"Rex","super":{"legs":4}}"#)
    #expect(dog.name == "Rex" && dog.legs == 4)
    #expect(throws: JSONDecodingError.missingKey(path: "document", key: "super")) {
      try decode(Dog.self, #"{"name":"Rex"}"#)
    }
  }

  // MARK: Refusals of the types themselves

  private struct Even: Decodable {
    struct Odd: Error, CustomStringConvertible { var description: String { "it is odd" } }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let number = try container.decode(Int.self)
      if number == 0 { throw DecodingError.dataCorruptedError(in: container, debugDescription: "it is zero") }
      if number < 0 {
        throw DecodingError.keyNotFound(
          Key.text, DecodingError.Context(codingPath: decoder.codingPath, debugDescription: ""))
      }
      guard number.isMultiple(of: 2) else { throw Odd() }
    }
  }

  @Test(arguments: [
    (1, JSONDecodingError.invalidValue(path: "[1]", reason: "it is odd")),
    (0, .invalidValue(path: "[1]", reason: "it is zero")), (-2, .missingKey(path: "[1]", key: "text")),
  ])
  func whatATypeRefusesIsToldWithItsPlace(_ number: Int, _ expected: JSONDecodingError) {
    let error = #expect(throws: JSONDecodingError.self) { try decode([Even].self, "[2,\(number)]") }
    #expect(error == expected)
  }

  // MARK: Values of any kind

  /// Other coders take a document's values too.
  @Test func anyValueGoesThroughOtherCoders() throws {
    let text = #"{"a":[1,2.5,true,null,"x"],"b":{"c":[]}}"#
    let read = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    #expect(read == (try JSONValue(parsing: text)))
    #expect(read["a"]?.arrayValue?[2].boolValue == true && read["a"]?.boolValue == nil)
    let written = try JSONEncoder().encode(read)
    #expect(try JSONValue(parsing: Array(written)) == read)
  }
}
