import ModelPackage

/// Versions of this engine and of what it reads.
public enum EngineVersion {
  /// This build.
  public static let current = "1.1.0"
  /// The oldest engine that reads the packages that this one writes.
  public static let oldestReader = "1.0"
  /// The oldest engine that reads packages of quantised weights.
  public static let oldestQuantizedReader = "1.1"
  /// Whether this engine is at least `version`, numbers separated by dots; nil where that is no version.
  package static func isAtLeast(_ version: String) -> Bool? {
    let wanted = version.split(separator: ".", omittingEmptySubsequences: false).map { UInt($0) }
    guard (1...3).contains(wanted.count), !wanted.contains(nil) else { return nil }
    let own = current.split(separator: ".").compactMap { UInt($0) }
    for (have, need) in zip(own, wanted.compactMap { $0 }) where have != need { return have > need }
    return true
  }

  /// Package formats that this build reads.
  public static let packageFormats = [Manifest.currentFormat]
}
