import ModelPackage
import StrictJSON
import Testing

/// The manifest's section on a linear partner.
@Suite struct ManifestPartnerTests {
  private func manifest(_ change: (inout Manifest.Partner) -> Void = { _ in }) -> Manifest {
    var manifest = PackageFixture.manifest()
    var partner = Manifest.Partner(
      orders: 3, features: 1_000, stack: .init(network: 0.9, partner: 0.4, bias: [-0.1, 0.1]), l2: 1,
      minDocuments: 2)
    change(&partner)
    manifest.model.partner = partner
    return manifest
  }

  private func refusal(_ change: (inout Manifest.Partner) -> Void) -> String {
    do {
      try manifest(change).validate()
      return "taken"
    } catch {
      return "\(error)"
    }
  }

  @Test func aPartnerIsWrittenAndReadAgain() throws {
    let manifest = manifest()
    let read = try Manifest(parsing: manifest.canonicalBytes())
    #expect(read == manifest)
    let text = String(decoding: try manifest.canonicalBytes(), as: UTF8.self)
    #expect(!text.contains("partnerMinLength"))
    #expect(text.contains(#""kind":"nb-ngrams""#) && text.contains(#""hash":"fnv1a64-chain""#))
    #expect(
      try !String(decoding: PackageFixture.manifest().canonicalBytes(), as: UTF8.self).contains("partner"))
  }

  @Test func theLengthThatAPartnerHasASayFromIsKeptAndNeedsALaterEngine() throws {
    let long = manifest { $0.stack.partnerMinLength = 30 }
    let read = try Manifest(parsing: long.canonicalBytes())
    #expect(read == long && read.model.partner?.stack.partnerMinLength == 30)
    #expect(read.model.partner?.oldestEngine == "1.3" && manifest().model.partner?.oldestEngine == "1.2")
  }

  @Test func valuesOutOfRangeAreRefused() {
    #expect(refusal { $0.orders = 0 } == "model.partner.orders: expected an integer from 1 to 5, found 0")
    #expect(refusal { $0.orders = 6 } == "model.partner.orders: expected an integer from 1 to 5, found 6")
    #expect(
      refusal { $0.features = 0 }
        == "model.partner.features: expected an integer from 1 to 67108864, found 0")
    #expect(
      refusal { $0.stack.bias = [0] }
        == "model.partner.stack.bias: 1 does not agree with task.labels, which has 2")
    for change in [
      { $0.stack.network = .nan }, { $0.stack.partner = -1e7 }, { $0.stack.bias[1] = .infinity },
      { $0.stack.networkByLength = 1e7 }, { $0.stack.partnerByLength = .nan },
    ] as [(inout Manifest.Partner) -> Void] {
      #expect(refusal(change).contains("expected a number of at most 1000000.0"))
    }
  }

  @Test func anotherKindIsOfANewerVersion() throws {
    for (change, path) in [
      ({ $0.kind = "svm" }, "kind"), ({ $0.hash = "xxh3" }, "hash"), ({ $0.version = 2 }, "version"),
    ] as [((inout Manifest.Partner) -> Void, String)] {
      let value = try manifest(change).jsonValue()
      do {
        _ = try Manifest(value)
        Issue.record("\(path) was taken")
      } catch {
        #expect(error.needsNewerVersion && "\(error)".hasPrefix("model.partner.\(path): "), "\(error)")
      }
    }
  }

  /// A partner of another kind may have keys that this engine does not know: they are not what is wrong.
  @Test func theKindIsAskedBeforeUnknownKeysAreRefused() throws {
    var object = try #require(PackageFixture.manifest().jsonValue().objectValue)
    var model = try #require(object["model"]?.objectValue)
    model["partner"] = ["kind": "svm", "kernel": "linear"]
    object["model"] = .object(model)
    #expect(throws: ManifestError.newerFeature(path: "model.partner.kind", found: "\"svm\"")) {
      try Manifest(.object(object))
    }
    model["partner"] = ["kind": "nb-ngrams", "kernel": "linear"]
    object["model"] = .object(model)
    #expect(throws: ManifestError.decoding(.unknownKey(path: "model.partner", key: "kernel"))) {
      try Manifest(.object(object))
    }
  }
}
