import Foundation
import Testing

/// `rnnpkg keygen`, `sign` and `verify --key`, and `classify --require-key`.
@Suite struct RnnpkgSignTests {
  private let scratch: ScratchDirectory

  init() throws {
    scratch = try ScratchDirectory()
    try FileManager.default.copyItem(atPath: SmallPackage.path(), toPath: "\(scratch.path)/small.rnnpkg")
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

  /// A signature survives unpacking by hand and is refused where one byte of the manifest differs.
  @Test func aBrokenSignatureIsToldByVerify() throws {
    _ = try rnnpkg("keygen", "-o", "mine")
    #expect(try rnnpkg("sign", "small.rnnpkg", "--key", "mine", "-o", "signed.rnnpkg").status == 0)
    #expect(try rnnpkg("unpack", "signed.rnnpkg", "files").status == 0)
    // Packing makes the table of files anew, and drops a signature that may not fit it.
    #expect(try rnnpkg("pack", "files", "-o", "again.rnnpkg").status == 0)
    #expect(try rnnpkg("verify", "again.rnnpkg", "--key", "mine.pub").status == 77)
  }

  @Test func allPackagesAreVerifiedWhateverIsWrongWithOne() throws {
    _ = try scratch.file("broken.rnnpkg", "no package")
    let outcome = try rnnpkg("verify", "broken.rnnpkg", "missing.rnnpkg", "small.rnnpkg")
    #expect(outcome.status == 66)
    #expect(
      outcome.message.contains("broken.rnnpkg: not a package") && outcome.message.contains("missing.rnnpkg"))
    #expect(outcome.output.hasPrefix("small.rnnpkg: ok, "))
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
    let wrong = try classify("--require-key", "mine")
    #expect(wrong.status == 65)
    #expect(wrong.message == "classify: mine: not a public key; give the file that ends in .pub\n")
    #expect(try classify("--require-key", "none.pub").status == 66)
    let key = try scratch.bytes(of: "mine")
    #expect(try rnnpkg("sign", "small.rnnpkg", "--key", "mine", "-o", "mine").status == 73)
    #expect(try scratch.bytes(of: "mine") == key)
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
