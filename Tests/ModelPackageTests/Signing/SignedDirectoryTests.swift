import FileAccess
import ModelPackage
import StrictJSON
import TestSupport
import Testing

/// What becomes of a signature when a package's files are laid out and put together again, or were another writer's.
@Suite struct SignedDirectoryTests {
  private let directory = TemporaryDirectory()
  private let key = SigningKey()

  private func unpacked(_ package: ModelPackage) throws -> String {
    let path = directory.file("out")
    try package.unpack(intoDirectory: path)
    return path
  }

  private func signed() throws -> ModelPackage { try PackageFixture.package().signed(with: key) }

  /// A package file with these files in it, read.
  private func read(_ files: [(member: PackageMember, bytes: [UInt8])]) throws -> ModelPackage {
    var tar = TarBytes()
    for file in files { tar.add(file.member.rawValue, file.bytes) }
    return try ModelPackage(bytes: StoredGzip.member(tar.finished))
  }

  @Test func aSignatureOfUnchangedFilesGoesAlong() throws {
    let package = try signed()
    let packed = try ModelPackage(directory: unpacked(package))
    #expect(packed.id == package.id && packed.signature == package.signature)
    #expect(try packed.archiveBytes() == package.archiveBytes())
    #expect(try packed.checkSignature(by: [key.verifyingKey]) == key.verifyingKey)
  }

  /// The signed bytes are what counts, canonical or not.
  @Test func aManifestInAnotherSpellingKeepsItsSignature() throws {
    var files = try PackageFixture.package().files()
    files[0].bytes = try JSONValue(parsing: files[0].bytes).prettyBytes()
    let package = try read(files).signed(with: key)
    #expect(package.manifestBytes == files[0].bytes)
    let packed = try ModelPackage(directory: unpacked(package))
    #expect(packed.id == package.id && packed.manifestBytes == files[0].bytes)
    #expect(try packed.checkSignature(by: [key.verifyingKey]) == key.verifyingKey)
  }

  @Test func aSignatureOfChangedFilesStaysBehind() throws {
    let path = try unpacked(signed())
    try directory.file("out/README.md", "# Better\n")
    let packed = try ModelPackage(directory: path)
    #expect(packed.signature == nil && packed.card == "# Better\n")
    #expect(try ModelPackage(bytes: packed.archiveBytes()).checkSignature() == nil)
  }

  @Test func aDamagedSignatureIsNamed() throws {
    let path = try unpacked(signed())
    try directory.file("out/manifest.sig", "{}\n")
    let error = #expect(throws: PackageError.self) { try ModelPackage(directory: path) }
    #expect(
      error?.message(for: path)
        == "\(path)/manifest.sig: \"algorithm\" is missing or no string; remove the file to pack without a signature"
    )
    #expect(error?.category == .untrusted)
  }

  @Test func aSignatureOfAnotherManifestIsRefused() throws {
    let package = try signed()
    let path = try unpacked(package)
    var manifest = package.manifest
    manifest.summary = "another"
    try directory.file("out/manifest.json", manifest.canonicalBytes())
    let fingerprint = try key.verifyingKey.fingerprint
    #expect(
      throws: PackageError.directorySignature(path: "\(path)/manifest.sig", .wrong(key: fingerprint))
    ) {
      try ModelPackage(directory: path)
    }
  }

  /// A header of weights with more spaces at its end, as other writers align it, gets a new digest when it is written.
  @Test func signingSignsTheManifestThatIsWritten() throws {
    let package = try PackageFixture.package()
    var files = try package.files()
    let last = files.count - 1
    var weights = files[last].bytes
    let length = Int(weights[0]) + Int(weights[1]) << 8
    weights.insert(contentsOf: [UInt8](repeating: 0x20, count: 8), at: 8 + length)
    (weights[0], weights[1]) = (UInt8((length + 8) & 255), UInt8((length + 8) >> 8))
    files[last].bytes = weights
    var manifest = package.manifest
    manifest.files[files[last].member.rawValue] = Manifest.FileRecord(of: weights)
    files[0].bytes = try manifest.canonicalBytes()
    let signed = try read(files).signed(with: key)
    let written = try ModelPackage(bytes: signed.archiveBytes())
    #expect(written.id == signed.id)
    #expect(try written.checkSignature(by: [key.verifyingKey]) == key.verifyingKey)
  }

  @Test func theHeadChecksItsSignature() throws {
    let path = directory.file("a.rnnpkg")
    let package = try signed()
    try package.write(toFile: path)
    #expect(try PackageHead(contentsOfFile: path).checkSignature() == key.verifyingKey)
    try PackageFixture.package().write(toFile: path)
    #expect(try PackageHead(contentsOfFile: path).checkSignature() == nil)
    try package.signed([1]).write(toFile: path)
    let error = #expect(throws: PackageError.self) {
      try PackageHead(contentsOfFile: path).checkSignature()
    }
    guard case .signature(.malformed)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
