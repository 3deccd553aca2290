/// Versions of this engine and of what it reads.
public enum EngineVersion {
  /// This build.
  public static let current = "1.3.0"
  /// The oldest engine that reads the packages that this one writes.
  public static let oldestReader = "1.0"
  /// The oldest engine that reads packages of quantised weights.
  public static let oldestQuantizedReader = "1.1"
  /// The oldest engine that reads manifests with recorded behaviour suites.
  public static let oldestBehaviourReader = "1.2"
  /// The oldest engine that reads packages with a linear partner.
  public static let oldestPartnerReader = "1.2"
  /// The oldest engine with partners that leave short texts to the network.
  public static let oldestPartnerLengthReader = "1.3"
  /// The oldest engine with the readout `attention`.
  public static let oldestAttentionReader = "1.2"
  /// The oldest engine that runs texts in other ways than from the first token to the last.
  public static let oldestRunningReader = "1.2"

  /// Package formats that this build reads.
  public static let packageFormats = [Manifest.currentFormat]

  /// Whether this engine is at least `version`: one to three numbers separated by dots; nil where that is no version.
  package static func isAtLeast(_ version: String) -> Bool? {
    guard let wanted = numbers(of: version), let own = numbers(of: current) else { return nil }
    for (have, need) in zip(own, wanted) where have != need { return have > need }
    return true
  }

  /// Whether the one version is below the other; false where either is no version.
  package static func isOlder(_ version: String, than other: String) -> Bool {
    guard let version = numbers(of: version), let other = numbers(of: other) else { return false }
    return version.lexicographicallyPrecedes(other)
  }

  /// The newest of some versions; `oldestReader` where none is newer.
  package static func newest(of versions: [String]) -> String {
    versions.reduce(oldestReader) { isOlder($0, than: $1) ? $1 : $0 }
  }

  /// Three numbers; those that are not there are 0, and one beyond `UInt` is as large as that can be.
  private static func numbers(of version: String) -> [UInt]? {
    let parts = version.split(separator: ".", omittingEmptySubsequences: false)
    // `UInt` would take a sign.
    let areNumbers = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    guard areNumbers, parts.count <= 3 else { return nil }
    return parts.map { UInt($0) ?? .max } + [UInt](repeating: 0, count: 3 - parts.count)
  }
}
