/// The members of a JSON object in the order they were written, each key once.
///
/// Keys are compared by their UTF-8 bytes. Looking one up takes constant time: an object of more than a few members
/// keeps a table, since decoding a dictionary from a hostile 1 MiB object would otherwise take minutes.
public struct JSONObject: Sendable {
  /// One key with its value.
  public struct Member: Sendable, Equatable {
    /// The key, unescaped.
    public var key: String
    /// What stands under the key.
    public var value: JSONValue

    /// A member by itself, in no object yet.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }

    /// Whether the keys have the same bytes and the values are equal.
    public static func == (lhs: Member, rhs: Member) -> Bool {
      lhs.key.utf8.elementsEqual(rhs.key.utf8) && lhs.value == rhs.value
    }
  }

  /// The members in the order they were written, no two with the same key.
  public private(set) var members: [Member] = []
  /// Where each key is; `nil` while the members are few enough to look through.
  private var positions: [KeyBytes: Int]?
  private static let tableThreshold = 12

  /// An object without members.
  public init() {}

  /// The value of `key`. Setting one keeps its place; setting a new one appends; setting `nil` removes.
  public subscript(key: String) -> JSONValue? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil):
        members.remove(at: index)
        positions = nil
        buildTableIfLarge()
      case (nil, let value?): append(unique: key, value)
      case (nil, nil): break
      }
    }
  }

  func contains(key: String) -> Bool { index(of: key) != nil }

  /// The keys in the order they were written.
  public var keys: [String] { members.map(\.key) }

  /// Appends a member whose key the caller knows to be new.
  mutating func append(unique key: String, _ value: JSONValue) {
    positions?[KeyBytes(text: key)] = members.count
    members.append(Member(key: key, value: value))
    if positions == nil { buildTableIfLarge() }
  }

  private mutating func buildTableIfLarge() {
    guard members.count > JSONObject.tableThreshold else { return }
    var table: [KeyBytes: Int] = [:]
    table.reserveCapacity(2 * members.count)
    for (position, member) in members.enumerated() { table[KeyBytes(text: member.key)] = position }
    positions = table
  }

  /// The members ordered by the bytes of their keys.
  package var sortedMembers: [Member] {
    members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  private func index(of key: String) -> Int? {
    if let positions { return positions[KeyBytes(text: key)] }
    return members.firstIndex { $0.key.utf8.count == key.utf8.count && $0.key.utf8.elementsEqual(key.utf8) }
  }
}

extension JSONObject: Equatable {
  /// Whether both have equal members, in whatever order.
  public static func == (lhs: JSONObject, rhs: JSONObject) -> Bool {
    lhs.members.count == rhs.members.count
      && (lhs.members == rhs.members || lhs.sortedMembers == rhs.sortedMembers)
  }
}

extension JSONObject: RandomAccessCollection {
  /// 0, the place of the first member.
  public var startIndex: Int { members.startIndex }
  /// The number of members.
  public var endIndex: Int { members.endIndex }
  /// The member at a place in the order; constant time.
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
