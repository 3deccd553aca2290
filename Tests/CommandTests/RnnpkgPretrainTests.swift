import Foundation
import TestSupport
import Testing

/// `rnnpkg pretrain`, and `rnnpkg train --init-from` with what it writes.
@Suite struct RnnpkgPretrainTests {
  private let scratch = TemporaryDirectory()

  init() throws {
    let texts = RnnpkgFixtures.reviews.map { $0.text + "\n" }.joined()
    _ = try scratch.file("texts.txt", String(repeating: texts, count: 5))
  }

  @Test func aClassifierStartsFromALanguageModel() throws {
    let made = try RnnpkgFixtures.run(
      [
        "pretrain", "texts.txt", "-o", "w.lm", "--hidden", "8", "--embedding", "6", "--valid", "0.1",
        "--epochs", "1",
      ], in: scratch.path)
    #expect(made.status == 0 && made.output.isEmpty, "\(made.message)")
    #expect(made.message.contains("wrote w.lm"), "\(made.message)")
    #expect(scratch.names == ["texts.txt", "w.lm"])

    _ = try scratch.file("t.tsv", RnnpkgFixtures.table)
    let trained = try RnnpkgFixtures.run(
      ["train", "t.tsv", "--init-from", "w.lm", "--epochs", "1", "-o", "out.rnnpkg"], in: scratch.path)
    #expect(trained.status == 0, "\(trained.message)")
    #expect(
      trained.message.contains("starting from w.lm: it knows 21 of 21 words"), "\(trained.message)")
    let shown = try RnnpkgFixtures.run(["show", "out.rnnpkg", "--tensors"], in: scratch.path)
    #expect(shown.lines.contains("embedding.weight\tf32\t[25, 6]"), "\(shown.output)")
    #expect(shown.lines.contains("rnn.weight_hh_l0\tf32\t[32, 8]"), "\(shown.output)")
  }

  @Test func aSettingThatTheCellDoesNotTakeIsAUsageError() throws {
    _ = try scratch.file("c.toml", "[model]\ncell = \"gru\"\n[model.cell-options]\nreset = \"never\"\n")
    let refused = try RnnpkgFixtures.run(
      ["pretrain", "texts.txt", "--config", "c.toml", "-o", "w.lm"], in: scratch.path)
    #expect(refused.status == 64, "\(refused.message)")
    #expect(
      refused.message.contains(
        "model.cell-options is {\"reset\":\"never\"}; it must be what the cell gru takes: "),
      "\(refused.message)")
    #expect(scratch.names == ["c.toml", "texts.txt"])
  }

  @Test(arguments: [SIGINT, SIGKILL])
  func anInterruptedRunGoesOnToTheSameWeights(_ signal: Int32) throws {
    let arguments = [
      "pretrain", "\(scratch.path)/texts.txt", "-o", "\(scratch.path)/w.lm", "--hidden", "8", "--embedding",
      "8", "--valid", "0.1", "--epochs", "20", "--streams", "2", "--window", "10", "--checkpoint-every",
      "0.02",
    ]
    #expect(try RnnpkgFixtures.run(arguments + ["--quiet"]).status == 0)
    let whole = try weights()
    try FileManager.default.removeItem(atPath: "\(scratch.path)/w.lm")

    let run = InterruptedRun(arguments, in: scratch, checkpoint: "w.lm.checkpoint")
    let stopped = try run.outcome(of: signal)
    #expect(stopped.status == 128 + signal, "\(stopped.message)")
    if signal == SIGINT {
      #expect(
        stopped.message.contains("rnnpkg: stopped at epoch ") && stopped.message.contains("--resume"),
        "\(stopped.message)")
    }
    #expect(scratch.names.contains("w.lm.checkpoint") && !scratch.names.contains("w.lm"))
    let resumed = try RnnpkgFixtures.run(arguments + ["--resume"])
    #expect(resumed.status == 0 && resumed.message.contains("resuming at epoch "), "\(resumed.message)")
    #expect(try weights() == whole)
    #expect(scratch.names == ["texts.txt", "w.lm"])
  }

  /// The tensors of the language model, without the file's header, which tells how long each epoch took.
  private func weights() throws -> [UInt8] {
    let file = try scratch.bytes(of: "w.lm")
    try #require(file.count > 8)
    let header = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    try #require(header < file.count - 8)
    return Array(file[(8 + header)...])
  }
}
