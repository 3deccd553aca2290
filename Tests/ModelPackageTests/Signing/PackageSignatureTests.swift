import FileAccess
import ModelPackage
import StrictJSON
import TestSupport
import Testing

/// Signing packages, checking them, and what is refused.
@Suite struct PackageSignatureTests {
  private let package: ModelPackage
  private let key = SigningKey()

  init() throws { package = try PackageFixture.package() }

  @Test func aSignatureTravelsWithThePackageAndKeepsItsID() throws {
    let signed = try package.signed(with: key)
    #expect(signed.id == package.id)
    let read = try ModelPackage(bytes: signed.archiveBytes())
    #expect(try read.checkSignature(by: [key.verifyingKey]) == key.verifyingKey)
    #expect(try read.checkSignature() == key.verifyingKey)
    #expect(try package.checkSignature() == nil)
  }

  @Test func signingAgainReplacesTheSignature() throws {
    let other = SigningKey()
    let signed = try package.signed(with: key).signed(with: other)
    #expect(try signed.checkSignature(by: [other.verifyingKey]) == other.verifyingKey)
  }

  @Test func aKeyOfSomebodyElseIsRefused() throws {
    let signed = try package.signed(with: key)
    let other = try SigningKey().verifyingKey
    let found = try key.verifyingKey.fingerprint
    #expect(throws: PackageError.signature(.otherKey(found: found, trusted: [other.fingerprint]))) {
      try signed.checkSignature(by: [other])
    }
    #expect(try signed.checkSignature(by: [other, key.verifyingKey]) == key.verifyingKey)
  }

  @Test func anUnsignedPackageIsRefusedWhereAKeyIsAskedFor() throws {
    #expect(throws: PackageError.signature(.unsigned)) { try package.checkSignature(by: [key.verifyingKey]) }
    #expect(PackageError.signature(.unsigned).category == .untrusted)
  }

  @Test func aChangedManifestHasNoSignature() throws {
    var manifest = package.manifest
    manifest.summary = "another"
    #expect(try package.signed(with: key).replacingManifest(manifest).signature == nil)
  }

  /// The signature of another package, a flipped bit in each byte of the right one, and flipped bits of the manifest.
  @Test func noOtherSignatureFits() throws {
    var manifest = package.manifest
    manifest.summary = "another"
    let other = try #require(package.replacingManifest(manifest).signed(with: key).signature)
    let fingerprint = try key.verifyingKey.fingerprint
    #expect(throws: PackageError.signature(.wrong(key: fingerprint))) {
      try package.signed(other).checkSignature(by: [key.verifyingKey])
    }
    let right = try #require(package.signed(with: key).signature)
    let trusted = try [key.verifyingKey]
    for index in right.indices {
      var bytes = right
      bytes[index] ^= 1 << (index % 8)
      #expect(throws: SignatureError.self, "byte \(index)") {
        try PackageSignature(parsing: bytes).check(package.manifestBytes, by: trusted)
      }
    }
    for bit in 0..<8 {
      var manifest = package.manifestBytes
      manifest[bit * 31] ^= 1 << bit
      #expect(throws: SignatureError.wrong(key: fingerprint)) {
        try PackageSignature(parsing: right).check(manifest, by: trusted)
      }
    }
  }

  @Test(arguments: [
    (#"[]"#, "it is no JSON object"),
    (#"{"algorithm":"ed25519","key":"AA=="}"#, #""key" is not 32 bytes in base64"#),
    (#"{"key":"AA=="}"#, #""algorithm" is missing or no string"#),
    (#"{"algorithm":"ed25519","url":"http://example.org"}"#, #"unknown key "url""#),
    (#"{"algorithm":"ed25519","algorithm":"none"}"#, ""),
    ("", ""), ("not json", ""),
  ])
  func aMalformedSignatureIsRefused(text: String, reason: String) throws {
    let signed = try package.signed(Array(text.utf8))
    do {
      try signed.checkSignature()
      Issue.record("accepted")
    } catch {
      guard case .signature(.malformed(let found)) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(reason.isEmpty ? !found.isEmpty : found == reason)
      #expect(error.category == .untrusted)
    }
  }

  /// Both parts have their own length, and the whole has one spelling.
  @Test func aSignatureHasOneForm() throws {
    let right = try #require(package.signed(with: key).signature)
    var object = try #require(JSONValue(parsing: right).objectValue)
    #expect(throws: Never.self) { try PackageSignature(parsing: right) }
    #expect(throws: SignatureError.malformed(reason: "it is not in the form that sign writes")) {
      try PackageSignature(parsing: right + [0x0a])
    }
    object["signature"] = "AA=="
    #expect(throws: SignatureError.malformed(reason: "\"signature\" is not 64 bytes in base64")) {
      try PackageSignature(parsing: JSONValue.object(object).compactBytes())
    }
  }

  @Test func anUnknownAlgorithmIsNamed() throws {
    let text = #"{"algorithm":"rsa","key":"AA==","signature":"AA=="}"#
    #expect(throws: PackageError.signature(.algorithm("rsa", known: ["ed25519"]))) {
      try package.signed(Array(text.utf8)).checkSignature()
    }
  }

  @Test func aSignatureBeyondItsLimitIsRefused() throws {
    _ = try package.signed([UInt8](repeating: 0x20, count: 4096))
    #expect(throws: PackageError.entryTooLarge(entry: "manifest.sig", size: 4097, limit: 4096)) {
      try package.signed([UInt8](repeating: 0x20, count: 4097))
    }
  }

  /// What follows the manifest is not taken for a signature.
  @Test func anUnsignedFileIsRefusedForWhatItLacks() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("unsigned.rnnpkg")
    try package.write(toFile: path)
    let trusted = try [key.verifyingKey]
    #expect(throws: PackageError.signature(.unsigned)) {
      try ModelPackage(answeringFrom: path, signedBy: trusted)
    }
  }

  /// Nothing behind the manifest of a package that nobody trusted signed is read: here it is damaged.
  @Test func theSignatureIsCheckedBeforeTheRestIsRead() throws {
    let files = try package.signed(with: key).files().map { file in
      file.member == .weights ? (file.member, Array(file.bytes.dropLast())) : file
    }
    var tar = TarBytes()
    for file in files { tar.add(file.0.rawValue, file.1) }
    let directory = TemporaryDirectory()
    let path = directory.file("damaged.rnnpkg")
    try FileAccess.write(StoredGzip.member(tar.finished), to: path)
    let trusted = try key.verifyingKey
    let other = try SigningKey().verifyingKey
    #expect(
      throws: PackageError.signature(.otherKey(found: trusted.fingerprint, trusted: [other.fingerprint]))
    ) { try ModelPackage(answeringFrom: path, signedBy: [other]) }
    #expect(throws: PackageError.self) { try ModelPackage(answeringFrom: path, signedBy: [trusted]) }
    do {
      _ = try ModelPackage(answeringFrom: path, signedBy: [trusted])
    } catch { #expect(error.category == .malformed) }
  }
}
