import ArgumentParser
import RecurrentNumerics
import SequenceClassifier

/// Whether the kernels that are measured compute what the generic ones do.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Compare the kernels with the generic ones.")

  func run() throws {
    guard let generic = KernelSet(level: .generic) else { return }
    for cell in ["rnn", "lstm", "gru"] {
      for hidden in [24, 64, 100] {
        var shape = try ShapeOptions.parse([])
        (shape.cell, shape.input, shape.hidden, shape.steps, shape.vocabulary) = (cell, 40, hidden, 20, 500)
        let workload = try Workload(shape)
        let texts = workload.network.batch(workload.texts(33))
        let sets = [generic, .best]
        let logits = sets.map {
          NetworkPass(workload.network).logits(
            BoundNetwork(workload.network, workload.parameters, kernels: $0), texts
          ).values
        }
        let difference = zip(logits[0], logits[1]).map { abs($0 - $1) }.max() ?? 0
        guard difference < 1e-4 else {
          throw ValidationError("\(cell) \(hidden): logits differ from the generic kernels' by \(difference)")
        }
      }
    }
    print("ok")
  }
}
