import Foundation
import TestSupport
import Testing

/// `rnnpkg keygen`, `sign` and `verify --key`, and `classify --require-key`.
@Suite struct RnnpkgSignTests {
  private let scratch = TemporaryDirectory()

  init() throws {
    _ = try SmallPackage.copied(to: scratch)
  }

  private func rnnpkg(_ arguments: String...) throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(arguments, in: scratch.path)
  }

  private func classify(_ options: String...) throws -> CommandRunner.Outcome {
    var runner = CommandRunner("classify")
    runner.directory = scratch.path
    let words = ["-m", "small.rnnpkg"] + options + ["A warm film."]
    return try runner.run(arguments: words.map { Array($0.utf8) })
  }

  private func fingerprint(_ outcome: CommandRunner.Outcome) throws -> String {
    String(try #require(outcome.lines.first?.split(separator: " ").last))
  }

  @Test func aSignedPackageIsAcceptedAndNoOther() throws {
    let made = try rnnpkg("keygen", "-o", "mine")
    #expect(made.status == 0 && made.output.hasPrefix("mine, mine.pub: ed25519:"), "\(made.message)")
    let other = try fingerprint(rnnpkg("keygen", "-o", "other"))
    let mine = try fingerprint(made)
    let permissions = try FileManager.default.attributesOfItem(atPath: "\(scratch.path)/mine")[
      .posixPermissions]
    #expect(permissions as? Int == 0o600)

    let unsigned = try classify("--require-key", "mine.pub")
    #expect(unsigned.status == 77 && unsigned.output.isEmpty)
    #expect(
      unsigned.message
        == "classify: small.rnnpkg: the package is not signed; ask its maker, or do without a required key\n")
    let unverified = try rnnpkg("verify", "small.rnnpkg", "--key", "mine.pub")
    #expect(unverified.status == 77)

    let signed = try rnnpkg("sign", "small.rnnpkg", "--key", "mine")
    #expect(
      signed.status == 0 && signed.output.hasPrefix("small.rnnpkg: signed by \(mine), id "),
      "\(signed.message)")
    #expect(try classify("--require-key", "mine.pub").status == 0)
    #expect(try classify("--require-key", "other.pub", "--require-key", "mine.pub").status == 0)
    let refused = try classify("--require-key", "other.pub")
    #expect(refused.status == 77)
    #expect(refused.message == "classify: small.rnnpkg: signed with the key \(mine), not with \(other)\n")

    let verified = try rnnpkg("verify", "small.rnnpkg", "--key", "mine.pub")
    #expect(verified.status == 0 && verified.output.hasSuffix(", signed by \(mine)\n"), "\(verified.output)")
    let unasked = try rnnpkg("verify", "small.rnnpkg")
    #expect(
      unasked.status == 0 && unasked.output.hasSuffix("signed by \(mine) (whose key was not asked for)\n"))
  }

  /// Makes a key and `signed.rnnpkg`, and gives the key's fingerprint.
  private func signedPackage() throws -> String {
    let fingerprint = try fingerprint(rnnpkg("keygen", "-o", "mine"))
    #expect(try rnnpkg("sign", "small.rnnpkg", "--key", "mine", "-o", "signed.rnnpkg").status == 0)
    return fingerprint
  }

  @Test func packingKeepsASignatureThatHolds() throws {
    _ = try signedPackage()
    #expect(try rnnpkg("unpack", "signed.rnnpkg", "files").status == 0)
    let name = try #require(rnnpkg("show", "signed.rnnpkg").lines.first?.split(separator: "@").first)
    for options in [[], ["--name", String(name)]] {
      let packed = try RnnpkgFixtures.run(
        ["pack", "files", "-o", "again.rnnpkg"] + options, in: scratch.path)
      #expect(packed.status == 0 && packed.message.isEmpty, "\(packed.message)")
      #expect(try scratch.bytes(of: "again.rnnpkg") == scratch.bytes(of: "signed.rnnpkg"))
    }
    #expect(try rnnpkg("verify", "again.rnnpkg", "--key", "mine.pub").status == 0)
  }

  @Test func packingSaysThatASignatureIsLeftOut() throws {
    _ = try signedPackage()
    #expect(try rnnpkg("unpack", "signed.rnnpkg", "files").status == 0)
    let note =
      "rnnpkg: again.rnnpkg: the signature of files does not hold for the new manifest and was left out; "
      + "sign again with rnnpkg sign\n"
    let renamed = try rnnpkg("pack", "files", "-o", "again.rnnpkg", "--version", "9.9")
    #expect(renamed.status == 0 && renamed.message == note, "\(renamed.message)")
    _ = try scratch.file("files/README.md", "# Better\n")
    let edited = try rnnpkg("pack", "files", "-o", "again.rnnpkg")
    #expect(edited.status == 0 && edited.message == note, "\(edited.message)")
    #expect(try rnnpkg("verify", "again.rnnpkg").status == 0)
    #expect(try rnnpkg("verify", "again.rnnpkg", "--key", "mine.pub").status == 77)
  }

  @Test func packingRefusesADamagedSignature() throws {
    _ = try signedPackage()
    #expect(try rnnpkg("unpack", "signed.rnnpkg", "files").status == 0)
    _ = try scratch.file("files/manifest.sig", "{}\n")
    let outcome = try rnnpkg("pack", "files", "-o", "again.rnnpkg")
    #expect(outcome.status == 77)
    #expect(
      outcome.message
        == "rnnpkg: files/manifest.sig: \"algorithm\" is missing or no string; "
        + "remove the file to pack without a signature\n")
    #expect(!scratch.names.contains("again.rnnpkg"))
    try FileManager.default.removeItem(atPath: "\(scratch.path)/files/manifest.sig")
    let unsigned = try rnnpkg("pack", "files", "-o", "again.rnnpkg")
    #expect(unsigned.status == 0 && unsigned.message.isEmpty, "\(unsigned.message)")
  }

  /// Recording, quantising, averaging and adding a partner make another manifest.
  @Test func whatLosesASignatureSaysSo() throws {
    _ = try signedPackage()
    let end = "does not hold for the new manifest and was left out; sign again with rnnpkg sign\n"
    let other = "the signature of signed.rnnpkg \(end)"
    let quantized = try rnnpkg("quantize", "signed.rnnpkg", "-o", "small8.rnnpkg")
    #expect(quantized.status == 0 && quantized.message == "rnnpkg: small8.rnnpkg: \(other)")
    let mean = try rnnpkg("average", "small.rnnpkg", "signed.rnnpkg", "-o", "mean.rnnpkg")
    #expect(mean.status == 0 && mean.message == "rnnpkg: mean.rnnpkg: \(other)", "\(mean.message)")

    _ = try scratch.file("dev.tsv", RnnpkgFixtures.table)
    let pair = try rnnpkg(
      "partner", "signed.rnnpkg", "--data", "dev.tsv", "--valid", "dev.tsv", "-o", "pair.rnnpkg")
    #expect(pair.status == 0 && pair.message == "rnnpkg: pair.rnnpkg: \(other)", "\(pair.message)")
    _ = try scratch.file("row.jsonl", #"{"text": "A warm film.", "variant": "A  warm film."}"# + "\n")
    for arguments in [["dev.tsv", "--record", "dev"], ["--suite", "row.jsonl", "--record"]] {
      #expect(try rnnpkg("sign", "signed.rnnpkg", "--key", "mine").status == 0)
      let unrecorded = try RnnpkgFixtures.run(
        ["test", "signed.rnnpkg"] + arguments.filter { $0 != "--record" && $0 != "dev" }, in: scratch.path)
      #expect(unrecorded.status == 0 && unrecorded.message.isEmpty, "\(unrecorded.message)")
      for note in ["rnnpkg: signed.rnnpkg: its signature \(end)", ""] {
        let recorded = try RnnpkgFixtures.run(["test", "signed.rnnpkg"] + arguments, in: scratch.path)
        #expect(recorded.status == 0 && recorded.message == note, "\(recorded.message)")
      }
      #expect(try rnnpkg("verify", "signed.rnnpkg", "--key", "mine.pub").status == 77)
    }
  }

  @Test func showNamesTheSigner() throws {
    let fingerprint = try signedPackage()
    let line = "signature   by \(fingerprint); rnnpkg verify --key checks it"
    #expect(try rnnpkg("show", "signed.rnnpkg").lines.contains(line))
    #expect(try rnnpkg("show", "small.rnnpkg").lines.contains { $0.hasPrefix("signature") } == false)

    func signature(_ package: String) throws -> [String: String]? {
      let data = Data(try rnnpkg("show", package, "--json").standardOutput)
      let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
      return object["signature"] as? [String: String]
    }
    #expect(try signature("signed.rnnpkg") == ["key": fingerprint])
    #expect(try signature("small.rnnpkg") == nil)
  }

  @Test func allPackagesAreVerifiedWhateverIsWrongWithOne() throws {
    _ = try scratch.file("broken.rnnpkg", "no package")
    let outcome = try rnnpkg("verify", "broken.rnnpkg", "missing.rnnpkg", "small.rnnpkg")
    // The first fault's code, and the faults in their order.
    #expect(outcome.status == 76)
    let lines = outcome.message.split(separator: "\n")
    #expect(
      lines.count == 2 && lines[0].contains("broken.rnnpkg: not a package")
        && lines[1].contains("missing.rnnpkg"), "\(outcome.message)")
    #expect(outcome.output.hasPrefix("small.rnnpkg: ok, "))
    #expect(try rnnpkg("verify", "small.rnnpkg", "missing.rnnpkg", "broken.rnnpkg").status == 66)
    #expect(try rnnpkg("verify", "missing.rnnpkg").message == "rnnpkg: missing.rnnpkg: no such file\n")
  }

  @Test func noPrivateKeyIsCalledPublic() throws {
    let outcome = try rnnpkg("keygen", "-o", "k5.pub")
    #expect(outcome.status == 64 && outcome.message.contains("choose a name that does not end in .pub"))
    #expect(scratch.names == ["small.rnnpkg"])
  }

  /// There is room for the private key's name, and none for the public one's.
  @Test func halfAPairIsNotLeftBehind() throws {
    let outcome = try rnnpkg("keygen", "-o", String(repeating: "k", count: 252))
    #expect(outcome.status == 73 && outcome.output.isEmpty, "\(outcome.message)")
    #expect(scratch.names == ["small.rnnpkg"])
  }

  @Test func aKeyThatIsThereStays() throws {
    _ = try scratch.file("mine.pub", "a key")
    let outcome = try rnnpkg("keygen", "-o", "mine")
    #expect(
      outcome.status == 73 && outcome.message.contains("mine.pub: already exists"), "\(outcome.message)")
    #expect(scratch.names == ["mine.pub", "small.rnnpkg"])
    #expect(try scratch.bytes(of: "mine.pub") == Array("a key".utf8))
  }

  @Test func keysThatAreNoneAreRefused() throws {
    _ = try rnnpkg("keygen", "-o", "mine")
    let again = try rnnpkg("keygen", "-o", "mine")
    #expect(again.status == 73 && again.message.contains("mine"), "\(again.message)")
    let swapped = try rnnpkg("sign", "small.rnnpkg", "--key", "mine.pub")
    #expect(swapped.status == 65)
    #expect(
      swapped.message == "rnnpkg: mine.pub: not a private key; give the file that keygen wrote without .pub\n"
    )
    try scratch.file("large", [UInt8](repeating: 65, count: 1 << 20))
    for outcome in [
      try rnnpkg("sign", "small.rnnpkg", "--key", "large"), try classify("--require-key", "large"),
    ] {
      #expect(outcome.status == 65 && outcome.message.contains("large: too large"), "\(outcome.message)")
    }
    let wrong = try classify("--require-key", "mine")
    #expect(wrong.status == 65)
    #expect(wrong.message == "classify: mine: not a public key; give the file that ends in .pub\n")
    #expect(try classify("--require-key", "none.pub").status == 66)
    let key = try scratch.bytes(of: "mine")
    #expect(try rnnpkg("sign", "small.rnnpkg", "--key", "mine", "-o", "mine").status == 73)
    #expect(try scratch.bytes(of: "mine") == key)
  }

  /// Whether the public key is there or not.
  @Test(arguments: ["mine.pub", "./mine.pub", "link"])
  func noPackageTakesThePlaceOfThePublicKey(_ output: String) throws {
    _ = try rnnpkg("keygen", "-o", "mine")
    let key = try scratch.bytes(of: "mine.pub")
    try FileManager.default.createSymbolicLink(
      atPath: "\(scratch.path)/link", withDestinationPath: "mine.pub")
    let outcome = try rnnpkg("sign", "small.rnnpkg", "--key", "mine", "-o", output)
    #expect(outcome.status == 73 && outcome.output.isEmpty)
    #expect(
      outcome.message
        == "rnnpkg: \(output): the place of the public key of mine; choose another name\n",
      "\(outcome.message)")
    #expect(try scratch.bytes(of: "mine.pub") == key)
    try FileManager.default.removeItem(atPath: "\(scratch.path)/mine.pub")
    #expect(try rnnpkg("sign", "small.rnnpkg", "--key", "mine", "-o", output).status == 73)
    #expect(!scratch.names.contains("mine.pub"))
  }

  /// OpenSSL reads the keys and the signature, where it is installed.
  @Test(.enabled(if: openSSL != nil, "openssl is not installed"))
  func openSSLAgrees() throws {
    _ = try rnnpkg("keygen", "-o", "mine")
    _ = try rnnpkg("sign", "small.rnnpkg", "--key", "mine")
    _ = try rnnpkg("unpack", "small.rnnpkg", "files")
    let text = try Data(contentsOf: URL(fileURLWithPath: "\(scratch.path)/files/manifest.sig"))
    let object = try #require(JSONSerialization.jsonObject(with: text) as? [String: String])
    let base64 = try #require(object["signature"])
    let signature = try #require(Data(base64Encoded: base64))
    try signature.write(to: URL(fileURLWithPath: "\(scratch.path)/raw.sig"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.openSSL))
    process.arguments = [
      "pkeyutl", "-verify", "-pubin", "-inkey", "\(scratch.path)/mine.pub", "-rawin", "-in",
      "\(scratch.path)/files/manifest.json", "-sigfile", "\(scratch.path)/raw.sig",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  static let openSSL = ["/usr/bin/openssl", "/opt/homebrew/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
}
