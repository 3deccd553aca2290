import ArgumentParser
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

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
  @Option(help: "attention, concat or last.")
  var readout = "last"
  @Option(help: "Cut texts into pieces of that many tokens.")
  var chop: Int?
  @Option(help: "Make each state of that many tokens alone.")
  var windowed: Int?
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

  func validate() throws {
    guard (chop ?? 1) > 0, (windowed ?? 1) > 0 else { throw ValidationError("lengths are 1 or more") }
  }

  var running: Running {
    if let chop { return .chopped(length: chop) }
    return windowed.map { .windowed(length: $0) } ?? .continuous
  }

  var kernels: KernelSet { .best.multiplying(in: precision) }
}

extension Precision: ExpressibleByArgument {}
extension ReadingDirection: ExpressibleByArgument {}
