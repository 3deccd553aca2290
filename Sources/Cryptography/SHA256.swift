#if canImport(CryptoKit)
  import CryptoKit
#else
  import CCrypto
#endif

/// SHA-256 (FIPS 180-4) of bytes that come in parts: the system's own, which uses the processor's instructions for it.
///
/// A value: a copy goes on from where it was made.
package struct SHA256: Sendable {
  #if canImport(CryptoKit)
    private var hash = CryptoKit.SHA256()
  #else
    private var context = SHA256_CTX()
  #endif

  package init() {
    #if !canImport(CryptoKit)
      SHA256_Init(&context)
    #endif
  }

  /// Takes the next bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    #if canImport(CryptoKit)
      hash.update(bufferPointer: bytes)
    #else
      if let start = bytes.baseAddress { SHA256_Update(&context, start, bytes.count) }
    #endif
  }

  /// Takes numbers as they lie in memory.
  package mutating func update(_ numbers: [some BitwiseCopyable]) {
    numbers.withUnsafeBytes { update($0) }
  }

  /// Takes a number as eight bytes, the lowest first.
  package mutating func update(_ number: Int) {
    withUnsafeBytes(of: Int64(number).littleEndian) { update($0) }
  }

  /// Takes a text as UTF-8.
  package mutating func update(_ text: String) { update(Array(text.utf8)) }

  /// The digest of all bytes so far, as manifests write it: 64 lower-case hexadecimal digits.
  package var hexadecimal: String {
    #if canImport(CryptoKit)
      return Self.text(hash.finalize())
    #else
      var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
      var last = context
      SHA256_Final(&digest, &last)
      return Self.text(digest)
    #endif
  }

  /// The digest of these bytes.
  package static func hexadecimal(of bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexadecimal
  }

  private static func text(_ digest: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] }, as: UTF8.self)
  }
}
