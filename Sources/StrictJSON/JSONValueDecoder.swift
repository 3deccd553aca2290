/// Makes a `Decodable` value from a document, and refuses what does not match exactly.
///
/// `2.0` is no integer, `1` is no boolean, a missing key is an error unless the property is optional, and so is a key the
/// type does not know. Keys that start with `x-` are always allowed: they are the file's private remarks.
public struct JSONValueDecoder: Sendable {
  /// A decoder without settings of its own: one serves any number of calls, on any thread.
  public init() {}

  /// Decodes `type` from a document or a part of one.
  /// - Parameter rejectingUnknownKeys: `false` to ignore keys that a type does not know, at every depth.
  /// - Throws: `JSONDecodingError` with the path of the first value that does not fit, counted from `value`.
  ///   What a type's own `init(from:)` throws becomes `invalidValue` there.
  public func decode<T: Decodable>(
    _ type: T.Type = T.self, from value: JSONValue, rejectingUnknownKeys: Bool = true
  ) throws(JSONDecodingError) -> T {
    let decoder = StrictDecoder(value: value, codingPath: [], rejectsUnknownKeys: rejectingUnknownKeys)
    do {
      return try decoder.unbox(type)
    } catch let error as JSONDecodingError {
      throw error
    } catch let error as DecodingError {
      throw JSONDecodingError(error)
    } catch {
      throw .invalidValue(path: JSONPath.render([]), reason: "\(error)")
    }
  }
}

extension JSONDecodingError {
  fileprivate init(_ error: DecodingError) {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      self = .invalidValue(path: JSONPath.render(context.codingPath), reason: context.debugDescription)
    case .keyNotFound(let key, let context):
      self = .missingKey(path: JSONPath.render(context.codingPath), key: key.stringValue)
    @unknown default:
      self = .invalidValue(path: JSONPath.render([]), reason: "\(error)")
    }
  }
}

struct StrictDecoder: Decoder {
  let value: JSONValue
  let codingPath: [any CodingKey]
  let rejectsUnknownKeys: Bool
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func child(_ value: JSONValue, _ key: any CodingKey) -> StrictDecoder {
    StrictDecoder(value: value, codingPath: codingPath + [key], rejectsUnknownKeys: rejectsUnknownKeys)
  }

  func mismatch(_ expected: String) -> JSONDecodingError {
    .typeMismatch(path: JSONPath.render(codingPath), expected: expected, found: shown)
  }

  /// The value as a message shows it: kinds for what is large, the number itself for numbers.
  private var shown: String {
    switch value {
    case .integer(let number): "integer \(number)"
    case .number(let number): "number \(number)"
    default: value.kindName
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let object) = value else { throw mismatch("object") }
    if rejectsUnknownKeys {
      for member in object
      where Key(stringValue: member.key) == nil && !member.key.utf8.starts(with: "x-".utf8) {
        throw JSONDecodingError.unknownKey(path: JSONPath.render(codingPath), key: member.key)
      }
    }
    return KeyedDecodingContainer(StrictKeyedContainer<Key>(decoder: self, object: object))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch("array") }
    return StrictUnkeyedContainer(decoder: self, elements: elements)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  func unbox<T: Decodable>(_ type: T.Type) throws -> T {
    if type == JSONValue.self, let whole = value as? T { return whole }
    // A rule of the type itself gets the path of this place.
    do {
      return try T(from: self)
    } catch let error as JSONDecodingError {
      throw error
    } catch let error as DecodingError {
      // Only now: asking the runtime whether a type is an enumeration takes tens of microseconds.
      if let choice = type as? any (CaseIterable & RawRepresentable<String>).Type { try checkChoice(choice) }
      throw JSONDecodingError(error)
    } catch {
      throw JSONDecodingError.invalidValue(path: JSONPath.render(codingPath), reason: "\(error)")
    }
  }

  /// An enumeration of words: says which there are, where the standard library would only say no.
  private func checkChoice<Choice: CaseIterable & RawRepresentable<String>>(_ type: Choice.Type) throws {
    let text = try decode(String.self)
    guard Choice(rawValue: text) == nil else { return }
    throw JSONDecodingError.unknownChoice(
      path: JSONPath.render(codingPath), found: text, known: type.allCases.map(\.rawValue))
  }

  private func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
    guard case .integer(let number) = value else {
      // An integer literal beyond 64 bits arrives as a number without fraction.
      throw mismatch("integer")
    }
    guard let exact = T(exactly: number) else {
      throw JSONDecodingError.numberOutOfRange(
        path: JSONPath.render(codingPath), expected: "integer from \(T.min) to \(T.max)", found: "\(number)")
    }
    return exact
  }
}

extension StrictDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value == .null }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let value) = value else { throw mismatch("boolean") }
    return value
  }

  func decode(_ type: String.Type) throws -> String {
    guard case .string(let text) = value else { throw mismatch("string") }
    return text
  }

  func decode(_ type: Double.Type) throws -> Double {
    switch value {
    case .number(let number): return number
    case .integer(let number): return Double(number)
    default: throw mismatch("number")
    }
  }

  func decode(_ type: Float.Type) throws -> Float {
    let number = try decode(Double.self)
    let narrowed = Float(number)
    guard narrowed.isFinite else {
      throw JSONDecodingError.numberOutOfRange(
        path: JSONPath.render(codingPath), expected: "number of 32 bits", found: "\(number)")
    }
    return narrowed
  }

  func decode(_ type: Int.Type) throws -> Int { try integer(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try unbox(type) }
}

struct StrictKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: StrictDecoder
  let object: JSONObject

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { object.compactMap { Key(stringValue: $0.key) } }

  func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

  private func member(_ key: some CodingKey) throws -> StrictDecoder {
    guard let value = object[key.stringValue] else {
      throw JSONDecodingError.missingKey(path: JSONPath.render(codingPath), key: key.stringValue)
    }
    return decoder.child(value, key)
  }

  func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try member(key).decode(type) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try member(key).decode(type) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try member(key).decode(type) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try member(key).decode(type) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try member(key).decode(type) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try member(key).decode(type) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try member(key).decode(type) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try member(key).decode(type) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try member(key).decode(type) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try member(key).decode(type) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try member(key).decode(type) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try member(key).decode(type) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try member(key).decode(type) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try member(key).decode(type) }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try member(key).unbox(type) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> { try member(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try member(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try member(JSONNameKey("super")) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
}

struct StrictUnkeyedContainer: UnkeyedDecodingContainer {
  let decoder: StrictDecoder
  let elements: [JSONValue]
  var currentIndex = 0

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  init(decoder: StrictDecoder, elements: [JSONValue]) {
    self.decoder = decoder
    self.elements = elements
  }

  private mutating func next() throws -> StrictDecoder {
    guard currentIndex < elements.count else {
      throw JSONDecodingError.invalidValue(
        path: JSONPath.render(codingPath), reason: "expected more than \(elements.count) elements")
    }
    defer { currentIndex += 1 }
    return decoder.child(elements[currentIndex], JSONIndexKey(currentIndex))
  }

  mutating func decodeNil() throws -> Bool {
    guard currentIndex < elements.count, elements[currentIndex] == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool { try next().decode(type) }
  mutating func decode(_ type: String.Type) throws -> String { try next().decode(type) }
  mutating func decode(_ type: Double.Type) throws -> Double { try next().decode(type) }
  mutating func decode(_ type: Float.Type) throws -> Float { try next().decode(type) }
  mutating func decode(_ type: Int.Type) throws -> Int { try next().decode(type) }
  mutating func decode(_ type: Int8.Type) throws -> Int8 { try next().decode(type) }
  mutating func decode(_ type: Int16.Type) throws -> Int16 { try next().decode(type) }
  mutating func decode(_ type: Int32.Type) throws -> Int32 { try next().decode(type) }
  mutating func decode(_ type: Int64.Type) throws -> Int64 { try next().decode(type) }
  mutating func decode(_ type: UInt.Type) throws -> UInt { try next().decode(type) }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next().decode(type) }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next().decode(type) }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next().decode(type) }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next().decode(type) }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().unbox(type) }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> { try next().container(keyedBy: type) }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { try next() }
}
