import Foundation
import TestSupport
import Testing

/// `rnnpkg train --teacher`.
@Suite struct RnnpkgTeacherTests {
  private let scratch = TemporaryDirectory()
  private let table: String
  private let texts: String

  init() throws {
    table = try scratch.file("reviews.tsv", RnnpkgFixtures.table)
    texts = try scratch.file("texts.txt", "a warm zebra\na dull zebra\nA warm, boring zebra?\n")
  }

  @Test func aPackageLearnsWhatOthersSay() throws {
    let teacher = "\(scratch.path)/teacher.rnnpkg"
    _ = try RnnpkgFixtures.trained(scratch, on: table, as: "teacher.rnnpkg")
    let options = [
      "train", table, "--teacher", teacher, "--teacher", teacher, "--unlabelled", texts, "-o",
      "\(scratch.path)/taught.rnnpkg",
    ]
    let outcome = try RnnpkgFixtures.run(options + RnnpkgFixtures.tiny)
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(
      outcome.message.contains("asking the teachers about 3 texts\n57 training texts"), "\(outcome.message)")
    let shown = try RnnpkgFixtures.run(["show", "--json", "\(scratch.path)/taught.rnnpkg"]).output
    #expect(shown.contains("\"teacher.rnnpkg\"") && shown.contains("\"texts.txt\""), "\(shown)")
  }

  @Test func teachersThatCannotTeachEndWithTheirCodes() throws {
    func refusal(_ options: String...) throws -> (status: Int32, message: String) {
      let outcome = try RnnpkgFixtures.run(
        ["train", table, "-o", "\(scratch.path)/taught.rnnpkg"] + options + RnnpkgFixtures.tiny)
      #expect(!scratch.names.contains("taught.rnnpkg"))
      return (outcome.status, outcome.message)
    }
    let alone = try refusal("--teacher", "teacher.rnnpkg")
    #expect(
      alone.status == 64 && alone.message.contains("data.teachers is teacher.rnnpkg; it must be left out"))
    let missing = try refusal("--teacher", "\(scratch.path)/none.rnnpkg", "--unlabelled", texts)
    #expect(missing.status == 66 && missing.message.contains("none.rnnpkg"), "\(missing.message)")
    let broken = try refusal("--teacher", texts, "--unlabelled", texts)
    #expect(broken.status == 76 && broken.message.contains("teacher: "), "\(broken.message)")
    let others = try scratch.file(
      "topics.tsv", RnnpkgFixtures.table.replacingOccurrences(of: "positive\t", with: "good\t"))
    _ = try RnnpkgFixtures.trained(scratch, on: others, as: "topics.rnnpkg")
    let strange = try refusal("--teacher", "\(scratch.path)/topics.rnnpkg", "--unlabelled", texts)
    #expect(
      strange.status == 65
        && strange.message.contains(
          #"its labels are "good", "negative", those of the data "negative", "positive""#),
      "\(strange.message)")
    let useless = try refusal("--unlabelled", texts)
    #expect(useless.status == 64 && useless.message.contains("data.teachers"), "\(useless.message)")
  }
}
