/// Byte strings numbered from 0 in the order of their first appearance: one flat buffer and an open-addressing index.
struct TokenTable: Sendable {
  private(set) var bytes: [UInt8] = []
  /// Where each string begins; one more entry than there are strings.
  private(set) var offsets: [UInt32] = [0]
  /// Numbers plus 1, 0 where a place is free; the size is a power of two, at most half full.
  private var slots: [UInt32]
  private var hashes: [UInt32] = []

  init(capacity: Int = 0) {
    var size = 64
    while size < capacity * 2 { size *= 2 }
    slots = [UInt32](repeating: 0, count: size)
    offsets.reserveCapacity(capacity + 1)
    hashes.reserveCapacity(capacity)
  }

  var count: Int { hashes.count }

  func string(_ number: Int) -> ArraySlice<UInt8> { bytes[Int(offsets[number])..<Int(offsets[number + 1])] }

  func number(of string: [UInt8]) -> Int? {
    string.withUnsafeBufferPointer { string in
      let hash = TokenTable.hash(string)
      let slot = slots[place(of: string, hash)]
      return slot > 0 ? Int(slot) - 1 : nil
    }
  }

  /// The number of a string, new where it is new.
  mutating func insert(_ string: some Collection<UInt8>) -> (number: Int, isNew: Bool) {
    let copy = Array(string)
    let (hash, found) = copy.withUnsafeBufferPointer { buffer in
      let hash = TokenTable.hash(buffer)
      return (hash, place(of: buffer, hash))
    }
    if slots[found] > 0 { return (Int(slots[found]) - 1, false) }
    bytes += copy
    offsets.append(UInt32(bytes.count))
    hashes.append(UInt32(truncatingIfNeeded: hash >> 32))
    slots[found] = UInt32(hashes.count)
    if hashes.count * 2 > slots.count { grow() }
    return (hashes.count - 1, true)
  }

  /// Where a string is, or the free place where it would go.
  private func place(of string: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
    let mask = slots.count - 1
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    var at = Int(truncatingIfNeeded: tag) & mask
    while slots[at] > 0 {
      let number = Int(slots[at]) - 1
      if hashes[number] == tag && self.string(number).elementsEqual(string) { return at }
      at = (at + 1) & mask
    }
    return at
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (number, tag) in hashes.enumerated() {
      var at = Int(tag) & mask
      while slots[at] > 0 { at = (at + 1) & mask }
      slots[at] = UInt32(number + 1)
    }
  }

  /// FNV-1a (Fowler, Noll, Vo) with SplitMix64's last mixing, so that high bits spread well too.
  private static func hash(_ string: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in string { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    return hash ^ (hash >> 31)
  }
}
