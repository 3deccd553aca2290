import StrictJSON
import TestSupport

/// The small package with another manifest.
enum ChangedManifest {
  /// Makes the package in `scratch` and gives its path.
  static func package(
    in scratch: TemporaryDirectory, _ change: (inout JSONObject) -> Void
  ) throws -> String {
    let package = "\(scratch.path)/changed.rnnpkg"
    let files = "\(scratch.path)/files"
    try succeed(["unpack", SmallPackage.path(), files])
    guard var manifest = try JSONValue(parsing: scratch.bytes(of: "files/manifest.json")).objectValue else {
      throw RnnpkgFixtures.Failed(description: "the manifest is no object")
    }
    change(&manifest)
    _ = try scratch.file("files/manifest.json", JSONValue.object(manifest).compactBytes())
    try succeed(["pack", files, "-o", package])
    return package
  }

  private static func succeed(_ arguments: [String]) throws {
    let outcome = try RnnpkgFixtures.run(arguments)
    guard outcome.status == 0 else {
      throw RnnpkgFixtures.Failed(description: "exit \(outcome.status): \(outcome.message)")
    }
  }
}

extension JSONObject {
  /// Sets what a path of keys, such as `model.embedding.dim`, leads to.
  mutating func set(_ path: String, to value: JSONValue) {
    let keys = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard keys.count == 2 else {
      self[path] = value
      return
    }
    var inner = self[keys[0]]?.objectValue ?? JSONObject()
    inner.set(keys[1], to: value)
    self[keys[0]] = .object(inner)
  }
}
