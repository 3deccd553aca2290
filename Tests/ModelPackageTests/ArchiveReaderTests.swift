import ModelPackage
import TestSupport
import Testing

@Suite struct ArchiveReaderTests: ArchiveRefusals {
  let files: [(member: PackageMember, bytes: [UInt8])]

  init() throws { files = try PackageFixture.package().files() }

  // MARK: The container

  @Test func anArchiveOfAnotherWriterIsRead() throws {
    let id = try PackageFixture.package().id
    #expect(try ModelPackage(bytes: StoredGzip.member(tar().finished)).id == id)
    #expect(try ModelPackage(bytes: GzipBytes.compressed(tar().finished)).id == id)
    // tar pads to records of 10 KiB.
    var padded = tar().finished
    padded += [UInt8](repeating: 0, count: 10_240 - padded.count % 10_240)
    #expect(try ModelPackage(bytes: StoredGzip.member(padded)).id == id)
  }

  private static let others: [([UInt8], PackageError.Lookalike)] = [
    ([], PackageError.Lookalike.empty), (Array("x".utf8), .unknown),
    (Array("<!DOCTYPE html><html>".utf8), .html),
    (Array("\n <HTML lang=en>".utf8), .html), (Array("PK\u{3}\u{4}rest".utf8), .zip),
    ([0x80, 4, 0x95], .pickle),
    (Array("version https://git-lfs.github.com/spec/v1\noid".utf8), .largeFilePointer),
    (Array("Rar!\u{1a}\u{7}".utf8), .rar), ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0], .sevenZip),
    ([0x28, 0xb5, 0x2f, 0xfd, 0], .zstd), ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], .xz),
    (Array("BZh91AY".utf8), .bzip2),
    (Array("GGUF\u{3}".utf8), .gguf), (Array("{\"format\":1}".utf8), .json),
    ([0x20, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":".utf8), .safetensors), ([0, 1, 2, 3], .unknown),
    ([UInt8](repeating: 0, count: 0x8001) + Array("CD001".utf8), .iso),
  ]

  @Test(arguments: others)
  func otherFilesAreRecognised(_ bytes: [UInt8], _ lookalike: PackageError.Lookalike) {
    #expect(refusal(bytes) == .notAPackage(lookalike))
  }

  @Test func aPlainTarIsRecognised() {
    #expect(refusal(tar().finished) == .notAPackage(.tar))
    #expect(
      refusal(tar().finished)?.description
        == "not a package: this is a tar archive without gzip; compress it with gzip")
  }

  @Test func gzipOfSomethingElseIsRecognised() {
    #expect(
      refusal(StoredGzip.member(Array("hello, this is only a text that was compressed".utf8)))
        == .notAPackage(.gzipOfOther))
    // gzip in gzip: one layer is opened, not two.
    #expect(refusal(StoredGzip.member(StoredGzip.member(tar().finished))) == .notAPackage(.gzipOfOther))
  }

  @Test func anEmptyArchiveHasNoManifest() {
    #expect(refusal(TarBytes()) == .missingEntry("manifest.json"))
    #expect(refusal(StoredGzip.member([])) != nil)
  }

  @Test func bytesAfterTheEndAreRefused() {
    let whole = GzipBytes.compressed(tar().finished)
    #expect(refusal(whole + [0]) == .trailingData(bytes: 1))
    #expect(refusal(whole + [0])?.description == "1 byte follows the end of the package")
    #expect(refusal(whole + Array("junk and more junk".utf8)) == .trailingData(bytes: 18))
    // A second member is data for gzip.
    #expect(refusal(whole + whole) != nil)
    #expect(refusal(whole + StoredGzip.member([])) != nil)
    #expect(refusal(whole + StoredGzip.member([UInt8](repeating: 0, count: 512))) != nil)
  }

  /// A second member after the first makes the file as long, and its last 8 bytes those, of one sound member.
  @Test func aSecondMemberWithTheTrailerOfBothIsRefused() {
    let content = tar().finished
    let whole = GzipBytes.compressed(content)
    for more in [[], [UInt8](repeating: 0, count: 512), tar().finished] {
      let both = content + more
      let second = StoredGzip.member(
        more, checksum: StoredGzip.crc32(both), length: UInt32(truncatingIfNeeded: both.count))
      #expect(refusal(whole + second) == .trailingData(bytes: second.count))
    }
  }

  @Test func bytesAfterTheEndAreNotData() {
    // Zeros that a gzip tool would skip.
    #expect(
      refusal(StoredGzip.member(tar().finished) + [UInt8](repeating: 0, count: 512))
        == .trailingData(bytes: 512))
  }

  @Test func junkBeforeIsRefused() {
    #expect(refusal([0] + StoredGzip.member(tar().finished)) == .notAPackage(.unknown))
  }

  @Test func checksumAndLengthAreChecked() {
    let content = tar().finished
    let sum = StoredGzip.crc32(content)
    #expect(
      refusal(StoredGzip.member(content, checksum: sum ^ 1))
        == .damaged(.checksum(expected: sum ^ 1, found: sum)))
    let count = UInt32(content.count)
    let error = refusal(StoredGzip.member(content, length: count + 1))
    #expect(error == .damaged(.length(expected: count + 1, found: count)))
    #expect(
      error?.description == "damaged: the data has \(count) bytes, its end says \(count + 1); fetch it again")
  }

  @Test func everyPrefixOfACompressedPackageIsTruncated() throws {
    let bytes = try PackageFixture.package().archiveBytes()
    for length in 1..<bytes.count { #expect(refusal(Array(bytes[..<length])) == .truncated(bytes: length)) }
    #expect(
      refusal([0x1f])?.description == "truncated: the package ends early, after 1 bytes; fetch it again")
  }

  @Test func everyPrefixOfTheArchiveInsideIsRefused() {
    let content = tar().finished
    for length in stride(from: 0, to: content.count, by: 64) {
      #expect(refusal(StoredGzip.member(Array(content[..<length]))) != nil)
    }
    #expect(
      refusal(StoredGzip.member(content.dropLast(1_024)))
        == .archive(entry: nil, reason: "the end of the archive is missing"))
    #expect(
      refusal(StoredGzip.member(content.dropLast(512)))
        == .archive(entry: nil, reason: "the end of the archive is missing"))
    #expect(refusal(StoredGzip.member(content + [0])) != nil)
  }

  @Test func aFlippedBitNeverGivesAnotherModel() throws {
    let package = try PackageFixture.package()
    let bytes = try package.archiveBytes()
    var accepted: [Int] = []
    for bit in 0..<8 * bytes.count {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      guard let read = try? ModelPackage(bytes: flipped) else { continue }
      accepted.append(bit / 8)
      #expect(read.id == package.id)
      #expect(read.tensors == package.tensors)
      #expect(read.vocabulary == package.vocabulary)
      #expect(read.goldenCases == package.goldenCases)
    }
    // The gzip header has bits that say nothing of the content, and a few others only choose among spellings of the
    // same bytes, such as where a run of zeros is copied from.
    #expect(accepted.count < bytes.count / 10)
  }

  @Test func aFlippedBitOfAStoredPackageIsSeen() throws {
    let content = tar().finished
    let bytes = StoredGzip.member(content)
    // From the first byte of the first block: the bits before it fill up the byte of the block's type.
    for bit in stride(from: 8 * 11, to: 8 * bytes.count, by: 61) {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: PackageError.self) { try ModelPackage(bytes: flipped) }
    }
  }

  @Test func junkAfterTheArchiveIsRefused() {
    let behind = tar().finished + [UInt8](repeating: 7, count: 512)
    #expect(refusal(StoredGzip.member(behind)) == .trailingData(bytes: 512))
    // After so much padding that the reader of the archive has never seen it.
    let far =
      tar().finished + [UInt8](repeating: 0, count: 300 * 1_024) + [1] + [UInt8](repeating: 0, count: 2_047)
    #expect(refusal(StoredGzip.member(far)) != nil)
    // A second archive after the first.
    #expect(refusal(StoredGzip.member(tar().finished + tar().finished)) != nil)
  }

  // MARK: Names

  @Test(arguments: [
    "../manifest.json", "/etc/passwd", "./manifest.json", "a/../manifest.json", "manifest.json/", "C:\\x",
    "a\\b", "",
    "Manifest.json", "manifest.JSON", "readme.md", "plugin.so", "run.sh", "weights.safetensors ",
    "\u{1b}[31m",
    "cafe\u{301}", ".", "..",
  ])
  func onlyTheFixedNamesAreAllowed(_ name: String) {
    let error = refusal(
      tar { tar, member, bytes in
        guard member == .license else { return false }
        tar.add(name, bytes)
        return true
      })
    #expect(error != nil)
    if !name.isEmpty, name != "manifest.json/" { #expect(error == .entryName(name)) }
    #expect(error?.description.utf8.contains(0x1b) == false)
  }

  @Test func aNameIsShownEscaped() {
    #expect(
      PackageError.entryName("..\\\u{1b}[31m\u{202e}x").description
        == #""..\\\u{1b}[31m\u{202e}x" is not the name of a file that a package can hold"#)
  }

  @Test func longNamesAreRefusedInAShortMessage() {
    for count in [300, 65_536, 900_000, 1_100_000] {
      let error = refusal(
        tar { tar, member, bytes in
          guard member == .license else { return false }
          tar.addPax([("path", String(repeating: "a/", count: count / 2))])
          tar.add("short", bytes)
          return true
        })
      #expect((error?.description.utf8.count ?? .max) < 300)
    }
  }

  @Test(arguments: ["../LICENSE", "LIC\u{c9}NSE", "\u{202e}ESNECIL"])
  func namesFromPaxHeadersAreCheckedToo(_ name: String) {
    let error = refusal(
      tar { tar, member, bytes in
        guard member == .license else { return false }
        tar.addPax([("path", name)])
        tar.add("LICENSE", bytes)
        return true
      })
    #expect(error == .entryName(name))
  }

  @Test func aNameThatIsNoUTF8IsRefused() {
    for type in ["x", "L"] as [Character] {
      let error = refusal(
        tar { tar, member, bytes in
          guard member == .license else { return false }
          if type == "x" {
            tar.addPax([("hdrcharset", "BINARY"), ("path", "LIC\u{e9}NSE")])
          } else {
            tar.add("././@LongLink", Array("LIC".utf8) + [0xff, 0xfe, 0], type: "L")
          }
          tar.add("LICENSE", bytes)
          return true
        })
      #expect(error != nil)
    }
  }

  // MARK: Kinds

  private static let kinds: [(Character, PackageError.EntryKind)] = [
    ("1", PackageError.EntryKind.hardLink), ("2", .symbolicLink), ("3", .device), ("4", .device),
    ("5", .directory),
    ("6", .pipe),
  ]

  @Test(arguments: kinds)
  func onlyPlainFilesAreAllowed(_ type: Character, _ kind: PackageError.EntryKind) {
    let error = refusal(
      tar { tar, member, _ in
        guard member == .license else { return false }
        tar.add("LICENSE", type: type, link: type == "1" || type == "2" ? "/etc/passwd" : "")
        return true
      })
    #expect(error == .notPlainFile(entry: "LICENSE", kind: kind))
    #expect(error?.description == "member \"LICENSE\" is not a plain file but a \(kind.rawValue)")
  }

  @Test(arguments: [0o4644, 0o2644, 0o1644, 0o7777])
  func privilegedModesAreRefused(_ mode: Int) {
    let error = refusal(
      tar { tar, member, bytes in
        guard member == .license else { return false }
        tar.add("LICENSE", bytes, mode: mode)
        return true
      })
    #expect(error == .notPlainFile(entry: "LICENSE", kind: .privileged))
  }

  @Test func ordinaryModesAreAllowed() throws {
    let archive = tar { tar, member, bytes in
      tar.add(member.rawValue, bytes, mode: 0o600)
      return true
    }
    #expect(try ModelPackage(bytes: StoredGzip.member(archive.finished)).card != nil)
  }

  @Test func sparseFilesAreRefused() {
    let error = refusal(
      tar { tar, member, bytes in
        guard member == .license else { return false }
        tar.addPax([
          ("GNU.sparse.name", "LICENSE"), ("GNU.sparse.size", "\(bytes.count + 100)"),
          ("GNU.sparse.numblocks", "1"), ("GNU.sparse.map", "100,\(bytes.count)"),
        ])
        tar.add("x", bytes)
        return true
      })
    #expect(error == .notPlainFile(entry: "LICENSE", kind: .sparse))
  }

  // MARK: Which files, in which order

  @Test func duplicatesAreRefused() {
    let error = refusal(
      tar { tar, member, bytes in
        if member == .license { tar.add("LICENSE", bytes) }
        return false
      })
    #expect(error == .duplicateEntry("LICENSE"))
    #expect(error?.description == "duplicate member \"LICENSE\"")
  }

  @Test func duplicatesFarApartAreRefused() {
    var archive = tar()
    archive.add("LICENSE", Array("x".utf8))
    #expect(refusal(archive) == .duplicateEntry("LICENSE"))
  }

  @Test func theOrderIsFixed() throws {
    var archive = TarBytes()
    for file in files.reversed() { archive.add(file.member.rawValue, file.bytes) }
    #expect(refusal(archive) == .wrongOrder(entry: "weights.safetensors", after: "the start"))
    archive = TarBytes()
    for index in [0, 2, 1, 3, 4, 5, 6] { archive.add(files[index].member.rawValue, files[index].bytes) }
    let error = refusal(archive)
    #expect(error == .wrongOrder(entry: "README.md", after: "LICENSE"))
    #expect(error?.description == "member \"README.md\" may not follow \"LICENSE\"")
  }

  @Test(arguments: [PackageMember.card, .license, .vocabulary, .checks, .suites, .weights])
  func everyListedFileMustBeThere(_ missing: PackageMember) {
    let error = refusal(tar { _, member, _ in member == missing })
    #expect(error == .missingEntry(missing.rawValue))
  }

  @Test func theManifestMustBeThere() {
    let error = refusal(tar { _, member, _ in member == .manifest })
    #expect(error == .wrongOrder(entry: "README.md", after: "the start"))
  }

  @Test func filesOutsideTheTableAreRefused() {
    let error = refusal(
      tar { tar, member, _ in
        if member == .checks { tar.add("tokenizer.json", Array("{}".utf8)) }
        return false
      })
    #expect(error == .unlistedEntry("tokenizer.json"))
    #expect(error?.description == "member \"tokenizer.json\" is not in the manifest's table of files")
  }

  @Test func aSignatureNeedsNoEntryInTheTable() throws {
    let archive = tar { tar, member, _ in
      if member == .card { tar.add("manifest.sig", [1, 2, 3]) }
      return false
    }
    let package = try ModelPackage(bytes: StoredGzip.member(archive.finished))
    #expect(package.signature == [1, 2, 3])
    #expect(try package.id == PackageFixture.package().id)
    #expect(try ModelPackage(bytes: package.archiveBytes()).signature == [1, 2, 3])
  }

  @Test func sizesAndDigestsMustAgree() throws {
    let longer = refusal(
      tar { tar, member, bytes in
        guard member == .license else { return false }
        tar.add("LICENSE", bytes + [0x0a])
        return true
      })
    #expect(longer == .sizeMismatch(entry: "LICENSE", expected: 19, found: 20))
    #expect(longer?.description == "member \"LICENSE\" has 20 bytes, the manifest says 19")
    let other = refusal(
      tar { tar, member, bytes in
        guard member == .license else { return false }
        tar.add("LICENSE", Array("B".utf8) + bytes.dropFirst())
        return true
      })
    guard case .digestMismatch("LICENSE", let expected, let found)? = other else {
      Issue.record("expected a digest mismatch, found \(String(describing: other))")
      return
    }
    #expect(
      other?.description
        == "member \"LICENSE\" has SHA-256 \(found.prefix(12))…, the manifest says \(expected.prefix(12))…")
  }
}
