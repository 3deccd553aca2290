/// 64-bit hashes of tokens, for features that no vocabulary numbers.
///
///     h = 0xcbf29ce484222325; for each byte of the token's normal form, as UTF-8: h = (h ⊕ byte) · 0x100000001b3 mod 2⁶⁴
///
/// Packages depend on the bits: they never change. FNV-1a, Fowler, Noll & Vo, RFC 9923.
package enum TokenHash {
  package static func hash(_ token: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in token { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }
}

extension WordTokenizer {
  /// The hash of each token of a text, in order.
  package func tokenHashes(of text: String) -> [UInt64] {
    var hashes: [UInt64] = []
    forEachToken(of: text) { bytes, _ in hashes.append(TokenHash.hash(bytes)) }
    return hashes
  }
}

extension TextEncoder {
  /// Encodes a text, and gives the hash of each of its tokens: also of those that a limit cuts off.
  package func encodeWithHashes(_ text: String) -> (encoded: EncodedText, hashes: [UInt64]) {
    var hashes: [UInt64] = []
    let encoded = encode(text, showing: { hashes.append(TokenHash.hash($0)) })
    return (encoded, hashes)
  }
}
