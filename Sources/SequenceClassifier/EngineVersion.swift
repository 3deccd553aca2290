import ModelPackage

/// Versions of this engine and of what it reads.
public enum EngineVersion {
  /// This build.
  public static let current = "1.0.0"
  /// The oldest engine that reads the packages that this one writes.
  public static let oldestReader = "1.0"
  /// Package formats that this build reads.
  public static let packageFormats = [Manifest.currentFormat]
}
