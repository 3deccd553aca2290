import Foundation
import TestSupport
import Testing

/// `rnnpkg train --init-from` with a package.
@Suite struct RnnpkgStartTests {
  private let scratch = TemporaryDirectory()
  private let table: String
  private let start: String

  init() throws {
    table = try scratch.file("reviews.tsv", RnnpkgFixtures.table)
    start = "\(scratch.path)/start.rnnpkg"
    _ = try RnnpkgFixtures.trained(
      scratch, on: table, as: "start.rnnpkg", "--cell", "gru", "--cell-option", "reset=before", "--readout",
      "last")
  }

  private func train(_ options: String...) throws -> CommandRunner.Outcome {
    try RnnpkgFixtures.run(
      ["train", table, "--epochs", "1", "--batch-size", "16", "-o", "\(scratch.path)/next.rnnpkg"] + options)
  }

  @Test func aPackageBringsItsShapeAndIsNamed() throws {
    let outcome = try train("--init-from", start)
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.message.contains("starting from \(start): it knows"), "\(outcome.message)")
    let shown = try RnnpkgFixtures.run(["show", "--json", "\(scratch.path)/next.rnnpkg"]).output
    for part in [
      #""id":"gru""#, #""reset":"before""#, #""type":"last""#, #""name":"start""#, #""start.rnnpkg""#,
    ] {
      #expect(shown.replacingOccurrences(of: "\": ", with: "\":").contains(part), "\(part) in \(shown)")
    }
  }

  /// The option, and the file's line, mean the same; the printed configuration gives the same run.
  @Test func aConfigurationFileMeansWhatTheOptionMeans() throws {
    let file = try scratch.file("next.toml", "[model]\ninit-from = \"\(start)\"\n")
    let options = ["train", table, "--print-config"]
    let ofOption = try RnnpkgFixtures.run(options + ["--init-from", start])
    let ofFile = try RnnpkgFixtures.run(options + ["--config", file])
    #expect(ofOption.status == 0 && ofOption.output == ofFile.output)
    #expect(
      ofFile.output.contains("cell = \"gru\"") && ofFile.output.contains("hidden = 4"), "\(ofFile.output)")
    let printed = try scratch.file("printed.toml", ofFile.output)
    #expect(try RnnpkgFixtures.run(options + ["--config", printed]).output == ofFile.output)
  }

  @Test func startsThatCannotBeEndWithTheirCodes() throws {
    func refusal(_ options: String...) throws -> (status: Int32, message: String) {
      let outcome = try RnnpkgFixtures.run(
        ["train", table, "-o", "\(scratch.path)/next.rnnpkg", "--init-from"] + options)
      #expect(!scratch.names.contains("next.rnnpkg"))
      return (outcome.status, outcome.message)
    }
    let missing = try refusal("\(scratch.path)/none.rnnpkg")
    #expect(missing.status == 66 && missing.message.contains("none.rnnpkg"), "\(missing.message)")
    let text = try refusal(table)
    #expect(text.status == 76 && text.message.contains("reviews.tsv: not a package"), "\(text.message)")
    let cell = try refusal(start, "--cell", "lstm", "--hidden", "8")
    #expect(
      cell.status == 64
        && cell.message.contains("set model.cell to gru (this run has lstm), model.hidden to 4"),
      "\(cell.message)")
    let settings = try refusal(start, "--cell-option", "reset=after")
    #expect(
      settings.status == 64 && settings.message.contains(#"model.cell-options to {"reset":"before"}"#),
      "\(settings.message)")
    let outcome = try RnnpkgFixtures.run(["train", table, "--init-from", start, "-o", start])
    #expect(outcome.status == 73 && outcome.message.contains("the output is also read"), "\(outcome.message)")
  }
}
