import ModelPackage
import StrictJSON
import Testing

/// `model.encoder.running`: how cells run over a text.
@Suite struct ManifestRunningTests {
  private func manifest(_ running: JSONValue) throws -> Manifest {
    var manifest = try PackageFixture.package().manifest
    manifest.model.encoder.running = try JSONValueDecoder().decode(Manifest.Running.self, from: running)
    return try Manifest(parsing: manifest.canonicalBytes())
  }

  @Test func whatIsWrittenIsReadBack() throws {
    for running in [
      Manifest.Running(kind: "continuous"), .init(kind: "chopped", length: 50),
      .init(kind: "windowed", length: 15),
    ] {
      var written = try PackageFixture.package().manifest
      written.model.encoder.running = running
      #expect(try Manifest(parsing: written.canonicalBytes()).model.encoder.running == running)
    }
    let plain = try PackageFixture.package().manifest.jsonValue()
    #expect(plain["model"]?["encoder"]?["running"] == nil)
  }

  /// Whatever belongs to a kind that this version does not know is not what is wrong.
  @Test func aNewerKindMayHaveOtherKeys() throws {
    var object = try #require(PackageFixture.manifest().jsonValue().objectValue)
    var model = try #require(object["model"]?.objectValue)
    var encoder = try #require(model["encoder"]?.objectValue)
    encoder["running"] = ["kind": "skipped", "stride": 3]
    model["encoder"] = .object(encoder)
    object["model"] = .object(model)
    let error = #expect(throws: ManifestError.self) { try Manifest(.object(object)) }
    #expect(error?.needsNewerVersion == true)
  }

  private static let refused: [(JSONValue, String, Bool)] = [
    (
      ["kind": "chopped"], "model.encoder.running.length: expected an integer from 1 to 65536, found none",
      false
    ),
    (
      ["kind": "chopped", "length": 0],
      "model.encoder.running.length: expected an integer from 1 to 65536, found 0", false
    ),
    (
      ["kind": "chopped", "length": 65_537],
      "model.encoder.running.length: expected an integer from 1 to 65536, found 65537", false
    ),
    (
      ["kind": "continuous", "length": 1],
      "model.encoder.running.length: expected none for continuous, found 1", false
    ),
    (
      ["kind": "windowed", "length": 257],
      "model.encoder.running.length: expected an integer from 1 to 256, found 257", false
    ),
    (
      ["kind": "overlapping", "length": 9],
      #"model.encoder.running.kind: made by a newer version, which stored "overlapping" here"#, true
    ),
  ]

  @Test(arguments: refused)
  func otherRunningsAreRefused(_ running: JSONValue, _ message: String, _ isNewer: Bool) {
    let error = #expect(throws: ManifestError.self) { try manifest(running) }
    #expect(error?.description == message)
    #expect(error?.needsNewerVersion == isNewer)
  }
}
