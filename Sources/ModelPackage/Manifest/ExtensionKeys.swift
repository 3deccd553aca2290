import StrictJSON

/// Keys that start with `x-`: private remarks of whoever made the package, kept when it is written again.
///
/// They go back into the object that they stood in, where it is still there. An element of a list is the same one where it says
/// the same, wherever it stands now: a new measurement under the name of an old one is another.
struct ExtensionKeys: Sendable, Equatable {
  static func isExtension(_ key: String) -> Bool { key.utf8.starts(with: "x-".utf8) }

  /// Of an object: its remarks.
  private var remarks = JSONObject()
  /// What is inside an object's members or a list's elements.
  private var inner: [Inner] = []

  private struct Inner: Sendable, Equatable {
    let place: Place
    let keys: ExtensionKeys
  }

  private enum Place: Sendable, Equatable {
    case member(String)
    /// What the element says, without remarks.
    case element([UInt8])
  }

  /// The keys of a document; nil when it has none.
  init?(of document: JSONValue) { self.init(of: document, at: ManifestPlace()) }

  private init?(of value: JSONValue, at place: ManifestPlace) {
    switch value {
    case .object(let object) where !place.isFree:
      // Objects are equal in any order.
      for member in object.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        if place.isRemark(member.key) {
          remarks[member.key] = member.value
        } else if let keys = ExtensionKeys(of: member.value, at: place.member(member.key)) {
          inner.append(Inner(place: .member(member.key), keys: keys))
        }
      }
    case .array(let elements):
      for element in elements {
        guard let keys = ExtensionKeys(of: element, at: place) else { continue }
        inner.append(Inner(place: .element(place.content(of: element)), keys: keys))
      }
    default: return nil
    }
    if remarks.isEmpty && inner.isEmpty { return nil }
  }

  /// The document with the keys put back where their surroundings still exist.
  func merged(into document: JSONValue) -> JSONValue { merged(into: document, at: ManifestPlace()) }

  private func merged(into value: JSONValue, at place: ManifestPlace) -> JSONValue {
    switch value {
    case .object(var object) where !place.isFree:
      for entry in inner {
        guard case .member(let key) = entry.place, let present = object[key] else { continue }
        object[key] = entry.keys.merged(into: present, at: place.member(key))
      }
      for remark in remarks where object[remark.key] == nil { object[remark.key] = remark.value }
      return .object(object)
    case .array(var elements):
      // Of elements that say the same, each takes the remarks of one.
      var numbers: [[UInt8]: [Int]] = [:]
      for (index, element) in elements.enumerated().reversed() {
        numbers[place.content(of: element), default: []].append(index)
      }
      for entry in inner {
        guard case .element(let content) = entry.place, let index = numbers[content]?.popLast() else {
          continue
        }
        elements[index] = entry.keys.merged(into: elements[index], at: place)
      }
      return .array(elements)
    default: return value
    }
  }
}

/// Where in a manifest a value stands: the keys that lead there; elements of a list stand where the list does.
private struct ManifestPlace {
  private var keys: [String] = []

  /// JSON of others, which a manifest holds whole: keys in it are no remarks on the manifest.
  private static let free = [
    ["model", "encoder", "cell", "config"], ["training", "config"], ["training", "pretraining"],
    ["provenance", "baseModel"], ["provenance", "convertedFrom"],
  ]
  /// Objects whose keys are data.
  private static let named = [["files"], ["evaluation", "metrics"], ["evaluation", "perClass"]]

  var isFree: Bool { Self.free.contains(keys) }

  func isRemark(_ key: String) -> Bool { ExtensionKeys.isExtension(key) && !Self.named.contains(keys) }

  func member(_ key: String) -> ManifestPlace {
    var place = self
    place.keys.append(key)
    return place
  }

  /// What a value says: its bytes without remarks and nulls, which stand for keys that are not there; 1 is 1.0.
  func content(of value: JSONValue) -> [UInt8] { withoutRemarks(value).canonicalBytes() }

  private func withoutRemarks(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object) where !isFree:
      var kept = JSONObject()
      for entry in object where entry.value != .null && !isRemark(entry.key) {
        kept[entry.key] = member(entry.key).withoutRemarks(entry.value)
      }
      return .object(kept)
    case .array(let elements): return .array(elements.map(withoutRemarks))
    case .integer(let number): return .number(Double(number))
    default: return value
    }
  }
}
