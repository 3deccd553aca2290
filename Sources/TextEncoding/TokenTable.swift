/// Byte strings numbered from 0 in the order of their first appearance: one flat buffer and an open-addressing index.
struct TokenTable: Sendable {
  private(set) var bytes: [UInt8] = []
  /// Where each string begins; one more entry than there are strings.
  private(set) var offsets: [Int] = [0]
  /// 32 bits of hash above the number plus 1; 0 where a place is free. The size is a power of two, at most three quarters full.
  private var slots: [UInt64]
  private let start = TokenTable.secrets.start
  private let factor = TokenTable.secrets.factor

  /// - Parameters:
  ///   - capacity: strings that find room without growing.
  ///   - byteCapacity: bytes of them all.
  init(capacity: Int = 0, byteCapacity: Int = 0) {
    var size = 64
    while size / 4 * 3 < capacity { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
    offsets.reserveCapacity(capacity + 1)
    bytes.reserveCapacity(byteCapacity)
  }

  var count: Int { offsets.count - 1 }

  func string(_ number: Int) -> ArraySlice<UInt8> { bytes[offsets[number]..<offsets[number + 1]] }

  func number(of string: [UInt8]) -> Int? { string.withUnsafeBufferPointer { number(of: $0) } }

  func number(of string: UnsafeBufferPointer<UInt8>) -> Int? {
    let slot = slots[place(of: string, hash(string))]
    return slot > 0 ? TokenTable.number(in: slot) : nil
  }

  /// The number of a string, new where it is new.
  mutating func insert(_ string: some Collection<UInt8>) -> (number: Int, isNew: Bool) {
    if let found = string.withContiguousStorageIfAvailable({ insert($0) }) { return found }
    return Array(string).withUnsafeBufferPointer { insert($0) }
  }

  /// The number of a string, which must not lie in this table; new where it is new.
  mutating func insert(_ string: UnsafeBufferPointer<UInt8>) -> (number: Int, isNew: Bool) {
    let hash = hash(string)
    let found = place(of: string, hash)
    if slots[found] > 0 { return (TokenTable.number(in: slots[found]), false) }
    bytes.append(contentsOf: string)
    offsets.append(bytes.count)
    slots[found] = UInt64(hash) << 32 | UInt64(count)
    if count > slots.count / 4 * 3 { grow() }
    return (count - 1, true)
  }

  private static func number(in slot: UInt64) -> Int { Int(slot & 0xffff_ffff) - 1 }

  /// Where a string is, or the free place where it would go.
  private func place(of string: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Int {
    let mask = slots.count - 1
    var at = Int(hash) & mask
    while slots[at] > 0 {
      if slots[at] >> 32 == UInt64(hash), isEqual(TokenTable.number(in: slots[at]), string) { return at }
      at = (at + 1) & mask
    }
    return at
  }

  private func isEqual(_ number: Int, _ string: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = offsets[number]
    guard offsets[number + 1] - start == string.count else { return false }
    for index in string.indices where bytes[start + index] != string[index] { return false }
    return true
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count * 2)
    let mask = slots.count - 1
    for slot in old where slot > 0 {
      var at = Int(slot >> 32) & mask
      while slots[at] > 0 { at = (at + 1) & mask }
      slots[at] = slot
    }
  }

  /// Numbers of this process that no file can know, so that none can hold strings that all hash alike. They change no result:
  /// strings are numbered in the order of their appearance.
  private static let secrets = (
    start: UInt64.random(in: 0 ... .max), factor: UInt64.random(in: 0 ... .max) | 1
  )

  /// Eight bytes a step: both halves of a full product with a secret factor. The last step may take bytes again, which
  /// together with the length keeps strings apart.
  private func hash(_ string: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let bytes = UnsafeRawBufferPointer(string)
    let count = bytes.count
    var hash = start ^ UInt64(truncatingIfNeeded: count)
    func mix(_ word: UInt64) {
      let product = (hash ^ word).multipliedFullWidth(by: factor)
      hash = product.high ^ product.low
    }
    func word<Word: FixedWidthInteger>(_ offset: Int, _ type: Word.Type) -> UInt64 {
      UInt64(truncatingIfNeeded: Word(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type)))
    }
    if count >= 8 {
      var index = 0
      while count - index > 8 {
        mix(word(index, UInt64.self))
        index += 8
      }
      mix(word(count - 8, UInt64.self))
    } else if count >= 4 {
      mix(word(0, UInt32.self) << 32 | word(count - 4, UInt32.self))
    } else if count > 0 {
      mix(UInt64(bytes[0]) << 16 | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1]))
    }
    mix(start)
    return UInt32(truncatingIfNeeded: hash)
  }
}
