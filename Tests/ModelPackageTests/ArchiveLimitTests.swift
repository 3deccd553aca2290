import Foundation
import ModelPackage
import TestSupport
import Testing

/// What a hostile archive may cost.
@Suite struct ArchiveLimitTests: ArchiveRefusals {
  let files: [(member: PackageMember, bytes: [UInt8])]

  init() throws { files = try PackageFixture.package().files() }

  // MARK: Sizes

  private static let limits: [(PackageMember, Int)] = [
    (PackageMember.manifest, 1 << 20), (.signature, 4 << 10), (.card, 1 << 20), (.license, 1 << 20),
    (.vocabulary, 64 << 20), (.weights, 512 << 20),
  ]

  @Test(arguments: limits)
  func sizesAreCheckedBeforeAnythingIsRead(_ member: PackageMember, _ limit: Int) {
    var archive = TarBytes()
    if member != .manifest { archive.add("manifest.json", files[0].bytes) }
    archive.add(member.rawValue, size: String(limit + 1, radix: 8))
    #expect(refusal(archive) == .entryTooLarge(entry: member.rawValue, size: Int64(limit + 1), limit: limit))
  }

  private static let absurdSizes: [[UInt8]] = [
    [0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ]

  @Test(arguments: absurdSizes)
  func absurdSizesAreRefused(_ field: [UInt8]) {
    var archive = TarBytes()
    archive.add("manifest.json", sizeField: field)
    #expect(refusal(archive) != nil)
  }

  @Test func aWrongHeaderChecksumIsRefused() {
    let error = refusal(
      tar { tar, member, bytes in
        guard member == .license else { return false }
        tar.add("LICENSE", bytes, checksum: 1)
        return true
      })
    #expect(error != nil)
  }

  @Test func manyMembersAreRefused() {
    var archive = TarBytes()
    for index in 0..<20_000 { archive.add("f\(index)") }
    #expect(refusal(archive) == .entryName("f0"))
  }

  /// 32 MiB of zeros in 32 KiB: within every size, and still no weights.
  @Test func bombsWithinTheSizesAreRefused() throws {
    let zeros = [UInt8](repeating: 0, count: 32 << 20)
    var archive = TarBytes()
    var manifest = PackageFixture.manifest()
    manifest.files["weights.safetensors"] = Manifest.FileRecord(of: zeros)
    archive.add("manifest.json", try manifest.canonicalBytes())
    archive.add("weights.safetensors", zeros)
    let error = refusal(GzipBytes.compressed(archive.finished))
    #expect(error == .ratio(limit: PackageLimits.ratio))
    #expect(error?.description == "inflates to more than 100 times its size, as a decompression bomb does")
  }

  /// What deflate would make smaller than a hundredth is stored, since nobody would read it otherwise.
  @Test func weightsOfZerosCanBeReadAgain() throws {
    let count = 6 << 20
    var manifest = PackageFixture.manifest()
    manifest.model.parameters = count
    let package = try ModelPackage(
      manifest: manifest, vocabulary: PackageFixture.vocabulary,
      tensors: TensorFile(
        tensors: [Tensor(name: "w", shape: [count], values: [Float](repeating: 0, count: count))]))
    let bytes = try package.archiveBytes()
    #expect(bytes.count > 4 * count)
    #expect(try ModelPackage(bytes: bytes).id == package.id)
  }

  // MARK: Mutations

  /// The archive's bytes changed at random, with a checksum that fits, so that the reader of the archive sees them.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func mutatedArchivesNeverGiveAnotherModel(_ seed: UInt64) throws {
    let package = try PackageFixture.package()
    let whole = tar().finished
    var state = seed
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let bytes: [UInt8] = [0, 0x20, 0x2f, 0x30, 0x31, 0x37, 0x3d, 0x4c, 0x67, 0x78, 0x80, 0xff]
    for _ in 0..<300 {
      var changed = whole
      for _ in 0...random(3) {
        // Headers more often than content.
        let offset = random(2) == 0 ? random(changed.count / 512) * 512 + random(160) : random(changed.count)
        switch random(8) {
        case 0: changed.removeSubrange(offset..<min(offset + 1 + random(600), changed.count))
        case 1: changed.insert(contentsOf: changed[..<min(512, changed.count)], at: offset / 512 * 512)
        default: changed[min(offset, changed.count - 1)] = bytes[random(bytes.count)]
        }
        if changed.count < 1_024 { changed += [UInt8](repeating: 0, count: 1_024) }
      }
      guard let read = try? ModelPackage(bytes: StoredGzip.member(changed)) else { continue }
      // Only the manifest can differ: nothing but a signature speaks for it, and the id tells.
      #expect((read.id == package.id) == (read.manifestBytes == package.manifestBytes))
      #expect(read.tensors == package.tensors)
      #expect(read.vocabulary == package.vocabulary)
    }
  }

  // MARK: Bombs

  /// Runs `body`, which may take seconds of the processor at most. The promise is one; builds for debugging are slower.
  private func expectQuick(_ body: () -> Void) {
    let start = processorSeconds()
    body()
    let seconds = processorSeconds() - start
    #expect(seconds < 5)
  }

  /// What this thread has taken: tests beside this one do not count.
  private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  @Test func aBombOfPaddingStops() {
    let bomb = GzipBytes.compressed(tar().finished + [UInt8](repeating: 0, count: 64 << 20))
    #expect(bomb.count < 1 << 20)
    expectQuick { #expect(refusal(bomb) == .overhead(limit: PackageLimits.overheadBytes)) }
    #expect(
      refusal(bomb)?.description
        == "inflates to more than 1048576 bytes beside its files, as a decompression bomb does")
  }

  @Test func aManifestBombStops() {
    var archive = TarBytes()
    archive.add("manifest.json", [UInt8](repeating: 0x20, count: 8 << 20))
    let bomb = GzipBytes.compressed(archive.finished)
    expectQuick {
      #expect(refusal(bomb) == .entryTooLarge(entry: "manifest.json", size: 8 << 20, limit: 1 << 20))
    }
  }

  @Test func aBombOfHeadersStops() {
    var archive = TarBytes()
    for _ in 0..<40 { archive.addPax([("comment", String(repeating: "a", count: 1_000_000))]) }
    archive.add("manifest.json", files[0].bytes)
    let bomb = GzipBytes.compressed(archive.finished)
    expectQuick { #expect(refusal(bomb) != nil) }
    archive = TarBytes()
    for _ in 0..<5_000 { archive.addPax([], type: "g") }
    archive.add("manifest.json", files[0].bytes)
    expectQuick { #expect(refusal(GzipBytes.compressed(archive.finished)) != nil) }
  }

  @Test func aBombOfOnlyZerosStops() {
    let bomb = GzipBytes.compressed([UInt8](repeating: 0, count: 64 << 20))
    expectQuick { #expect(refusal(bomb) != nil) }
  }
}
