import Crypto
import FoundationEssentials

/// A private Ed25519 key. Whoever has it can sign packages as its owner.
///
/// RFC 8032. Files hold it as PEM, the form that OpenSSL reads and writes (PKCS #8, RFC 8410), without a password: the
/// file's permissions are what protects it.
public struct SigningKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey

  /// A new key from the system's random numbers.
  public init() { key = Curve25519.Signing.PrivateKey() }

  /// Reads the text of a key file.
  public init(pem: [UInt8]) throws(SignatureError) {
    let bytes = try PEMBlock.privateKey.content(of: pem)
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else {
      throw .key(.length(expected: VerifyingKey.length, found: bytes.count))
    }
    self.key = key
  }

  /// The text of a key file.
  public var pem: String { PEMBlock.privateKey.text(Array(key.rawRepresentation)) }

  /// The key that others check with.
  public var verifyingKey: VerifyingKey {
    get throws(SignatureError) { try VerifyingKey(bytes: Array(key.publicKey.rawRepresentation)) }
  }

  func signature(of message: [UInt8]) throws(SignatureError) -> [UInt8] {
    do {
      return Array(try key.signature(for: message))
    } catch {
      throw .cannotSign(reason: "\(error)")
    }
  }
}
