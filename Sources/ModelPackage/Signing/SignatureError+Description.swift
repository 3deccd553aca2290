import StrictJSON

extension SignatureError: CustomStringConvertible {
  /// One line: what is refused and why, with the name of `manifest.sig` where the fault is in that file.
  public var description: String {
    switch self {
    case .malformed, .algorithm: "member \"manifest.sig\": \(fault)"
    default: fault
    }
  }

  /// The same without the name of the file, for one that is named already.
  var fault: String {
    switch self {
    case .unsigned: "the package is not signed; ask its maker, or do without a required key"
    case .malformed(let reason): reason
    case .algorithm(let found, let known):
      "algorithm \(EscapedText(found)) is not known (known: \(known.joined(separator: ", ")))"
    case .otherKey(let found, let trusted):
      "signed with the key \(found), not with \(trusted.joined(separator: " or "))"
    case .wrong(let key):
      "the signature of \(key) is not of this manifest: the package was changed after it was signed"
    case .key(let fault): fault.description
    case .cannotSign(let reason): "cannot sign: \(reason)"
    }
  }
}

extension SignatureError.KeyFault: CustomStringConvertible {
  /// One line: what is wrong with the key, without the name of its file.
  public var description: String {
    switch self {
    case .fileTooLarge(let bytes, let limit): "too large for a key (\(bytes) bytes, limit \(limit))"
    case .notPEM(let expected): "not a key file: it should start with -----BEGIN \(expected)-----"
    case .otherKind(let expected) where expected == "PUBLIC KEY":
      "not a public key; give the file that ends in .pub"
    case .otherKind: "not a private key; give the file that keygen wrote without .pub"
    case .notEd25519: "not an Ed25519 key"
    case .length(let expected, let found): "a key has \(expected) bytes, not \(found)"
    }
  }
}
