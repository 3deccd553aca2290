import FileAccess
import ModelPackage
import StrictJSON
import Testing

@Suite struct ModelPackageTests {
  @Test func whatIsWrittenIsRead() throws {
    let package = try PackageFixture.package()
    let read = try ModelPackage(bytes: try package.archiveBytes())
    #expect(read.manifest == package.manifest)
    #expect(read.manifestBytes == package.manifestBytes)
    #expect(read.id == package.id)
    #expect(read.card == package.card)
    #expect(read.license == package.license)
    #expect(read.vocabulary == package.vocabulary)
    #expect(read.goldenCases == package.goldenCases)
    #expect(read.suites == package.suites)
    #expect(read.tensors == package.tensors)
    #expect(read.signature == nil)
    #expect(read.tokenizerTable == nil)
  }

  @Test func sameInputsGiveSameBytes() throws {
    let first = try PackageFixture.package().archiveBytes()
    #expect(try PackageFixture.package().archiveBytes() == first)
    #expect(try ModelPackage(bytes: first).archiveBytes() == first)
  }

  @Test func thePackageIDIsTheDigestOfTheManifest() throws {
    let package = try PackageFixture.package()
    #expect(package.id.utf8.count == 64)
    #expect(package.manifestBytes == (try package.manifest.canonicalBytes()))
  }

  @Test func theTableOfFilesCoversEveryFile() throws {
    let package = try PackageFixture.package()
    let files = try package.files()
    #expect(
      files.map(\.member) == [.manifest, .card, .license, .vocabulary, .checks, .suites, .weights])
    for file in files.dropFirst() {
      #expect(package.manifest.files[file.member.rawValue]?.size == file.bytes.count)
    }
  }

  @Test func everyPrefixIsRefused() throws {
    let bytes = try PackageFixture.package().archiveBytes()
    for length in 0..<bytes.count {
      let error = #expect(throws: PackageError.self) { try ModelPackage(bytes: Array(bytes[..<length])) }
      if length >= 1 { #expect(error == .truncated(bytes: length)) }
    }
  }
}
