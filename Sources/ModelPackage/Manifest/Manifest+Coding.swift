import StrictJSON

extension Manifest {
  /// The newest major version of the format that is read.
  public static let supportedMajor = 1

  /// Reads and checks `manifest.json`.
  public init(parsing bytes: [UInt8]) throws(ManifestError) {
    guard bytes.count <= Limits.bytes else { throw .tooLarge(bytes: bytes.count, limit: Limits.bytes) }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, limits: JSONLimits(depth: Limits.depth, bytes: Limits.bytes))
    } catch { throw .json(error) }
    try self.init(value)
  }

  /// Checks a manifest that is already parsed.
  public init(_ value: JSONValue) throws(ManifestError) {
    guard case .object = value else {
      throw .decoding(.typeMismatch(path: "document", expected: "object", found: value.kindName))
    }
    // Before anything else: a later format may differ in everything that follows.
    try Self.checkFormat(value["format"])
    // Before unknown keys and values are refused, which a later engine may know.
    if case .string(let version)? = value["engine"]?["min"] { try Self.checkEngine(version) }
    try Self.checkType(value["model"]?["dtype"])
    try Self.checkQuantization(value["model"]?["quantization"])
    try Self.checkRunning(value["model"]?["encoder"]?["running"])
    try Self.checkPartner(value["model"]?["partner"])
    do {
      self = try JSONValueDecoder().decode(Manifest.self, from: value)
    } catch { throw .decoding(error) }
    extensionKeys = ExtensionKeys(of: value)
    try validate()
  }

  /// The manifest as JSON, `x-` keys included.
  public func jsonValue() throws(ManifestError) -> JSONValue {
    do {
      let value = try JSONValueEncoder().encode(self)
      return extensionKeys?.merged(into: value) ?? value
    } catch { throw .encoding(error) }
  }

  /// The bytes of `manifest.json` in a package: the same manifest gives the same bytes.
  public func canonicalBytes() throws(ManifestError) -> [UInt8] {
    try validate()
    let bytes = try jsonValue().canonicalBytes()
    guard bytes.count <= Limits.bytes else { throw .tooLarge(bytes: bytes.count, limit: Limits.bytes) }
    return bytes
  }

  private static func checkFormat(_ format: JSONValue?) throws(ManifestError) {
    guard let format else { throw .formatMissing }
    guard case .string(let text) = format else { throw .formatNotString(found: format.kindName) }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "rnnpkg", isWholeNumber(parts[1]) else {
      throw .formatUnknown(found: text)
    }
    // A number too large for Int is newer too.
    guard let major = Int(parts[1]), major <= supportedMajor else {
      throw .newerFormat(found: String(parts[1].prefix(20)), supported: supportedMajor)
    }
    guard major == supportedMajor else { throw .formatUnknown(found: text) }
  }

  /// Another type of numbers is of a newer version.
  private static func checkType(_ value: JSONValue?) throws(ManifestError) {
    guard case .string(let text)? = value, !TensorType.ofWeights.contains(where: { $0.rawValue == text })
    else { return }
    throw .newerFeature(path: "model.dtype", found: "\(EscapedText(text))")
  }

  /// Another quantisation is of a newer version, whatever it looks like.
  private static func checkQuantization(_ value: JSONValue?) throws(ManifestError) {
    let path = "model.quantization"
    guard let value, value != .null else { return }
    guard case .object(let object) = value else {
      throw .newerFeature(path: path, found: value.kindName)
    }
    let known: JSONValue
    do {
      known = try JSONValueEncoder().encode(Quantization.int8)
    } catch { throw .encoding(error) }
    for member in object where !ExtensionKeys.isExtension(member.key) {
      guard let expected = known[member.key] else {
        throw .newerFeature(path: path, found: "the key \(EscapedText(member.key))")
      }
      guard member.value == expected else {
        throw .newerFeature(path: "\(path).\(member.key)", found: text(member.value))
      }
    }
  }

  /// Another way to run a text is of a newer version, whatever belongs to it.
  private static func checkRunning(_ value: JSONValue?) throws(ManifestError) {
    guard case .string(let kind)? = value?["kind"], !Running.knownKinds.contains(kind) else { return }
    throw .newerFeature(path: "model.encoder.running.kind", found: "\(EscapedText(kind))")
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): "\(EscapedText(text))"
    case .integer(let number): "\(number)"
    default: value.kindName
    }
  }

  private static func isWholeNumber(_ text: Substring) -> Bool {
    guard let first = text.utf8.first else { return false }
    return first != UInt8(ascii: "0")
      && text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
  }
}
