import Cryptography

/// A public Ed25519 key, which tells whether a signature was made with the private one.
///
/// RFC 8032. Files hold it as PEM, the form that OpenSSL reads and writes (`SubjectPublicKeyInfo`, RFC 8410).
public struct VerifyingKey: Sendable, Hashable {
  /// The 32 bytes of the key.
  public let bytes: [UInt8]

  /// - Throws: `SignatureError.key` for another length.
  public init(bytes: [UInt8]) throws(SignatureError) {
    guard bytes.count == Self.length else {
      throw .key(.length(expected: Self.length, found: bytes.count))
    }
    self.bytes = bytes
  }

  /// Reads the text of a key file.
  public init(pem: [UInt8]) throws(SignatureError) {
    try self.init(bytes: try PEMBlock.publicKey.content(of: pem))
  }

  /// The text of a key file.
  public var pem: String { PEMBlock.publicKey.text(bytes) }

  /// What names the key in messages: `ed25519:` and the first 16 digits of the SHA-256 of its bytes.
  public var fingerprint: String { "ed25519:\(SHA256.hexadecimal(of: bytes).prefix(16))" }

  /// Whether `signature` is this key's, of exactly these bytes.
  func accepts(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    // Whether the key lies on the curve shows here, as a signature that fits nothing.
    Ed25519.accepts(signature, of: message, by: bytes)
  }

  static let length = Ed25519.keyLength
}
