/// The members of a JSON object in the order they were written, each key once.
///
/// Keys are compared by their UTF-8 bytes. Looking one up is linear: objects are small, and large ones are iterated.
public struct JSONObject: Sendable {
  /// One key with its value.
  public struct Member: Sendable, Equatable {
    public var key: String
    public var value: JSONValue

    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }

    public static func == (lhs: Member, rhs: Member) -> Bool {
      lhs.key.utf8.elementsEqual(rhs.key.utf8) && lhs.value == rhs.value
    }
  }

  public private(set) var members: [Member] = []

  public init() {}

  /// The value of `key`. Setting one keeps its place; setting a new one appends; setting `nil` removes.
  public subscript(key: String) -> JSONValue? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The keys in the order they were written.
  public var keys: [String] { members.map(\.key) }

  /// Appends a member whose key the caller knows to be new.
  mutating func append(unique key: String, _ value: JSONValue) {
    members.append(Member(key: key, value: value))
  }

  /// The members ordered by the bytes of their keys.
  package var sortedMembers: [Member] {
    members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  private func index(of key: String) -> Int? {
    members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
  }
}

extension JSONObject: Equatable {
  public static func == (lhs: JSONObject, rhs: JSONObject) -> Bool {
    lhs.members.count == rhs.members.count
      && (lhs.members == rhs.members || lhs.sortedMembers == rhs.sortedMembers)
  }
}

extension JSONObject: RandomAccessCollection {
  public var startIndex: Int { members.startIndex }
  public var endIndex: Int { members.endIndex }
  public subscript(position: Int) -> Member { members[position] }
}

/// A key that hashes and compares by its UTF-8 bytes, where `String` would equate canonically equivalent spellings.
struct KeyBytes: Hashable {
  var text: String

  static func == (lhs: KeyBytes, rhs: KeyBytes) -> Bool { lhs.text.utf8.elementsEqual(rhs.text.utf8) }

  func hash(into hasher: inout Hasher) {
    let hashed: Void? = text.utf8.withContiguousStorageIfAvailable {
      hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if hashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
  }
}
