/// Why a signature or a key is refused.
public enum SignatureError: Error, Equatable, Sendable {
  /// A signature was asked for, and the package has none.
  case unsigned
  /// `manifest.sig` is not what it should be.
  case malformed(reason: String)
  case algorithm(String, known: [String])
  /// Signed, but by nobody the reader trusts.
  case otherKey(found: String, trusted: [String])
  /// The signature is not of this manifest.
  case wrong(key: String)
  /// A key file cannot be used.
  case key(KeyFault)
  case cannotSign(reason: String)

  /// Why a key, or the file of one, cannot be used. An expected `String` is a PEM label: `PUBLIC KEY`.
  public enum KeyFault: Equatable, Sendable {
    case fileTooLarge(bytes: Int, limit: Int)
    case notPEM(expected: String)
    /// A private key where a public one is wanted, or the other way round.
    case otherKind(expected: String)
    case notEd25519
    case length(expected: Int, found: Int)
  }
}
