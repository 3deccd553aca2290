import RecurrentNumerics

/// Draws words in proportion to count^0.75, in constant time.
///
/// Walker's alias method: a slot is drawn evenly, and keeps its own word or gives its other one. Eight bytes a word stay
/// in the cache, where a table of words in proportion would not.
///
/// Walker 1977, doi:10.1145/355744.355749; the exponent: Mikolov et al. 2013, arXiv:1310.4546.
struct NegativeSampler: Sendable {
  private struct Slot {
    /// Of 2^32 draws, how many keep the slot's own word, less one.
    var last: UInt32
    var own: Int32
    var other: Int32
  }
  private let slots: [Slot]

  /// Words without a count are never drawn; at least one must have one.
  init(counts: [Int]) {
    let words = counts.indices.filter { counts[$0] > 0 }
    let weights = words.map { power(Double(counts[$0]), 0.75) }
    let mean = weights.reduce(0, +) / Double(Swift.max(1, words.count))
    var slots = words.map { Slot(last: .max, own: Int32($0), other: Int32($0)) }
    var shares = weights.map { $0 / mean }
    var small = shares.indices.filter { shares[$0] < 1 }
    var large = shares.indices.filter { shares[$0] >= 1 }
    while let slot = small.popLast(), let donor = large.last {
      slots[slot].last = UInt32(Swift.min(shares[slot] * 0x1p32, 0x1p32 - 1))
      slots[slot].other = slots[donor].own
      shares[donor] -= 1 - shares[slot]
      if shares[donor] < 1 {
        large.removeLast()
        small.append(donor)
      }
    }
    self.slots = slots
  }

  func draw(_ random: inout RandomStream) -> Int32 {
    let bits = random.next()
    let slot = slots[Int(truncatingIfNeeded: ((bits >> 32) &* UInt64(slots.count)) >> 32)]
    return UInt32(truncatingIfNeeded: bits) <= slot.last ? slot.own : slot.other
  }
}
