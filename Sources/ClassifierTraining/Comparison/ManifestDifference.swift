import ModelPackage
import StrictJSON

/// A value that two manifests disagree about.
public struct ManifestDifference: Sendable, Equatable {
  /// Where it stands, such as `model.encoder.cell.id` or `task.labels[2]`.
  public let path: String
  /// `nil` where the first manifest has none.
  public let before: JSONValue?
  /// `nil` where the second has none.
  public let after: JSONValue?

  /// One difference, as given; `all` finds those of two manifests.
  public init(path: String, before: JSONValue?, after: JSONValue?) {
    self.path = path
    self.before = before
    self.after = after
  }

  /// What differs between two manifests, in the order of the first, without the table of files: its digests differ
  /// wherever anything does.
  public static func all(_ before: JSONValue, _ after: JSONValue) -> [ManifestDifference] {
    var differences: [ManifestDifference] = []
    compare(before, after, path: "", into: &differences)
    return differences
  }

  private static func compare(
    _ before: JSONValue?, _ after: JSONValue?, path: String, into differences: inout [ManifestDifference]
  ) {
    guard before != after, path != "files" else { return }
    switch (before, after) {
    case (.object(let old)?, .object(let new)?):
      for key in old.keys + new.keys.filter({ old[$0] == nil }) {
        compare(old[key], new[key], path: path.isEmpty ? key : "\(path).\(key)", into: &differences)
      }
    case (.array(let old)?, .array(let new)?):
      for index in 0..<max(old.count, new.count) {
        compare(
          index < old.count ? .some(old[index]) : .none, index < new.count ? .some(new[index]) : .none,
          path: "\(path)[\(index)]", into: &differences)
      }
    default: differences.append(ManifestDifference(path: path, before: before, after: after))
    }
  }
}
