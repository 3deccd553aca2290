/// A key as PEM (RFC 7468): a fixed DER frame (RFC 8410) around 32 bytes, in base64 between two marked lines.
struct PEMBlock {
  private let label: String
  /// What DER puts before the key: lengths and Ed25519's identifier, 1.3.101.112.
  private let frame: [UInt8]

  static let publicKey = PEMBlock(
    label: "PUBLIC KEY", frame: [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00])
  static let privateKey = PEMBlock(
    label: "PRIVATE KEY",
    frame: [
      0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ])

  /// Bytes of a key file: far above any.
  static let sizeLimit = 4 << 10

  func text(_ key: [UInt8]) -> String {
    "-----BEGIN \(label)-----\n\(Base64.text(frame + key))\n-----END \(label)-----\n"
  }

  /// The key in a file's text.
  func content(of file: [UInt8]) throws(SignatureError) -> [UInt8] {
    guard file.count <= Self.sizeLimit else {
      throw .key(.fileTooLarge(bytes: file.count, limit: Self.sizeLimit))
    }
    guard let text = String(validating: file, as: UTF8.self) else { throw .key(.notPEM(expected: label)) }
    let lines = text.split(whereSeparator: \.isNewline)
    let begin = "-----BEGIN \(label)-----"
    if let first = lines.first, first.hasPrefix("-----BEGIN "), first != begin {
      throw .key(.otherKind(expected: label))
    }
    guard lines.count >= 3, lines.first ?? "" == begin, lines.last ?? "" == "-----END \(label)-----",
      let bytes = Base64.bytes(lines[1..<lines.count - 1].joined())
    else { throw .key(.notPEM(expected: label)) }
    guard bytes.starts(with: frame), bytes.count == frame.count + VerifyingKey.length else {
      throw .key(.notEd25519)
    }
    return Array(bytes[frame.count...])
  }
}
