import Foundation
import StrictJSON
import TestSupport
import Testing

/// `rnnpkg diff`.
@Suite struct RnnpkgDiffTests {
  private let scratch = TemporaryDirectory()

  init() throws {
    _ = try scratch.file("train.tsv", RnnpkgFixtures.table)
    _ = try RnnpkgFixtures.trained(scratch, on: "train.tsv", as: "a.rnnpkg", "--seed", "1")
    _ = try RnnpkgFixtures.trained(
      scratch, on: "train.tsv", as: "b.rnnpkg", "--seed", "2", "--epochs", "30", "--lr", "0.02")
  }

  private func diff(_ arguments: String...) throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(["diff"] + arguments, in: scratch.path)
  }

  @Test func aPackageIsTheSameAsItself() throws {
    let outcome = try diff("a.rnnpkg", "a.rnnpkg", "--data", "train.tsv", "--fail-on-flips", "0%")
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.output.contains("the same manifest, so the same package\n"))
    #expect(
      outcome.output.contains("flips      0 (0.0 %), 0 became right, 0 became wrong, McNemar's p 1.0000"))
    #expect(!outcome.output.contains("weights\n") && !outcome.output.contains("manifest\n  "))
  }

  @Test func manifestWeightsAndAnswersAreCompared() throws {
    let outcome = try diff("a.rnnpkg", "b.rnnpkg", "--data", "train.tsv", "--flips")
    #expect(outcome.status == 0, "\(outcome.message)")
    let text = outcome.output
    #expect(text.contains("\n  training.seed") && text.contains(" 1 → 2\n"), "\(text)")
    #expect(text.contains("embedding.weight") && text.contains("largest change "))
    let json = try diff("a.rnnpkg", "b.rnnpkg", "--data", "train.tsv", "--json", "--flips")
    let report = try JSONValue(parsing: json.standardOutput)
    let answers = try #require(report["answers"])
    let flips = try #require(answers["flips"]?.integerValue)
    // The second package has learnt what the first has not.
    #expect(flips > 0 && answers["texts"] == 60)
    let flipped = try #require(answers["flipped"]?.arrayValue)
    #expect(flipped.count == Int(flips))
    #expect(text.contains("flips      \(flips) ("))
    for flip in flipped {
      let index = try #require(flip["index"]?.integerValue)
      #expect(flip["text"]?.stringValue == RnnpkgFixtures.reviews[Int(index)].text)
      #expect(flip["label"]?.stringValue == RnnpkgFixtures.reviews[Int(index)].label)
      let (before, after) = (
        try #require(flip["before"]?.stringValue), try #require(flip["after"]?.stringValue)
      )
      #expect(before != after)
      let (label, review) = RnnpkgFixtures.reviews[Int(index)]
      #expect(text.contains("\n  \(before) → \(after) (data: \(label))  \(review)\n"), "\(text)")
    }
    let right = try #require(answers["becameRight"]?.integerValue)
    let wrong = try #require(answers["becameWrong"]?.integerValue)
    // Two labels: every flip rights one answer or spoils it.
    #expect(right + wrong == flips)
    let change =
      try #require(answers["accuracyAfter"]?.doubleValue) - #require(answers["accuracyBefore"]?.doubleValue)
    #expect((change - Double(right - wrong) / 60).magnitude < 1e-12)
  }

  @Test func tooManyFlipsFail() throws {
    let outcome = try diff("a.rnnpkg", "b.rnnpkg", "--data", "train.tsv", "--fail-on-flips", "0.01")
    #expect(outcome.status == 1 && outcome.message.contains(" of 60 texts flip ("), "\(outcome.message)")
    #expect(try diff("a.rnnpkg", "b.rnnpkg", "--data", "train.tsv", "--fail-on-flips", "100%").status == 0)
  }

  @Test func otherLabelsHaveNoFlips() throws {
    let table = RnnpkgFixtures.table.replacingOccurrences(of: "positive\t", with: "good\t")
    _ = try scratch.file("other.tsv", table)
    _ = try RnnpkgFixtures.trained(scratch, on: "other.tsv", as: "c.rnnpkg")
    let outcome = try diff("a.rnnpkg", "c.rnnpkg", "--data", "train.tsv")
    #expect(outcome.status == 65)
    #expect(
      outcome.message
        == "rnnpkg: the packages have other labels: \"negative\", \"positive\" against \"good\", \"negative\"; leave --data out to compare the rest\n"
    )
    #expect(try diff("a.rnnpkg", "c.rnnpkg").status == 0)
  }

  @Test func optionsThatNeedDataAreRefusedWithout() throws {
    #expect(try diff("a.rnnpkg", "b.rnnpkg", "--fail-on-flips", "1%").status == 64)
    #expect(try diff("a.rnnpkg", "b.rnnpkg", "--flips").status == 64)
    #expect(try diff("a.rnnpkg", "missing.rnnpkg").status == 66)
  }
}
