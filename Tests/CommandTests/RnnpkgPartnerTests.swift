import Foundation
import StrictJSON
import TestSupport
import Testing

/// `rnnpkg partner` and `rnnpkg train --partner`, and the other commands on what they write.
@Suite struct RnnpkgPartnerTests {
  private let scratch = TemporaryDirectory()

  /// A file with every review whose number leaves `rest` when divided by 3, or with the others.
  private func data(_ name: String, held: Bool) throws -> String {
    let rows = RnnpkgFixtures.reviews.enumerated().filter { ($0.offset % 3 == 0) == held }
    return try scratch.file(
      name, "label\ttext\n" + rows.map { "\($0.element.label)\t\($0.element.text)\n" }.joined())
  }

  @Test func aPartnerIsAddedAndEveryCommandTakesThePackage() throws {
    let train = try data("train.tsv", held: false)
    let dev = try data("dev.tsv", held: true)
    _ = try RnnpkgFixtures.trained(scratch, on: train, as: "plain.rnnpkg")
    let package = "\(scratch.path)/both.rnnpkg"
    let outcome = try RnnpkgFixtures.run([
      "partner", "\(scratch.path)/plain.rnnpkg", "--data", train, "--valid", dev, "-o", package,
    ])
    #expect(outcome.status == 0 && outcome.message.isEmpty, "\(outcome.message)")
    #expect(outcome.output.contains("dev accuracy: network "), "\(outcome.output)")
    #expect(outcome.output.contains(", partner 1.0000, both 1.0000\n"), "\(outcome.output)")

    let verified = try RnnpkgFixtures.run(["verify", package])
    #expect(
      verified.status == 0 && verified.output.contains("6 golden cases replayed"), "\(verified.message)")
    let tested = try RnnpkgFixtures.run(
      ["test", package, dev, "--fail-under", "accuracy=1", "--record", "again"])
    #expect(tested.status == 0, "\(tested.output)")
    let digests = try RnnpkgFixtures.evaluatedDigests(of: package)
    #expect(digests.count == 2 && digests[0] != nil && digests[0] == digests[1], "\(digests)")
    let shown = try RnnpkgFixtures.run(["show", package]).output
    #expect(shown.contains("\npartner     nb-ngrams, "), "\(shown)")
    let small = "\(scratch.path)/int8.rnnpkg"
    #expect(try RnnpkgFixtures.run(["quantize", package, "-o", small, "--check", dev]).status == 0)
    #expect(try RnnpkgFixtures.run(["verify", small]).status == 0)
    let files = "\(scratch.path)/files"
    #expect(try RnnpkgFixtures.run(["unpack", small, files]).status == 0)
    let packed = "\(scratch.path)/packed.rnnpkg"
    #expect(try RnnpkgFixtures.run(["pack", files, "-o", packed]).status == 0)
    #expect(try scratch.bytes(of: "packed.rnnpkg") == scratch.bytes(of: "int8.rnnpkg"))

    let classify = CommandRunner("classify")
    func classified(_ path: String) throws -> String {
      let outcome = try classify.run(
        arguments: ["-m", path, "A superb film and a poor one.", "", "lovely"].map { Array($0.utf8) })
      #expect(outcome.status == 0 && outcome.lines.count == 3, "\(outcome.message)\(outcome.output)")
      return outcome.output
    }
    _ = try classified(small)
    #expect(try classified(package) != classified("\(scratch.path)/plain.rnnpkg"))
  }

  @Test func trainingTakesAPartnerAlongAndItsBitsDependOnNoThreads() throws {
    let train = try data("train.tsv", held: false)
    let one = try RnnpkgFixtures.trained(scratch, on: train, as: "m.rnnpkg", "--partner", "--threads", "1")
    let two = try RnnpkgFixtures.trained(scratch, on: train, as: "m.rnnpkg", "--partner", "--threads", "2")
    #expect(one == two)
    let shown = try RnnpkgFixtures.run(["show", "\(scratch.path)/m.rnnpkg"]).output
    #expect(shown.contains("\npartner     nb-ngrams, "), "\(shown)")
  }

  /// Longer reviews for the partner, short ones for the network alone.
  @Test func aPartnerThatLeavesShortTextsToTheNetwork() throws {
    let more = " So we said to each other on the long way home, and so we say today."
    func longer(_ held: Bool) -> String {
      let rows = RnnpkgFixtures.reviews.enumerated().filter { ($0.offset % 3 == 0) == held }
      return "label\ttext\n"
        + rows.map {
          "\($0.element.label)\t\($0.element.text)\($0.offset % 4 < 2 ? more : "")\n"
        }.joined()
    }
    let train = try scratch.file("long-train.tsv", longer(false))
    let dev = try scratch.file("long-dev.tsv", longer(true))
    _ = try RnnpkgFixtures.trained(scratch, on: train, as: "plain.rnnpkg")
    let package = "\(scratch.path)/long.rnnpkg"
    let outcome = try RnnpkgFixtures.run([
      "partner", "\(scratch.path)/plain.rnnpkg", "--data", train, "--valid", dev, "-o", package,
      "--min-tokens", "18",
    ])
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.output.contains(" · network for texts of 17 tokens, "), "\(outcome.output)")
    #expect(outcome.output.contains(" of 200, and a bias for each label from 18 on\n"), "\(outcome.output)")
    #expect(try RnnpkgFixtures.run(["verify", package]).status == 0)
    let shown = try RnnpkgFixtures.run(["show", package]).output
    #expect(shown.contains(" words, for texts of 18 tokens or more\n"), "\(shown)")
    func labels(_ path: String, _ text: String) throws -> [String] {
      try CommandRunner("classify").run(arguments: ["-m", path, text].map { Array($0.utf8) }).lines
        .map { String($0.prefix { $0 != "\t" }) }
    }
    for review in RnnpkgFixtures.reviews.prefix(8) {
      #expect(try labels(package, review.text) == labels("\(scratch.path)/plain.rnnpkg", review.text))
    }
    let config = try scratch.file("c.toml", "[partner]\nenabled = true\nmin-tokens = 18\n")
    _ = try RnnpkgFixtures.trained(scratch, on: train, as: "m.rnnpkg", "--config", config, "--valid", dev)
    let json = try RnnpkgFixtures.run(["show", "--json", "\(scratch.path)/m.rnnpkg"]).output
    #expect(json.contains("\"partnerMinLength\": 18") && json.contains("\"min\": \"1.3\""), "\(json)")
  }

  @Test func valuesThatMakeNoPartnerEndWithUsage() throws {
    let train = try data("train.tsv", held: false)
    _ = try RnnpkgFixtures.trained(scratch, on: train, as: "plain.rnnpkg")
    let outcome = try RnnpkgFixtures.run([
      "partner", "\(scratch.path)/plain.rnnpkg", "--data", train, "--valid", train, "-o",
      "\(scratch.path)/x.rnnpkg", "--orders", "9",
    ])
    #expect(outcome.status == 64)
    #expect(outcome.message.contains("partner.orders is 9; it must be from 1 to 5"), "\(outcome.message)")
  }

  /// Turned off on the command line, what the file says of a partner is no mistake; without one, a setting of it is.
  @Test func settingsOfAPartnerThatIsNotMadeAreRefused() throws {
    let config = try scratch.file("c.toml", "[partner]\nenabled = true\nmax-bytes = 4096\n")
    let on = try RnnpkgFixtures.run(["train", "--config", config, "--print-config"])
    #expect(on.status == 0 && on.lines.contains("max-bytes = 4096"), "\(on.message)")
    let off = try RnnpkgFixtures.run(["train", "--config", config, "--no-partner", "--print-config"])
    #expect(off.status == 0 && off.lines.contains("max-bytes = 2097152"), "\(off.message)")
    for arguments in [["--partner-bytes", "4096"], ["--no-partner", "--partner-bytes", "4096"]] {
      let refused = try RnnpkgFixtures.run(["train", "--print-config"] + arguments)
      #expect(
        refused.status == 64
          && refused.message.contains(
            "partner.max-bytes is 4096; it must be left out unless partner.enabled is true"),
        "\(refused.message)")
    }
  }

  /// What has one label tells nothing of the others.
  @Test func textsOfOneLabelAreRefused() throws {
    let train = try data("train.tsv", held: false)
    let dev = try data("dev.tsv", held: true)
    _ = try RnnpkgFixtures.trained(scratch, on: train, as: "plain.rnnpkg")
    let one = try scratch.file("one.tsv", "label\ttext\npositive\tA warm film.\npositive\tA lovely cast.\n")
    let (plain, output) = ("\(scratch.path)/plain.rnnpkg", "\(scratch.path)/no.rnnpkg")
    for (arguments, what) in [
      (["partner", plain, "--data", train, "--valid", one], "all dev texts have the label \"positive\""),
      (["partner", plain, "--data", one, "--valid", dev], "all training texts have the label \"positive\""),
      (["average", plain, plain, "--valid", one], "all dev texts have the label \"positive\""),
      (["train", train, "--partner", "--valid", one], "all dev texts have the label \"positive\""),
    ] {
      let refused = try RnnpkgFixtures.run(arguments + ["-o", output])
      #expect(refused.status == 65 && refused.message.contains(what), "\(refused.message)")
    }
    #expect(!scratch.names.contains("no.rnnpkg"))
  }
}
