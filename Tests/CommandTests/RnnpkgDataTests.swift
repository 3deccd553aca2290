import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What `rnnpkg` reads of files of labelled texts, and what it says of those it cannot use.
@Suite struct RnnpkgDataTests {
  private let scratch = TemporaryDirectory()

  private func train(_ arguments: String...) throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(["train"] + arguments + RnnpkgFixtures.tiny, in: scratch.path)
  }

  private func test(_ package: String, _ arguments: String...) throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(["test", package] + arguments, in: scratch.path)
  }

  /// Rows without a header.
  private func rows(_ row: (_ label: String, _ text: String) -> String = { "\($0)\t\($1)\n" }) -> String {
    RnnpkgFixtures.reviews.map { row($0.label, $0.text) }.joined()
  }

  // MARK: Formats

  @Test func aFormatIsNamedWhereTheEndingDoesNot() throws {
    let path = try scratch.file("rev.txt", rows())
    let refused = try train(path)
    #expect(refused.status == 65)
    for part in ["rev.txt: read as lines", "--format tsv"] {
      #expect(refused.message.contains(part), "\(refused.message)")
    }
    let trained = try train(path, "--format", "tsv", "--valid", path, "-o", "txt.rnnpkg")
    #expect(trained.status == 0, "\(trained.message)")
    let table = try scratch.file("rev.tsv", rows())
    #expect(try train(table, "--valid", table, "-o", "tsv.rnnpkg").status == 0)
    let config = try scratch.file("c.toml", "[data]\nformat = \"tsv\"\n")
    #expect(try train(path, "--config", config, "-o", "config.rnnpkg").status == 0)
    #expect(try test("txt.rnnpkg", path, "--format", "tsv").status == 0)
  }

  /// Labels of texts that are read without them are no words.
  @Test func aFormatIsNamedForTextsWithoutLabelsToo() throws {
    let marked = rows { "__label__\($0) \($1)\n" }
    let (named, other) = (try scratch.file("a.ft", marked), try scratch.file("a.txt", marked))
    func vectors(_ arguments: String...) throws -> [UInt8] {
      let options = ["vectors", "-o", "w.vec", "--dimension", "4", "--epochs", "1", "--quiet"]
      let outcome = try RnnpkgFixtures.run(options + arguments, in: scratch.path)
      #expect(outcome.status == 0, "\(outcome.message)")
      return try scratch.bytes(of: "w.vec")
    }
    let words = try vectors(named)
    #expect(try vectors(other, "--format", "fasttext") == words)
    #expect(try vectors(other) != words)
    let printed = try RnnpkgFixtures.run(["pretrain", "--format", "csv", "--print-config"])
    #expect(printed.lines.contains("format = \"csv\""), "\(printed.output)")
    #expect(try RnnpkgFixtures.run(["pretrain", other, "--format", "lines"]).status == 64)
  }

  @Test func aFormatThatDoesNotExistIsAUsageError() throws {
    let path = try scratch.file("rev.txt", rows())
    #expect(try train(path, "--format", "lines").status == 64)
    let config = try scratch.file("c.toml", "[data]\nformat = \"xml\"\n")
    let outcome = try train(path, "--config", config)
    #expect(outcome.status == 64 && outcome.message.contains("data.format"), "\(outcome.message)")
    let printed = try RnnpkgFixtures.run(["train", "--format", "csv", "--print-config"])
    #expect(printed.lines.contains("format = \"csv\""), "\(printed.output)")
  }

  // MARK: Columns

  @Test func aColumnThatIsNotThereIsNamedWithoutTheOptionsOfClassify() throws {
    let path = try scratch.file("a.csv", "stars,review,date\n5,good,May\n")
    for command in [["train"], ["test", try SmallPackage.path()], ["vectors", "-o", "words.vec"]] {
      let outcome = try RnnpkgFixtures.run(command + [path], in: scratch.path)
      #expect(outcome.status == 65)
      #expect(outcome.message.contains("\"stars\", \"review\", \"date\""), "\(outcome.message)")
      #expect(!outcome.message.contains("--no-header"), "\(outcome.message)")
    }
    let label = try train(try scratch.file("b.csv", "text, label\ngood,a\nbad,b\n"))
    #expect(label.status == 65 && label.message.contains("\"text\", \" label\""), "\(label.message)")
    let empty = try train(try scratch.file("e.csv", "text,label\ngood,a\nbad,\n"))
    #expect(empty.status == 65 && empty.message.contains("e.csv:3: the label is empty"), "\(empty.message)")
  }

  @Test func oneColumnForTextAndLabelIsAUsageError() throws {
    let path = try scratch.file("a.tsv", rows())
    #expect(try train(path, "--text-field", "x", "--label-field", "x").status == 64)
    #expect(try test(try SmallPackage.path(), path, "--text-field", "label").status == 64)
  }

  @Test func swappedColumnsAreAskedAbout() throws {
    let path = try scratch.file("swapped.tsv", rows { "\($1)\t\($0)\n" })
    let said = "60 different labels in 60 texts; are the columns swapped?"
    let outcome = try train(path)
    #expect(outcome.status == 65 && outcome.message.contains("rnnpkg: \(said)"), "\(outcome.message)")
    let dev = try scratch.file("dev.tsv", rows())
    let withDev = try train(path, "--valid", dev)
    #expect(withDev.status == 65 && withDev.message.contains(said), "\(withDev.message)")
    #expect(withDev.message.contains(", …") && !withDev.message.contains("weak ending"), "\(withDev.message)")
  }

  // MARK: Labels

  @Test func labelsThatLookAlikeAreTold() throws {
    let path = try scratch.file(
      "t.csv",
      "label,text\n" + rows { "\($0),\($1)\n" } + rows { "\($0 == "positive" ? "Positive " : $0),\($1)\n" })
    let outcome = try train(path, "-o", "out.rnnpkg")
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(
      outcome.message.contains("labels that differ only in letter case or in spaces at their ends")
        && outcome.message.contains("\"Positive \", \"positive\""), "\(outcome.message)")
    let plain = try train(try scratch.file("plain.tsv", RnnpkgFixtures.table), "-o", "plain.rnnpkg")
    #expect(plain.status == 0 && !plain.message.contains("letter case"))
  }

  @Test func labelMapsAddUp() throws {
    let package = try SmallPackage.path()
    let path = try scratch.file("n.tsv", rows { "\($0 == "positive" ? "1" : "0")\t\($1)\n" })
    let both = try test(package, path, "--label-map", "0=negative", "--label-map", "1=positive")
    #expect(both.status == 0, "\(both.message)")
    let spaced = try test(package, path, "--label-map", " 0 = negative , 1 = positive ")
    #expect(spaced.status == 0, "\(spaced.message)")
    #expect(try test(package, path, "--label-map", "0=negative,1=positive,0=negative").status == 0)
  }

  @Test func aLabelMapThatContradictsItselfOrThePackageIsRefused() throws {
    let package = try SmallPackage.path()
    let path = try scratch.file("n.tsv", rows { "\($0 == "positive" ? "1" : "0")\t\($1)\n" })
    let twice = try test(package, path, "--label-map", "0=negative,1=positive", "--label-map", "0=positive")
    #expect(
      twice.status == 64 && twice.message.contains("\"0\" two labels, \"negative\" and \"positive\""),
      "\(twice.message)")
    let unknown = try test(package, path, "--label-map", "0=negativ,1=positive")
    #expect(
      unknown.status == 65 && unknown.message.contains("\"negativ\"")
        && unknown.message.contains("\"negative\", \"positive\""), "\(unknown.message)")
    let hostile = try test(package, path, "--label-map", "\u{1b}[2J")
    #expect(hostile.status == 64 && hostile.message.contains("\"\\u{1b}[2J\""), "\(hostile.message)")
    #expect(!hostile.message.contains("\u{1b}"))
  }

  /// The manifest would name data that nobody trained on. The pipe holds the run where the first file has been read.
  @Test func aFileThatChangesWhileTheDataAreReadIsRefused() throws {
    _ = try scratch.file("a.tsv", RnnpkgFixtures.table)
    try #require(mkfifo("\(scratch.path)/pipe", 0o600) == 0)
    var runner = RnnpkgFixtures.rnnpkg
    runner.directory = scratch.path
    let arguments =
      ["train", "a.tsv", "pipe", "--format", "tsv", "-o", "out.rnnpkg"] + RnnpkgFixtures.tiny
    let process = try runner.start(arguments: arguments.map { Array($0.utf8) })
    var writer: Int32 = -1
    InterruptedRun.wait(for: process) {
      writer = open("\(scratch.path)/pipe", O_WRONLY | O_NONBLOCK)
      return writer >= 0
    }
    _ = try scratch.file("a.tsv", RnnpkgFixtures.table + "positive\tAnother one.\n")
    let rows = Array(RnnpkgFixtures.table.utf8)
    if writer >= 0 {
      #expect(write(writer, rows, rows.count) == rows.count)
      close(writer)
    }
    let outcome = try process.finish()
    #expect(outcome.status == 65, "\(outcome.message)")
    #expect(
      outcome.message.hasSuffix("rnnpkg: a.tsv: it was changed while it was read; run the command again\n"),
      "\(outcome.message)")
    #expect(!scratch.names.contains("out.rnnpkg"))
  }
}
