import ArgumentParser
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

/// How the words of a made-up text are drawn.
enum TokenDistribution: String, ExpressibleByArgument {
  case uniform
  /// Word k with a share of 1/k, as in texts.
  case zipf
}

/// A network with random weights, and texts for it.
struct Workload {
  let shape: ShapeOptions
  let network: RecurrentNetwork
  let parameters: NetworkParameters

  init(_ shape: ShapeOptions) throws {
    self.shape = shape
    let configuration: JSONValue = ["hidden": .integer(Int64(shape.hidden))]
    network = try NetworkDescription(
      embeddingSize: shape.input, cell: CellKind(rawValue: shape.cell), cellConfiguration: configuration,
      layers: 1,
      direction: shape.direction, initialState: .zero, readout: ReadoutKind(rawValue: shape.readout),
      running: shape.running
    ).makeNetwork(vocabularySize: shape.vocabulary, labelCount: 2, cells: .standard, readouts: .standard)
    parameters = NetworkParameters(initialising: network, random: RandomStream(seed: 1))
  }

  func texts(_ count: Int) -> [[Int32]] {
    var random = RandomStream(seed: 2)
    var cumulative: [Double] = []
    var total = 0.0
    for rank in 1...shape.vocabulary {
      total += shape.tokens == .zipf ? 1 / Double(rank) : 1
      cumulative.append(total)
    }
    return (0..<count).map { _ in
      (0..<shape.steps).map { _ in
        let wanted = Double(random.uniform()) * total
        var (low, high) = (0, cumulative.count - 1)
        while low < high {
          let middle = (low + high) / 2
          if cumulative[middle] <= wanted { low = middle + 1 } else { high = middle }
        }
        return Int32(low)
      }
    }
  }

  /// Floating-point operations a token, forward: 2·G·H·(E + H) a direction, the two matrix products.
  var operationsPerToken: Double {
    let gates = shape.cell == "lstm" ? 4.0 : shape.cell == "gru" ? 3.0 : 1.0
    return 2 * gates * Double(shape.hidden) * Double(shape.input + shape.hidden)
      * Double(network.directionCount)
  }

  func report(test: String, batch: Int, operations: Double, _ measurement: Measurement) {
    let tokens = Double(batch * shape.steps)
    let rate = operations * tokens / measurement.median / 1e3
    let peak = measuredPeak(threads: shape.threads)
    var report = Report(test: test, threads: shape.threads)
    report["cell"] = .string(shape.cell)
    report["input"] = .integer(Int64(shape.input))
    report["hidden"] = .integer(Int64(shape.hidden))
    report["batch"] = .integer(Int64(batch))
    report["steps"] = .integer(Int64(shape.steps))
    report["tokens"] = .string(shape.tokens.rawValue)
    report["precision"] = .string(shape.precision.rawValue)
    report["tokens_per_s"] = .number(tokens / measurement.median * 1e6)
    report["gflops"] = .number(rate)
    report["of_peak"] = .number(rate / peak)
    report["peak_gflops"] = .number(peak)
    report.add(measurement)
    report.print()
  }
}
