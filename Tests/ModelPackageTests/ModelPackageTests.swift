import FileAccess
import Foundation
import ModelPackage
import StrictJSON
import TestSupport
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

  @Test func nothingOfTheMachineIsInTheFile() throws {
    let bytes = try PackageFixture.package().archiveBytes()
    // gzip header: no name, no comment, time 0.
    #expect(Array(bytes[..<8]) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
  }

  @Test func thePackageIDIsTheDigestOfTheManifest() throws {
    let package = try PackageFixture.package()
    #expect(package.id.utf8.count == 64)
    #expect(package.manifestBytes == (try package.manifest.canonicalBytes()))
    var other = package.manifest
    other.summary = "Other"
    let changed = try ModelPackage(
      manifest: other, card: package.card, license: package.license, vocabulary: package.vocabulary,
      goldenCases: package.goldenCases, suites: package.suites, tensors: package.tensors)
    #expect(changed.id != package.id)
    #expect(changed.manifest.files == package.manifest.files)
  }

  @Test func theTableOfFilesCoversEveryFile() throws {
    let package = try PackageFixture.package()
    let files = try package.files()
    #expect(files.map(\.member) == [.manifest, .card, .license, .vocabulary, .checks, .suites, .weights])
    #expect(package.manifest.files.count == files.count - 1)
    for file in files.dropFirst() {
      #expect(package.manifest.files[file.member.rawValue]?.size == file.bytes.count)
    }
  }

  @Test func halvesAreStoredInHalfTheSpace() throws {
    var manifest = PackageFixture.manifest()
    manifest.model.dtype = .f16
    manifest.model.parameters = 2
    let tensors = TensorFile(tensors: [Tensor(name: "w", shape: [2], dtype: .f16, values: [0.1, 1])])
    let package = try ModelPackage(
      manifest: manifest, vocabulary: PackageFixture.vocabulary, tensors: tensors)
    let read = try ModelPackage(bytes: package.archiveBytes())
    // The value in memory is the one a reader gets, rounded when written.
    #expect(read.tensors["w"]?.values == [0.099975586, 1])
    #expect(try ModelPackage(bytes: read.archiveBytes()).id == read.id)
  }

  @Test func anotherManifestMakesAnotherPackage() throws {
    let package = try PackageFixture.package().signed([1, 2])
    var manifest = package.manifest
    manifest.model.output.calibration?.t = 2
    let calibrated = try package.replacingManifest(manifest)
    #expect(calibrated.id != package.id)
    #expect(calibrated.signature == nil)
    #expect(calibrated.tensors == package.tensors)
    #expect(try ModelPackage(bytes: calibrated.archiveBytes()).manifest.model.output.calibration?.t == 2)
  }

  @Test func aSignatureKeepsTheID() throws {
    let package = try PackageFixture.package()
    let signed = try package.signed([1, 2, 3])
    #expect(signed.id == package.id)
    #expect(try ModelPackage(bytes: signed.archiveBytes()).signature == [1, 2, 3])
    #expect(try signed.signed(nil).archiveBytes() == package.archiveBytes())
    #expect(throws: PackageError.entryTooLarge(entry: "manifest.sig", size: 4_097, limit: 4_096)) {
      try package.signed([UInt8](repeating: 0, count: 4_097))
    }
  }

  @Test func aCardOfTheMostBytesThereMayBeIsWritten() throws {
    let package = try PackageFixture.package()
    func card(_ count: Int) throws -> [(member: PackageMember, bytes: [UInt8])] {
      try ModelPackage(
        manifest: package.manifest, card: String(repeating: "a", count: count),
        vocabulary: PackageFixture.vocabulary, tensors: PackageFixture.tensors
      ).files()
    }
    #expect(try card(1 << 20).contains { $0.member == .card && $0.bytes.count == 1 << 20 })
    #expect(throws: PackageError.entryTooLarge(entry: "README.md", size: 1_048_577, limit: 1 << 20)) {
      try card(1 << 20 + 1)
    }
  }

  // MARK: What must agree

  private func refusal(
    _ change: (inout Manifest) -> Void = { _ in }, vocabulary: [UInt8] = PackageFixture.vocabulary,
    tensors: TensorFile = PackageFixture.tensors
  ) -> PackageError? {
    var manifest = PackageFixture.manifest()
    change(&manifest)
    return #expect(throws: PackageError.self) {
      try ModelPackage(manifest: manifest, vocabulary: vocabulary, tensors: tensors)
    }
  }

  @Test func sizesMustAgree() {
    #expect(
      refusal(vocabulary: Array("a\nb".utf8))?.description
        == "vocabulary.txt has 2 lines, manifest.json says tokenizer.size 6")
    #expect(refusal(vocabulary: []) == .vocabularySize(lines: 0, manifest: 6))
    #expect(
      refusal({ $0.model.parameters = 23 })?.description
        == "weights.safetensors holds 22 numbers, manifest.json says model.parameters 23")
  }

  @Test func typesMustAgree() {
    let error = refusal(
      { $0.model.parameters = nil },
      tensors: TensorFile(tensors: [Tensor(name: "w", shape: [], dtype: .f16, values: [0])]))
    #expect(error?.description == #"tensor "w" is stored as f16, manifest.json says model.dtype f32"#)
  }

  @Test func weightsMustBeFinite() {
    let error = refusal(tensors: TensorFile(tensors: [Tensor(name: "w", shape: [1], values: [.nan])]))
    #expect(error?.description == #"weights.safetensors: tensor "w" has 1 non-finite value"#)
    #expect(error?.category == .malformed)
  }

  @Test func aBadManifestIsNotPacked() {
    #expect(refusal({ $0.name = "a/b" }) != nil)
    #expect(refusal({ $0.model.encoder.layers = 0 })?.category == .malformed)
    #expect(refusal({ $0.model.output.calibration?.t = .infinity }) != nil)
  }

  // MARK: Files

  @Test func aFileIsWrittenAndRead() throws {
    let directory = TemporaryDirectory()
    let package = try PackageFixture.package()
    try package.write(toFile: directory.file("a.rnnpkg"))
    #expect(directory.names == ["a.rnnpkg"])
    #expect(try ModelPackage(contentsOfFile: directory.file("a.rnnpkg")).id == package.id)
  }

  @Test func filesAreCheckedAsBytesAre() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("a.rnnpkg")
    let bytes = try PackageFixture.package().archiveBytes()
    func refusal(_ bytes: [UInt8]) throws -> PackageError? {
      // Not synced: a disk that is busy would make this the slowest test.
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return #expect(throws: PackageError.self) { try ModelPackage(contentsOfFile: path) }
    }
    for length in stride(from: 1, to: bytes.count, by: 13) {
      #expect(try refusal(Array(bytes[..<length])) == .truncated(bytes: length))
    }
    #expect(try refusal(bytes + [0, 0]) == .trailingData(bytes: 2))
    #expect(try refusal(bytes.dropLast() + [1]) != nil)
    #expect(try refusal([]) == .notAPackage(.empty))
    #expect(try refusal(Array("PK\u{3}\u{4}".utf8)) == .notAPackage(.zip))
  }

  @Test func answeringTakesManifestVocabularyAndWeights() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("a.rnnpkg")
    let package = try PackageFixture.package()
    try package.write(toFile: path)
    let read = try ModelPackage(answeringFrom: path)
    #expect(read.id == package.id && read.manifest == package.manifest)
    #expect(read.vocabulary == package.vocabulary && read.tensors == package.tensors)
    #expect(read.goldenCases.isEmpty && read.suites == nil && read.card == nil && read.license == nil)
    // What is not parsed is checked all the same.
    var archive = TarBytes()
    for file in try package.files() {
      archive.add(file.member.rawValue, file.member == .checks ? file.bytes.map { $0 ^ 1 } : file.bytes)
    }
    try Data(StoredGzip.member(archive.finished)).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: PackageError.self) { try ModelPackage(answeringFrom: path) }
    guard case .digestMismatch("checks.jsonl", _, _)? = error else {
      Issue.record("expected a digest mismatch, found \(String(describing: error))")
      return
    }
    archive = TarBytes()
    for file in try package.files() where file.member != .checks {
      archive.add(file.member.rawValue, file.bytes)
    }
    try Data(StoredGzip.member(archive.finished)).write(to: URL(fileURLWithPath: path))
    #expect(throws: PackageError.missingEntry("checks.jsonl")) { try ModelPackage(answeringFrom: path) }
  }

  @Test func missingFilesAreNotFound() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("no.rnnpkg")
    let error = #expect(throws: PackageError.self) { try ModelPackage(contentsOfFile: path) }
    #expect(error?.category == .notFound)
    #expect(error?.message(for: path) == "\(path): no such file")
    let head = #expect(throws: PackageError.self) { try PackageHead(contentsOfFile: path) }
    #expect(head?.category == .notFound)
    let folder = #expect(throws: PackageError.self) { try ModelPackage(contentsOfFile: directory.path) }
    #expect(folder?.message(for: directory.path) == "\(directory.path): a directory, not a regular file")
    let place = #expect(throws: PackageError.self) {
      try PackageFixture.package().write(toFile: directory.file("no/a.rnnpkg"))
    }
    #expect(place?.category == .cannotCreate)
  }

  @Test func messagesNameTheFileOnce() {
    #expect(
      PackageError.truncated(bytes: 12).message(for: "a\u{1b}.rnnpkg")
        == "a\\u{1b}.rnnpkg: truncated: the package ends early, after 12 bytes; fetch it again")
    #expect(
      PackageError.notAPackage(.empty).message(for: "a.rnnpkg")
        == "a.rnnpkg: not a package: the file is empty")
  }

  // MARK: Head

  @Test func theHeadIsReadAlone() throws {
    let directory = TemporaryDirectory()
    let package = try PackageFixture.package()
    let path = directory.file("a.rnnpkg")
    try package.write(toFile: path)
    let head = try PackageHead(contentsOfFile: path)
    #expect(head.manifest == package.manifest)
    #expect(head.manifestBytes == package.manifestBytes)
    #expect(head.id == package.id)
    #expect(head.card == package.card)
    #expect(head.signature == nil)
  }

  @Test func theHeadOfADamagedPackageIsReadIfItIsWhole() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("a.rnnpkg")
    // Enough weights that the rest is far away from the head.
    var manifest = PackageFixture.manifest()
    manifest.model.parameters = 300_000
    let values = (0..<300_000).map { Float($0 &* 2_654_435_761 % 1_000_003) }
    let package = try ModelPackage(
      manifest: manifest, card: "# Card\n", vocabulary: PackageFixture.vocabulary,
      tensors: TensorFile(tensors: [Tensor(name: "w", shape: [300_000], values: values)]))
    let bytes = try package.archiveBytes()
    try FileAccess.write(Array(bytes[..<(bytes.count / 2)]), to: path)
    #expect(try PackageHead(contentsOfFile: path).card == "# Card\n")
    #expect(throws: PackageError.truncated(bytes: bytes.count / 2)) { try ModelPackage(contentsOfFile: path) }
  }

  @Test func whatIsNoPackageHasNoHead() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("a.rnnpkg")
    let bytes = try PackageFixture.package().archiveBytes()
    for length in [0, 1, 3, 10, 18, 40, 200] {
      try FileAccess.write(Array(bytes[..<length]), to: path)
      #expect(throws: PackageError.self) { try PackageHead(contentsOfFile: path) }
    }
    try FileAccess.write(Array("<html>".utf8), to: path)
    #expect(throws: PackageError.notAPackage(.html)) { try PackageHead(contentsOfFile: path) }
  }

  // MARK: Directories

  @Test func whatIsUnpackedCanBePacked() throws {
    let directory = TemporaryDirectory()
    let package = try PackageFixture.package()
    try package.unpack(intoDirectory: directory.file("out"))
    #expect(
      try FileAccess.names(inDirectory: directory.file("out")) == [
        "LICENSE", "README.md", "checks.jsonl", "manifest.json", "suites.json", "vocabulary.txt",
        "weights.safetensors",
      ])
    #expect(try ModelPackage(directory: directory.file("out")).archiveBytes() == package.archiveBytes())
  }

  @Test func anEditedDirectoryIsPackedAnew() throws {
    let directory = TemporaryDirectory()
    let package = try PackageFixture.package()
    try package.unpack(intoDirectory: directory.file("out"))
    try directory.file("out/README.md", "# Better\n")
    try directory.file("out/.DS_Store", "ignored")
    let edited = try ModelPackage(directory: directory.file("out"))
    #expect(edited.card == "# Better\n")
    #expect(edited.id != package.id)
    #expect(try ModelPackage(bytes: edited.archiveBytes()).card == "# Better\n")
  }

  @Test func otherFilesInADirectoryAreNamed() throws {
    let directory = TemporaryDirectory()
    try PackageFixture.package().unpack(intoDirectory: directory.file("out"))
    try directory.file("out/run.sh", "")
    let error = #expect(throws: PackageError.self) { try ModelPackage(directory: directory.file("out")) }
    #expect(
      error?.description == "\(directory.file("out")): \"run.sh\" is no file of a package; remove it first")
    let empty = #expect(throws: PackageError.self) { try ModelPackage(directory: directory.file("none")) }
    #expect(empty?.category == .notFound)
  }

  @Test func aFullDirectoryIsNotUnpackedInto() throws {
    let directory = TemporaryDirectory()
    try directory.file("file", "mine")
    let error = #expect(throws: PackageError.self) {
      try PackageFixture.package().unpack(intoDirectory: directory.path)
    }
    #expect(error == .file(.directoryNotEmpty(path: directory.path)))
    #expect(error?.category == .cannotCreate)
    #expect(directory.names == ["file"])
  }
}
