import Foundation

/// Where the files of this package lie.
public enum SourceTree {
  /// The directory of Package.swift.
  public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The golden files of `tools/golden`.
  public static let golden = root.appending(path: "Tests/TestSupport/Golden/Files")
}
