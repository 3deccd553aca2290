import ArgumentParser
import RecurrentCells
import RecurrentNumerics

/// What every measurement of a network is told.
struct ShapeOptions: ParsableArguments {
  @Option(help: "rnn, lstm or gru.")
  var cell = "lstm"
  @Option(help: "Width of the embedding.")
  var input = 128
  @Option(help: "Width of the state.")
  var hidden = 256
  @Option(help: "forward, backward or both; the width of the state is that of each direction.")
  var direction = ReadingDirection.forward
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
extension ReadingDirection: ExpressibleByArgument {}
