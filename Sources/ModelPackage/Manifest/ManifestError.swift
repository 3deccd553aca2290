import StrictJSON

/// Why a manifest is refused.
public enum ManifestError: Error, Equatable, Sendable {
  case json(JSONError)
  case decoding(JSONDecodingError)
  case encoding(JSONEncodingError)
  case formatMissing
  case formatNotString(found: String)
  case formatUnknown(found: String)
  /// Made for a later major version of the format.
  case newerFormat(found: String, supported: Int)
  /// Made for a later engine.
  case newerEngine(needed: String, found: String)
  /// Uses something this version does not have.
  case newerFeature(path: String, found: String)
  case number(path: String, found: String, expected: String)
  case text(path: String, found: String, rule: String)
  case count(path: String, found: Int, limit: Int)
  case noLabels
  case duplicateLabel(String)
  case mismatch(path: String, found: Int, other: String, expected: Int)
  case fileName(String)
  case tooLarge(bytes: Int, limit: Int)

  /// Whether a later version of this program could read the package.
  public var needsNewerVersion: Bool {
    switch self {
    case .newerFormat, .newerEngine, .newerFeature: true
    default: false
    }
  }
}
