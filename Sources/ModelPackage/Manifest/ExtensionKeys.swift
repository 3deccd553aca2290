import StrictJSON

/// Keys that start with `x-`: private remarks of whoever made the package, kept when it is written again.
enum ExtensionKeys {
  static func isExtension(_ key: String) -> Bool { key.utf8.starts(with: "x-".utf8) }

  /// The part of `value` that consists of such keys; `nil` when it has none. Arrays keep their length, so that elements
  /// are found again.
  static func extract(from value: JSONValue) -> JSONValue? {
    switch value {
    case .object(let object):
      var kept = JSONObject()
      for member in object {
        kept[member.key] = isExtension(member.key) ? member.value : extract(from: member.value)
      }
      return kept.isEmpty ? nil : .object(kept)
    case .array(let elements):
      let kept = elements.map { extract(from: $0) }
      return kept.contains { $0 != nil } ? .array(kept.map { $0 ?? .null }) : nil
    default: return nil
    }
  }

  /// `value` with the keys of `extensions` put back where their surroundings still exist.
  static func merge(_ extensions: JSONValue, into value: JSONValue) -> JSONValue {
    switch (extensions, value) {
    case (.object(let kept), .object(var object)):
      for member in kept {
        if let present = object[member.key] {
          object[member.key] = merge(member.value, into: present)
        } else if isExtension(member.key) {
          object[member.key] = member.value
        }
      }
      return .object(object)
    case (.array(let kept), .array(let elements)) where kept.count == elements.count:
      return .array(zip(kept, elements).map { merge($0, into: $1) })
    default: return value
    }
  }
}
