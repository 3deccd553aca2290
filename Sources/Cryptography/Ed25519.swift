#if canImport(CryptoKit)
  import CryptoKit
#else
  import CCrypto
#endif

/// Ed25519 signatures (RFC 8032, without context or prehash), by the system's library.
package enum Ed25519 {
  /// Bytes of a private and of a public key.
  package static let keyLength = 32
  /// Bytes of a signature.
  package static let signatureLength = 64

  /// A new private key from the system's random numbers: any 32 bytes are one.
  package static func makePrivateKey() -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    return (0..<keyLength).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  }

  /// The public key of a private one.
  /// - Returns: nil for another length than `keyLength`.
  package static func publicKey(of privateKey: [UInt8]) -> [UInt8]? {
    #if canImport(CryptoKit)
      guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: privateKey) else { return nil }
      return Array(key.publicKey.rawRepresentation)
    #else
      return withKey(privateKey, EVP_PKEY_new_raw_private_key) { key in
        var bytes = [UInt8](repeating: 0, count: keyLength)
        var count = bytes.count
        return EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1 && count == keyLength ? bytes : nil
      }
    #endif
  }

  /// The signature of a message.
  /// - Returns: nil where the key has another length than `keyLength`, or the library has no Ed25519.
  package static func signature(of message: [UInt8], with privateKey: [UInt8]) -> [UInt8]? {
    #if canImport(CryptoKit)
      guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: privateKey),
        let signature = try? key.signature(for: message)
      else { return nil }
      return Array(signature)
    #else
      return withKey(privateKey, EVP_PKEY_new_raw_private_key) { key in
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: signatureLength)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
          EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == signatureLength
        else { return nil }
        return signature
      }
    #endif
  }

  /// Whether a signature is of exactly this message, made with the private key of this public one. False for keys and
  /// signatures of other lengths too, and for keys that are no point of the curve.
  package static func accepts(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool {
    #if canImport(CryptoKit)
      guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
      return key.isValidSignature(signature, for: message)
    #else
      let isAccepted: Bool? = withKey(publicKey, EVP_PKEY_new_raw_public_key) { key in
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
          && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
      }
      return isAccepted ?? false
    #endif
  }

  #if !canImport(CryptoKit)
    /// What `body` makes of a key; nil where the bytes are none.
    private static func withKey<Result>(
      _ bytes: [UInt8], _ make: (CInt, OpaquePointer?, UnsafePointer<UInt8>?, Int) -> OpaquePointer?,
      _ body: (OpaquePointer) -> Result?
    ) -> Result? {
      // Its settings' files could name code to load.
      guard OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil) == 1 else { return nil }
      // What it says of a refusal would wait for the thread's next reader of errors.
      defer { ERR_clear_error() }
      guard let key = make(EVP_PKEY_ED25519, nil, bytes, bytes.count) else { return nil }
      defer { EVP_PKEY_free(key) }
      return body(key)
    }
  #endif
}
