/// 64-bit keys of n-grams, made of the hashes of their tokens.
///
///     g_1(i) = t_i                                     t: `TokenHash`
///     g_n(i) = (rotl(g_{n-1}(i), 27) ⊕ t_{i+n-1}) · 0x9e3779b97f4a7c15 mod 2⁶⁴
///     key    = mix(g_n(i))                             SplitMix64's finaliser, Steele et al. 2014
///
/// Packages depend on the bits: they never change.
package enum NgramKeys {
  /// The keys of all n-grams of 1 to `orders` tokens, repeats included; those of one place stand together.
  package static func keys(of tokens: [UInt64], orders: Int) -> [UInt64] {
    keys(of: tokens, startingIn: tokens.indices, orders: orders)
  }

  /// The keys of the n-grams whose first token is in `starts`.
  package static func keys(of tokens: [UInt64], startingIn starts: Range<Int>, orders: Int) -> [UInt64] {
    var keys: [UInt64] = []
    keys.reserveCapacity(starts.count * orders)
    for start in starts {
      var chain = tokens[start]
      keys.append(mix(chain))
      for position in start + 1..<Swift.max(start + 1, Swift.min(start + orders, tokens.count)) {
        chain = ((chain << 27 | chain >> 37) ^ tokens[position]) &* 0x9e37_79b9_7f4a_7c15
        keys.append(mix(chain))
      }
    }
    return keys
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
