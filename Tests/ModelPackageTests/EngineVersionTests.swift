import ModelPackage
import StrictJSON
import Testing

@Suite struct EngineVersionTests {
  @Test func aPackageThatNeedsANewerEngineAsksForOne() {
    let error = ManifestError.newerEngine(needed: "9.0", found: "1.0.0")
    #expect(error.needsNewerVersion)
    #expect("\(error)" == "the package needs engine 9.0 or newer; this one is 1.0.0")
  }

  @Test(arguments: [
    ("1.1", true), ("1", true), ("1.1.0", true), ("1.0.9", true), ("0.9", true), ("1.1.1", true),
    ("1.2", true), ("1.2.1", true), ("1.3", true),
    ("1.3.1", false), ("1.4", false),
    ("2", false),
    ("10.0", false), ("1.99999999999999999999999", false),
  ])
  func versionsAreComparedByNumbers(_ version: String, _ isEnough: Bool) {
    #expect(EngineVersion.isAtLeast(version) == isEnough)
  }

  @Test(arguments: ["", "x", "1.", "1.0.0.0", "-1", "+1", "1.+0", ".1", "1..0"])
  func whatIsNoVersionIsRefused(_ version: String) {
    #expect(EngineVersion.isAtLeast(version) == nil)
  }

  /// A later engine may know keys and values that this one does not: they are not what is wrong.
  @Test func theEngineIsAskedBeforeUnknownKeysAreRefused() throws {
    var object = try #require(PackageFixture.manifest().jsonValue().objectValue)
    object["engine"] = ["min": "9.0"]
    object["later"] = true
    #expect(throws: ManifestError.newerEngine(needed: "9.0", found: EngineVersion.current)) {
      try Manifest(.object(object))
    }
    object["engine"] = ["min": "nine"]
    #expect(throws: ManifestError.self) { try Manifest(.object(object)) }
    object["later"] = nil
    #expect(
      throws: ManifestError.text(
        path: "engine.min", found: "nine", rule: "a version has one to three numbers, such as 1.0")
    ) { try Manifest(.object(object)) }
  }

  @Test func theOlderOfTwoVersionsIsTold() {
    for (one, other, isOlder) in [
      ("1.0", "1.1", true), ("1.0.9", "1.1", true), ("1.1", "1.1", false), ("1.1.0", "1.1", false),
      ("1.10", "1.9", false), ("2", "1.1", false), ("x", "1.1", false), ("1", "1.0", false),
      ("1", "1.0.1", true),
    ] {
      #expect(EngineVersion.isOlder(one, than: other) == isOlder, "\(one) and \(other)")
    }
    #expect(EngineVersion.isAtLeast(EngineVersion.oldestQuantizedReader) == true)
    #expect(EngineVersion.isAtLeast(EngineVersion.oldestPartnerReader) == true)
    #expect(EngineVersion.isAtLeast(EngineVersion.oldestPartnerLengthReader) == true)
  }
}
