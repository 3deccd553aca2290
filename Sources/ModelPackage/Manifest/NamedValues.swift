import StrictJSON

/// A JSON object whose keys are data, such as labels: order kept, keys compared by their UTF-8 bytes.
public struct NamedValues<Value: Codable & Sendable>: Sendable {
  /// One member of the object.
  public struct Entry: Sendable {
    /// The key, which may be any string.
    public var name: String
    /// What stands under that name.
    public var value: Value

    /// A member by itself, in no object yet.
    public init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// The members in their order, no two of the same name.
  public private(set) var entries: [Entry] = []

  /// An object without members.
  public init() {}

  /// - Parameter entries: of different names, which is not checked: linear, where setting them one by one is not.
  package init(distinct entries: [Entry]) { self.entries = entries }

  /// The value of `name`. Setting one keeps its place; setting a new one appends; setting `nil` removes. Linear.
  public subscript(name: String) -> Value? {
    get { entries.first { $0.name.utf8.elementsEqual(name.utf8) }?.value }
    set {
      let index = entries.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
      switch (index, newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append(Entry(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The names in the order of `entries`, made at each call.
  public var names: [String] { entries.map(\.name) }
  /// Whether the object is `{}`.
  public var isEmpty: Bool { entries.isEmpty }
  /// How many members there are.
  public var count: Int { entries.count }
}

extension NamedValues: ExpressibleByDictionaryLiteral {
  /// Members in the order of the literal; a name that stands twice has its last value. Quadratic.
  public init(dictionaryLiteral elements: (String, Value)...) {
    for (name, value) in elements { self[name] = value }
  }
}

extension NamedValues: Equatable where Value: Equatable {
  /// Whether both have the same names with equal values, in whatever order.
  public static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.count == rhs.count
      && zip(lhs.sorted, rhs.sorted).allSatisfy {
        $0.name.utf8.elementsEqual($1.name.utf8) && $0.value == $1.value
      }
  }

  private var sorted: [Entry] { entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } }
}

extension NamedValues: Codable {
  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Reads an object, keys in the decoder's order; those that start with `x-` are data too.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    // The reader refused duplicate keys, so that appending keeps them unique.
    for key in container.allKeys {
      entries.append(Entry(name: key.stringValue, value: try container.decode(Value.self, forKey: key)))
    }
  }

  /// Writes an object, members in their order.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for entry in entries { try container.encode(entry.value, forKey: Name(entry.name)) }
  }
}
