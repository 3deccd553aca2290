import ArgumentParser

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
