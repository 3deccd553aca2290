import FileAccess
import ModelPackage
import TestSupport
import Testing

/// The head of a package is checked as far as it is read.
@Suite struct PackageHeadTests {
  /// The head of the fixture with other bytes in place of a file's.
  private func refusal(_ member: PackageMember, _ bytes: [UInt8]) throws -> PackageError? {
    let directory = TemporaryDirectory()
    let path = directory.file("a.rnnpkg")
    var tar = TarBytes()
    for file in try PackageFixture.package().files() {
      tar.add(file.member.rawValue, file.member == member ? bytes : file.bytes)
    }
    try FileAccess.write(StoredGzip.member(tar.finished), to: path)
    return #expect(throws: PackageError.self) { try PackageHead(contentsOfFile: path) }
  }

  @Test func aCardOfAnotherSizeIsRefused() throws {
    let card = Array(try #require(try PackageFixture.package().card).utf8)
    #expect(
      try refusal(.card, card + [0x0a])
        == .sizeMismatch(entry: "README.md", expected: card.count, found: Int64(card.count + 1)))
  }

  @Test func aCardOfOtherBytesIsRefused() throws {
    let card = Array(try #require(try PackageFixture.package().card).utf8)
    guard case .digestMismatch("README.md", _, _)? = try refusal(.card, [0x21] + card.dropFirst()) else {
      Issue.record("a changed card was not refused")
      return
    }
  }

  @Test func aCardThatIsNoTextIsRefused() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("a.rnnpkg")
    let card: [UInt8] = [0x23, 0x20, 0xff, 0x0a]
    var manifest = try PackageFixture.package().manifest
    manifest.files["README.md"] = Manifest.FileRecord(of: card)
    var tar = TarBytes()
    tar.add("manifest.json", try manifest.canonicalBytes())
    tar.add("README.md", card)
    try FileAccess.write(StoredGzip.member(tar.finished), to: path)
    let error = #expect(throws: PackageError.self) { try PackageHead(contentsOfFile: path) }
    #expect(error == .invalidUTF8(entry: "README.md", offset: 2))
    #expect(throws: PackageError.self) { try ModelPackage(contentsOfFile: path) }
  }

  @Test func aSignatureIsReadWithTheHead() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("a.rnnpkg")
    let package = try PackageFixture.package().signed(with: SigningKey())
    try package.write(toFile: path)
    #expect(try PackageHead(contentsOfFile: path).signature == package.signature)
  }
}
