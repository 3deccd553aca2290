import Foundation
import ModelPackage
import TestSupport
import Testing

/// Every limit of a package file, at the limit and one beyond it.
@Suite struct ArchiveBoundaryTests: ArchiveRefusals {
  let files: [(member: PackageMember, bytes: [UInt8])]

  init() throws { files = try PackageFixture.package().files() }

  // MARK: Sizes of files

  private static let limits: [(PackageMember, Int)] = [
    (PackageMember.card, 1 << 20), (.license, 1 << 20), (.vocabulary, 64 << 20), (.tokenizer, 64 << 20),
    (.checks, 64 << 20), (.suites, 16 << 20), (.weights, 512 << 20),
  ]

  /// An archive in which a file is said to have this size.
  private func archive(_ member: PackageMember, size: Int) -> TarBytes {
    var archive = TarBytes()
    if member != .manifest { archive.add("manifest.json", files[0].bytes) }
    archive.add(member.rawValue, size: String(size, radix: 8))
    return archive
  }

  @Test(arguments: limits)
  func aFileMayBeAsLargeAsItsLimit(_ member: PackageMember, _ limit: Int) {
    let name = member.rawValue
    // Refused for what the manifest says, which is asked next.
    if let listed = files.first(where: { $0.member == member }) {
      #expect(
        refusal(archive(member, size: limit))
          == .sizeMismatch(entry: name, expected: listed.bytes.count, found: Int64(limit)))
    } else {
      #expect(refusal(archive(member, size: limit)) == .unlistedEntry(name))
    }
    #expect(
      refusal(archive(member, size: limit + 1))
        == .entryTooLarge(entry: name, size: Int64(limit + 1), limit: limit))
  }

  @Test(arguments: [(PackageMember.manifest, 1 << 20), (.signature, 4 << 10)])
  func aFileThatNoTableListsMayBeAsLargeAsItsLimit(_ member: PackageMember, _ limit: Int) {
    guard case .archive(member.rawValue, _)? = refusal(archive(member, size: limit)) else {
      Issue.record("a size of \(limit) was refused for itself")
      return
    }
    #expect(
      refusal(archive(member, size: limit + 1))
        == .entryTooLarge(entry: member.rawValue, size: Int64(limit + 1), limit: limit))
  }

  /// Files that the table leaves out as well, so that nothing but their lack is wrong.
  @Test(arguments: [PackageMember.vocabulary, .weights])
  func filesThatEveryPackageHasMustBeThere(_ missing: PackageMember) throws {
    var manifest = try PackageFixture.package().manifest
    manifest.files[missing.rawValue] = nil
    let bytes = try manifest.canonicalBytes()
    let archive = tar { tar, member, _ in
      if member == .manifest { tar.add(member.rawValue, bytes) }
      return member == .manifest || member == missing
    }
    #expect(refusal(archive) == .missingEntry(missing.rawValue))
  }

  @Test func aFileMayBeEmpty() throws {
    let package = try ModelPackage(
      manifest: PackageFixture.manifest(), license: "", vocabulary: PackageFixture.vocabulary,
      tensors: PackageFixture.tensors)
    #expect(try ModelPackage(bytes: package.archiveBytes()).license == "")
  }

  @Test func aPackageMayHaveASignatureAsLargeAsItsLimit() throws {
    let signature = [UInt8](repeating: 0x20, count: 4 << 10)
    let package = try PackageFixture.package().signed(signature)
    #expect(try ModelPackage(bytes: package.archiveBytes()).signature == signature)
  }

  /// Such a size is stated in a header of its own, before the file's. A negative one is refused by libarchive, or here.
  @Test(arguments: ["1048577", "-1", "-9223372036854775808"])
  func sizesFromPaxHeadersAreCheckedToo(_ size: String) {
    let error = refusal(
      tar { tar, member, bytes in
        guard member == .license else { return false }
        tar.addPax([("size", size)])
        tar.add("LICENSE", bytes)
        return true
      })
    if size.hasPrefix("-") {
      #expect(error != nil)
    } else {
      #expect(error == .entryTooLarge(entry: "LICENSE", size: 1_048_577, limit: 1 << 20))
    }
  }

  // MARK: The package file

  /// The pages are never touched, so that they cost nothing.
  private func untouched(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      for index in 0..<min(count, 1 << 16) { bytes[index] = 0 }
      filled = count
    }
  }

  @Test func aPackageInMemoryMayBeAsLargeAsTheLimit() {
    #expect(refusal(untouched(512 << 20)) == .notAPackage(.unknown))
    #expect(
      refusal(untouched(512 << 20 + 1)) == .packageTooLarge(size: 512 << 20 + 1, limit: 512 << 20))
  }

  @Test func aPackageFileMayBeAsLargeAsTheLimit() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("a.rnnpkg")
    try Data().write(to: URL(fileURLWithPath: path))
    let file = try #require(FileHandle(forWritingAtPath: path))
    // A hole: nothing is written.
    try file.truncate(atOffset: 512 << 20)
    #expect(throws: PackageError.notAPackage(.unknown)) { try ModelPackage(contentsOfFile: path) }
    try file.truncate(atOffset: 512 << 20 + 1)
    #expect(throws: PackageError.packageTooLarge(size: 512 << 20 + 1, limit: 512 << 20)) {
      try ModelPackage(contentsOfFile: path)
    }
  }

  @Test func theSmallestGzipFileHas20Bytes() {
    let smallest = GzipBytes.compressed([])
    #expect(smallest.count == 20)
    #expect(refusal(smallest) == .notAPackage(.gzipOfOther))
    // Flags that gzip has not: seen once there are enough bytes to look at.
    let odd: [UInt8] = [0x1f, 0x8b, 8, 0xe0] + [UInt8](repeating: 0, count: 16)
    #expect(refusal(Array(odd.dropLast())) == .truncated(bytes: 19))
    guard case .damaged(.compression)? = refusal(odd) else {
      Issue.record("20 bytes were not looked at")
      return
    }
  }

  /// A block of zeros ends an archive; what has fewer is something else.
  @Test func aBlockOfZerosIsTakenForAnArchivesEnd() {
    let text = [UInt8](repeating: 0x78, count: 1_024)
    #expect(
      refusal(StoredGzip.member(text + [UInt8](repeating: 0, count: 511))) == .notAPackage(.gzipOfOther))
    guard case .archive(nil, _)? = refusal(StoredGzip.member(text + [UInt8](repeating: 0, count: 512))) else {
      Issue.record("512 zeros were not taken for an end")
      return
    }
  }

  // MARK: Around the files

  /// The fixture with a licence of so many bytes, as an archive, and the bytes of all its files.
  private func archive(license count: Int) throws -> (tar: [UInt8], total: Int) {
    let package = try ModelPackage(
      manifest: PackageFixture.manifest(), license: String(repeating: "l", count: count),
      vocabulary: PackageFixture.vocabulary, tensors: PackageFixture.tensors)
    var tar = TarBytes()
    var total = 0
    for file in try package.files() {
      tar.add(file.member.rawValue, file.bytes)
      total += file.bytes.count
    }
    return (tar.finished, total)
  }

  /// An archive whose files have `rest` bytes in all beyond a multiple of 512.
  private func archive(totalBeyondBlocks rest: Int) throws -> (tar: [UInt8], total: Int) {
    let start = try archive(license: 1_000)
    // The licence's digest changes no length; its own size keeps four digits.
    return try archive(license: 1_000 + (rest - start.total % 512 + 512) % 512)
  }

  private func padded(_ tar: [UInt8], to count: Int) -> [UInt8] {
    GzipBytes.compressed(tar + [UInt8](repeating: 0, count: count - tar.count))
  }

  @Test func paddingMayComeToTheLimitAndNotBeyond() throws {
    let whole = try archive(totalBeyondBlocks: 0)
    #expect(whole.total % 512 == 0)
    let limit = whole.total + 1 << 20
    #expect(try ModelPackage(bytes: padded(whole.tar, to: limit)).license?.isEmpty == false)
    #expect(refusal(padded(whole.tar, to: limit + 512)) == .overhead(limit: 1 << 20))
    // A single byte beyond.
    let other = try archive(totalBeyondBlocks: 511)
    #expect(other.total % 512 == 511)
    #expect(refusal(padded(other.tar, to: other.total + 1 << 20 + 1)) == .overhead(limit: 1 << 20))
  }

  /// The last byte of the last file is no zero, and nothing pads it: only the end's own two blocks are zeros.
  @Test func anArchiveEndsWithTwoBlocksOfZeros() throws {
    let package = try #require(
      try (1...256).lazy.map { count -> ModelPackage in
        var manifest = PackageFixture.manifest()
        manifest.model.parameters = count
        let values = [Float](repeating: -1.5, count: count)
        return try ModelPackage(
          manifest: manifest, vocabulary: PackageFixture.vocabulary,
          tensors: TensorFile(tensors: [Tensor(name: "w", shape: [count], values: values)]))
      }.first { try $0.tensors.bytes().count.isMultiple(of: 512) })
    var tar = TarBytes()
    for file in try package.files() { tar.add(file.member.rawValue, file.bytes) }
    #expect(tar.bytes.last != 0)
    #expect(try ModelPackage(bytes: StoredGzip.member(tar.finished)).id == package.id)
    #expect(
      refusal(StoredGzip.member(tar.finished.dropLast(512)))
        == .archive(entry: nil, reason: "the end of the archive is missing"))
  }

  /// Zeros that are content are no end.
  @Test(arguments: [512, 1_024]) func zerosOfTheContentEndNoArchive(missing: Int) throws {
    let count = 1_024
    var manifest = PackageFixture.manifest()
    manifest.model.parameters = count
    let package = try ModelPackage(
      manifest: manifest, vocabulary: PackageFixture.vocabulary,
      tensors: TensorFile(
        tensors: [Tensor(name: "w", shape: [count], values: [Float](repeating: 0, count: count))]))
    var tar = TarBytes()
    for file in try package.files() { tar.add(file.member.rawValue, file.bytes) }
    #expect(try ModelPackage(bytes: StoredGzip.member(tar.finished)).id == package.id)
    #expect(
      refusal(StoredGzip.member(tar.finished.dropLast(missing)))
        == .archive(entry: nil, reason: "the end of the archive is missing"))
  }

  // MARK: Compression

  /// What a package of `count` bytes may inflate to: 16 MiB and 100 for each byte.
  @Test func aPackageMayInflateToTheRatioAndNotBeyond() throws {
    let count = 170 * 128
    let limit = 16 << 20 + 100 * count
    // A pattern of four bytes: it compresses as zeros do.
    let values = [Float](repeating: 1, count: (limit - 1 << 19) / 4)
    var manifest = PackageFixture.manifest()
    manifest.model.parameters = values.count
    let package = try ModelPackage(
      manifest: manifest, vocabulary: PackageFixture.vocabulary,
      tensors: TensorFile(tensors: [Tensor(name: "w", shape: [values.count], values: values)]))
    var tar = TarBytes()
    for file in try package.files() { tar.add(file.member.rawValue, file.bytes) }
    func file(inflatingTo length: Int, of count: Int) -> [UInt8] {
      let content = tar.finished + [UInt8](repeating: 0, count: length - tar.finished.count)
      let bare = GzipBytes.compressed(content, comment: 0).count
      return GzipBytes.compressed(content, comment: count - bare)
    }
    let largest = file(inflatingTo: limit, of: count)
    #expect(largest.count == count && limit % 512 == 0)
    #expect(try ModelPackage(bytes: largest).id == package.id)
    #expect(refusal(file(inflatingTo: limit, of: count - 1)) == .ratio(limit: 100))
    #expect(refusal(file(inflatingTo: limit + 1, of: count)) == .ratio(limit: 100))
  }
}
