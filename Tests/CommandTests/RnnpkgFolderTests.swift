import Foundation
import StrictJSON
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Folders of texts where `rnnpkg` takes files of them.
@Suite struct RnnpkgFolderTests {
  private let scratch = TemporaryDirectory()

  /// The reviews as a file for each text in a folder for each label, and as a table in the same order.
  private func writeReviews() throws -> (folder: String, table: String) {
    var rows = "label\ttext\n"
    for label in ["negative", "positive"] {
      try FileManager.default.createDirectory(
        atPath: scratch.file("reviews/\(label)"), withIntermediateDirectories: true)
      let texts = RnnpkgFixtures.reviews.filter { $0.label == label }.map(\.text)
      for (number, text) in texts.enumerated() {
        try scratch.file("reviews/\(label)/\(100 + number).txt", text + "\n")
        rows += "\(label)\t\(text)\n"
      }
    }
    return (scratch.file("reviews"), try scratch.file("reviews.tsv", rows))
  }

  private func run(_ arguments: String...) throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(arguments, in: scratch.path)
  }

  @Test func aFolderTeachesWhatATableOfItsTextsDoes() throws {
    let (folder, table) = try writeReviews()
    _ = try RnnpkgFixtures.trained(scratch, on: folder + "/", as: "folder.rnnpkg", "--valid", folder)
    _ = try RnnpkgFixtures.trained(scratch, on: table, as: "table.rnnpkg", "--valid", table)
    let same = try run("diff", "folder.rnnpkg", "table.rnnpkg", "--data", "reviews/", "--json")
    #expect(same.status == 0, "\(same.message)")
    let difference = try JSONValue(parsing: same.standardOutput)
    #expect(difference["answers"]?["flips"] == .integer(0), "\(same.output)")
    #expect(difference["answers"]?["data"] == .string("reviews"))
    let test = try run("test", "folder.rnnpkg", "reviews/")
    #expect(test.status == 0 && test.lines.first?.contains(" on reviews ") == true, "\(test.output)")
    #expect(try run("test", "table.rnnpkg", table).lines.dropFirst() == test.lines.dropFirst())
  }

  @Test func theManifestNamesTheFolderAndTheDigestOfItsFiles() throws {
    let (folder, _) = try writeReviews()
    // A list of paths is in another order than folders and then their files; the second name is escaped in it.
    try FileManager.default.createDirectory(
      atPath: "\(folder)/negative too", withIntermediateDirectories: true)
    try scratch.file("reviews/negative too/1", "weak")
    try scratch.file("reviews/positive/a\\b\nc", "warm")
    _ = try RnnpkgFixtures.trained(scratch, on: folder + "/", "--valid", folder)
    let manifest = try JSONValue(parsing: try run("show", "out.rnnpkg", "--json").standardOutput)
    let data = try #require(manifest["training"]?["data"]?.arrayValue?.first)
    #expect(data["name"] == .string("reviews"))
    let digest = try #require(data["sha256"]?.stringValue)
    #expect(manifest["evaluation"]?.arrayValue?.first?["data"]?["sha256"] == .string(digest))
    if FileManager.default.isExecutableFile(atPath: "/usr/bin/sha256sum") {
      let list = try shell("LC_ALL=C; cd reviews && sha256sum */* | sha256sum")
      #expect("sha256:" + list.prefix(64) == digest)
    }
    try scratch.file("reviews/negative/100.txt", "A film.")
    _ = try run("test", "out.rnnpkg", folder, "--record", "changed")
    let changed = try JSONValue(parsing: try run("show", "out.rnnpkg", "--json").standardOutput)
    let record = changed["evaluation"]?.arrayValue?.first { $0["data"]?["name"] == .string("changed") }
    #expect(record?["data"]?["sha256"]?.stringValue != digest)
  }

  private func shell(_ command: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// It would take a text's place, or be one in the next run.
  @Test func anOutputAmongTheTextsIsRefused() throws {
    let (folder, table) = try writeReviews()
    let package = try SmallPackage.path()
    let text = try scratch.text(of: "reviews/positive/100.txt")
    let inside = "reviews/positive/100.txt"
    for arguments in [
      ["train", folder, "-o", inside],
      ["train", table, "--valid", folder, "-o", "reviews/positive/new.rnnpkg"],
      ["train", folder, "-o", "x.rnnpkg", "--log", "reviews/negative/log.jsonl"],
      ["vectors", "reviews/positive", "-o", inside], ["pretrain", folder, "-o", inside],
      ["quantize", package, "--check", folder, "-o", inside],
      ["partner", package, "--data", folder, "--valid", table, "-o", inside],
    ] {
      let outcome = try RnnpkgFixtures.run(arguments, in: scratch.path)
      #expect(
        outcome.status == 73 && outcome.message.contains("the output is also read"), "\(outcome.message)")
    }
    #expect(try scratch.text(of: "reviews/positive/100.txt") == text)
    _ = try RnnpkgFixtures.trained(scratch, on: folder, as: "reviews/beside.rnnpkg")
  }

  /// A folder of this name is `./-`.
  @Test func aDashIsStandardInputWhateverStandsThere() throws {
    let (folder, _) = try writeReviews()
    try FileManager.default.moveItem(atPath: folder, toPath: scratch.file("-"))
    var runner = RnnpkgFixtures.rnnpkg
    runner.directory = scratch.path
    let read = try runner.run(
      arguments: ["test", try SmallPackage.path(), "-", "--format", "tsv"].map { Array($0.utf8) },
      input: try scratch.bytes(of: "reviews.tsv") + Array("neither\ttext\n".utf8))
    #expect(read.status == 65 && read.message.contains("standard input:62: the label"), "\(read.message)")
    #expect(try run("test", try SmallPackage.path(), "./-").status == 0)
  }

  /// A text a file, read twice.
  @Test func vectorsAndUnlabelledTextsComeFromFolders() throws {
    let (_, table) = try writeReviews()
    let options = ["--dimension", "4", "--epochs", "1", "--quiet"]
    let lines = try scratch.file(
      "plain.txt", RnnpkgFixtures.reviews.filter { $0.label == "negative" }.map { $0.text + "\n" }.joined())
    for (data, output) in [(lines, "lines.vec"), ("reviews/negative", "folder.vec")] {
      let outcome = try RnnpkgFixtures.run(["vectors", data, "-o", output] + options, in: scratch.path)
      #expect(outcome.status == 0, "\(outcome.message)")
    }
    #expect(try scratch.bytes(of: "folder.vec") == scratch.bytes(of: "lines.vec"))
    _ = try RnnpkgFixtures.trained(
      scratch, on: table, "--virtual-adversarial", "1", "--unlabelled", "reviews")
  }

  @Test func whatIsWrongWithAFolderIsAnErrorOfItsData() throws {
    _ = try writeReviews()
    let flat = try run("train", "reviews/negative")
    #expect(flat.status == 65 && flat.message.contains("a folder for each label"), "\(flat.message)")
    #expect(mkfifo(scratch.file("reviews/positive/pipe"), 0o600) == 0)
    let pipe = try run("test", try SmallPackage.path(), "reviews")
    #expect(pipe.status == 74 && pipe.message.contains("positive/pipe: a named pipe"), "\(pipe.message)")
    let absent = try run("train", "no-folder/")
    #expect(absent.status == 66, "\(absent.message)")
  }
}
