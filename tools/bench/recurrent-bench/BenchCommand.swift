import ArgumentParser
import RecurrentNumerics
import StrictJSON

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recurrent-bench",
    abstract: "Measure Recurrent: one JSON object a line.",
    discussion: """
      recurrent-bench train --cell lstm --input 128 --hidden 256 --batch 64 --steps 256 --threads 2
      recurrent-bench latency --cell gru --input 64 --hidden 64 --steps 32

      tools/bench/run calls it, and its peers, and compares.
      """,
    subcommands: [
      PeakCommand.self, TrainCommand.self, InferCommand.self, LatencyCommand.self, LoadCommand.self,
      CheckCommand.self,
    ])
}

/// What every measurement of a network is told.
struct ShapeOptions: ParsableArguments {
  @Option(help: "rnn, lstm or gru.")
  var cell = "lstm"
  @Option(help: "Width of the embedding.")
  var input = 128
  @Option(help: "Width of the state.")
  var hidden = 256
  @Option(help: "Tokens of a text.")
  var steps = 256
  @Option(help: "Threads.")
  var threads = 1
  @Option(help: "Words of the vocabulary.")
  var vocabulary = 30_000
  @Option(help: "How words are drawn: zipf, as in texts, or uniform.")
  var tokens: TokenDistribution = .uniform
  @Option(help: "f32, bf16 or, but for training, int8.")
  var precision = Precision.float32
  @Option(help: "How long to measure.")
  var seconds = 0.5

  var kernels: KernelSet { .best.multiplying(in: precision) }
}

extension Precision: ExpressibleByArgument {}

struct PeakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peak", abstract: "Multiply-adds that the machine reaches.")
  @Option(help: "Threads.")
  var threads = 1

  func run() {
    var report = Report(test: "peak", threads: threads)
    report["gflops"] = .number(measuredPeak(threads: threads))
    report.print()
  }
}
