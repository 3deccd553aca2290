import StrictJSON

/// The content of `manifest.sig`: who signed, and the Ed25519 signature of the bytes of `manifest.json`.
///
///     {"algorithm":"ed25519","key":"…44 digits of base64…","signature":"…88 digits of base64…"}
///
/// The manifest holds the digests of all other files, so they are covered too. The key in it is a hint for messages:
/// only a key that the reader brings along says who signed.
public struct PackageSignature: Sendable, Equatable {
  /// The key that the signer names.
  public let key: VerifyingKey
  /// The 64 bytes of the signature.
  let bytes: [UInt8]

  init(of manifest: [UInt8], by key: SigningKey) throws(SignatureError) {
    self.key = try key.verifyingKey
    bytes = try key.signature(of: manifest)
  }

  /// Reads `manifest.sig`.
  public init(parsing file: [UInt8]) throws(SignatureError) {
    let value: JSONValue
    do {
      value = try JSONValue(
        parsing: file, limits: JSONLimits(depth: 1, bytes: PackageMember.signature.sizeLimit))
    } catch { throw .malformed(reason: "\(error)") }
    guard case .object(let object) = value else { throw .malformed(reason: "it is no JSON object") }
    for key in object.keys where !["algorithm", "key", "signature"].contains(key) {
      throw .malformed(reason: "unknown key \(EscapedText(key))")
    }
    guard let algorithm = object["algorithm"]?.stringValue else {
      throw .malformed(reason: "\"algorithm\" is missing or no string")
    }
    guard algorithm == Self.algorithm else { throw .algorithm(algorithm, known: [Self.algorithm]) }
    key = try VerifyingKey(bytes: try Self.bytes(of: "key", in: object, count: VerifyingKey.length))
    bytes = try Self.bytes(of: "signature", in: object, count: Self.length)
    // Base64 and JSON can say the same in other bytes; a signature has one form.
    guard encoded == file else { throw .malformed(reason: "it is not in the form that sign writes") }
  }

  /// The bytes of `manifest.sig`.
  var encoded: [UInt8] {
    let text =
      #"{"algorithm":"\#(Self.algorithm)","key":"\#(Base64.text(key.bytes))","#
      + #""signature":"\#(Base64.text(bytes))"}"#
    return Array((text + "\n").utf8)
  }

  /// Checks that the signature is of these bytes, and by one of these keys.
  /// - Parameter keys: whom the reader trusts; `nil` to check against the key that the signer names, which shows that
  ///   nothing changed since, and not who it was.
  public func check(_ manifest: [UInt8], by keys: [VerifyingKey]?) throws(SignatureError) {
    if let keys, !keys.contains(key) {
      throw .otherKey(found: key.fingerprint, trusted: keys.map(\.fingerprint))
    }
    guard key.accepts(bytes, of: manifest) else { throw .wrong(key: key.fingerprint) }
  }

  private static func bytes(
    of name: String, in object: JSONObject, count: Int
  ) throws(SignatureError) -> [UInt8] {
    guard let text = object[name]?.stringValue, let bytes = Base64.bytes(text), bytes.count == count
    else { throw .malformed(reason: "\"\(name)\" is not \(count) bytes in base64") }
    return bytes
  }

  private static let algorithm = "ed25519"
  private static let length = 64
}
