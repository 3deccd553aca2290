import ArgumentParser
import RecurrentNumerics
import SequenceClassifier

/// Whether the kernels that are measured compute what the generic ones do.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Compare the kernels with the generic ones.")

  /// How far logits may lie apart, which are about 0.2, and 1 with tanh. Sums of another order differ in their last bits, and an
  /// operand may then be rounded to the other side: in an emulation that made up to 0.003 in bf16 and 0.01 in int8.
  private static let tolerances: [(Precision, Float)] = [
    (.float32, 1e-4), (.bfloat16, 0.02), (.int8, 0.05),
  ]

  func run() throws {
    guard let generic = KernelSet(level: .generic) else { return }
    for cell in ["rnn", "lstm", "gru"] {
      for hidden in [24, 64, 100] {
        var shape = try ShapeOptions.parse([])
        (shape.cell, shape.input, shape.hidden, shape.steps, shape.vocabulary) = (cell, 40, hidden, 20, 500)
        let workload = try Workload(shape)
        let texts = workload.network.batch(workload.texts(33))
        let sets = [generic, .best]
        for (precision, tolerance) in Self.tolerances {
          let logits = sets.map {
            NetworkPass(workload.network).logits(
              BoundNetwork(
                workload.network, workload.parameters, kernels: $0.multiplying(in: precision)), texts
            ).values
          }
          let differences = zip(logits[0], logits[1]).map { abs($0 - $1) }
          // What is no number is not below the tolerance either.
          if let wrong = differences.first(where: { !($0 < tolerance) }) {
            throw ValidationError(
              "\(cell) \(hidden), \(precision.rawValue): logits differ from the generic kernels' by \(wrong)")
          }
        }
      }
    }
    print("ok")
  }
}
