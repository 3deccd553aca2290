/// Makes a document from an `Encodable` value, members in the order they are encoded.
///
/// A 32-bit number becomes the shortest decimal that reads back as it. NaN and infinities are errors.
public struct JSONValueEncoder: Sendable {
  /// An encoder without settings of its own: one serves any number of calls, on any thread.
  public init() {}

  /// Encodes `value`; a `JSONValue` in it, at any depth, stays as it is.
  /// - Throws: `JSONEncodingError` with the path of a number that is not finite or an integer beyond `Int64`.
  ///   What a type's own `encode(to:)` throws becomes `invalidValue` of the whole document.
  public func encode(_ value: some Encodable) throws(JSONEncodingError) -> JSONValue {
    do {
      return try StrictEncoder.box(value, path: [])
    } catch let error as JSONEncodingError {
      throw error
    } catch {
      throw .invalidValue(path: JSONPath.render([]), reason: "\(error)")
    }
  }
}

/// A place of the document that is still being written.
private final class Slot {
  enum Content {
    case value(JSONValue)
    case members([(key: String, slot: Slot)])
    case elements([Slot])
  }

  var content: Content?

  var finished: JSONValue {
    switch content {
    case nil: return .null
    case .value(let value): return value
    case .elements(let slots): return .array(slots.map(\.finished))
    case .members(let members):
      var object = JSONObject()
      for member in members { object[member.key] = member.slot.finished }
      return .object(object)
    }
  }

  func append() -> Slot {
    let slot = Slot()
    if case .elements(var slots) = content {
      content = nil
      slots.append(slot)
      content = .elements(slots)
    } else {
      content = .elements([slot])
    }
    return slot
  }

  func member(_ key: String) -> Slot {
    let slot = Slot()
    if case .members(var members) = content {
      content = nil
      members.append((key, slot))
      content = .members(members)
    } else {
      content = .members([(key, slot)])
    }
    return slot
  }
}

private struct StrictEncoder: Encoder {
  let slot: Slot
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  static func box(_ value: some Encodable, path: [any CodingKey]) throws -> JSONValue {
    switch value {
    case let value as JSONValue: return value
    case let value as String: return .string(value)
    case let value as Bool: return .bool(value)
    case let value as Int: return .integer(Int64(value))
    case let value as Float: return try number(value, path)
    case let value as Double: return try number(value, path)
    default:
      let encoder = StrictEncoder(slot: Slot(), codingPath: path)
      try value.encode(to: encoder)
      return encoder.slot.finished
    }
  }

  static func number(_ value: Double, _ path: [any CodingKey]) throws -> JSONValue {
    guard value.isFinite else {
      throw JSONEncodingError.nonFiniteNumber(path: JSONPath.render(path), value: "\(value)")
    }
    return .number(value)
  }

  static func number(_ value: Float, _ path: [any CodingKey]) throws -> JSONValue {
    guard value.isFinite else {
      throw JSONEncodingError.nonFiniteNumber(path: JSONPath.render(path), value: "\(value)")
    }
    return .number(shortest: value)
  }

  static func integer(_ value: some FixedWidthInteger, _ path: [any CodingKey]) throws -> JSONValue {
    guard let number = Int64(exactly: value) else {
      throw JSONEncodingError.integerOutOfRange(path: JSONPath.render(path), value: "\(value)")
    }
    return .integer(number)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if slot.content == nil { slot.content = .members([]) }
    return KeyedEncodingContainer(StrictKeyedEncoding<Key>(slot: slot, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if slot.content == nil { slot.content = .elements([]) }
    return StrictUnkeyedEncoding(slot: slot, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension StrictEncoder: SingleValueEncodingContainer {
  func encodeNil() throws { slot.content = .value(.null) }
  func encode(_ value: Bool) throws { slot.content = .value(.bool(value)) }
  func encode(_ value: String) throws { slot.content = .value(.string(value)) }
  func encode(_ value: Double) throws { slot.content = .value(try Self.number(value, codingPath)) }
  func encode(_ value: Float) throws { slot.content = .value(try Self.number(value, codingPath)) }
  func encode(_ value: Int) throws { slot.content = .value(try Self.integer(value, codingPath)) }
  func encode(_ value: Int8) throws { slot.content = .value(try Self.integer(value, codingPath)) }
  func encode(_ value: Int16) throws { slot.content = .value(try Self.integer(value, codingPath)) }
  func encode(_ value: Int32) throws { slot.content = .value(try Self.integer(value, codingPath)) }
  func encode(_ value: Int64) throws { slot.content = .value(try Self.integer(value, codingPath)) }
  func encode(_ value: UInt) throws { slot.content = .value(try Self.integer(value, codingPath)) }
  func encode(_ value: UInt8) throws { slot.content = .value(try Self.integer(value, codingPath)) }
  func encode(_ value: UInt16) throws { slot.content = .value(try Self.integer(value, codingPath)) }
  func encode(_ value: UInt32) throws { slot.content = .value(try Self.integer(value, codingPath)) }
  func encode(_ value: UInt64) throws { slot.content = .value(try Self.integer(value, codingPath)) }
  func encode<T: Encodable>(_ value: T) throws {
    slot.content = .value(try Self.box(value, path: codingPath))
  }
}

private struct StrictKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let slot: Slot
  let codingPath: [any CodingKey]

  private func member(_ key: some CodingKey) -> StrictEncoder {
    StrictEncoder(slot: slot.member(key.stringValue), codingPath: codingPath + [key])
  }

  func encodeNil(forKey key: Key) throws { try member(key).encodeNil() }
  func encode(_ value: Bool, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: String, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: Double, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: Float, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: Int, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: Int8, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: Int16, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: Int32, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: Int64, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: UInt, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: UInt8, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: UInt16, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: UInt32, forKey key: Key) throws { try member(key).encode(value) }
  func encode(_ value: UInt64, forKey key: Key) throws { try member(key).encode(value) }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try member(key).encode(value) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> { member(key).container(keyedBy: keyType) }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    member(key).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { member(JSONNameKey("super")) }
  func superEncoder(forKey key: Key) -> any Encoder { member(key) }
}

private struct StrictUnkeyedEncoding: UnkeyedEncodingContainer {
  let slot: Slot
  let codingPath: [any CodingKey]

  var count: Int {
    if case .elements(let slots) = slot.content { slots.count } else { 0 }
  }

  private func next() -> StrictEncoder {
    StrictEncoder(slot: slot.append(), codingPath: codingPath + [JSONIndexKey(count - 1)])
  }

  func encodeNil() throws { try next().encodeNil() }
  func encode(_ value: Bool) throws { try next().encode(value) }
  func encode(_ value: String) throws { try next().encode(value) }
  func encode(_ value: Double) throws { try next().encode(value) }
  func encode(_ value: Float) throws { try next().encode(value) }
  func encode(_ value: Int) throws { try next().encode(value) }
  func encode(_ value: Int8) throws { try next().encode(value) }
  func encode(_ value: Int16) throws { try next().encode(value) }
  func encode(_ value: Int32) throws { try next().encode(value) }
  func encode(_ value: Int64) throws { try next().encode(value) }
  func encode(_ value: UInt) throws { try next().encode(value) }
  func encode(_ value: UInt8) throws { try next().encode(value) }
  func encode(_ value: UInt16) throws { try next().encode(value) }
  func encode(_ value: UInt32) throws { try next().encode(value) }
  func encode(_ value: UInt64) throws { try next().encode(value) }
  func encode<T: Encodable>(_ value: T) throws { try next().encode(value) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> { next().container(keyedBy: keyType) }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
  func superEncoder() -> any Encoder { next() }
}
