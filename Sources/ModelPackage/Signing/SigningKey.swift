import Cryptography

/// A private Ed25519 key. Whoever has it can sign packages as its owner.
///
/// RFC 8032. Files hold it as PEM, the form that OpenSSL reads and writes (PKCS #8, RFC 8410), without a password: the
/// file's permissions are what protects it.
public struct SigningKey: Sendable {
  private let bytes: [UInt8]

  /// A new key from the system's random numbers.
  public init() { bytes = Ed25519.makePrivateKey() }

  /// Reads the text of a key file.
  public init(pem: [UInt8]) throws(SignatureError) {
    let bytes = try PEMBlock.privateKey.content(of: pem)
    guard bytes.count == Ed25519.keyLength else {
      throw .key(.length(expected: Ed25519.keyLength, found: bytes.count))
    }
    self.bytes = bytes
  }

  /// The text of a key file.
  public var pem: String { PEMBlock.privateKey.text(bytes) }

  /// The key that others check with.
  public var verifyingKey: VerifyingKey {
    get throws(SignatureError) {
      guard let publicKey = Ed25519.publicKey(of: bytes) else { throw .cannotSign(reason: Self.missing) }
      return try VerifyingKey(bytes: publicKey)
    }
  }

  func signature(of message: [UInt8]) throws(SignatureError) -> [UInt8] {
    guard let signature = Ed25519.signature(of: message, with: bytes) else {
      throw .cannotSign(reason: Self.missing)
    }
    return signature
  }

  /// Why sound keys would make none.
  private static let missing = "the system's cryptographic library has no Ed25519"
}
