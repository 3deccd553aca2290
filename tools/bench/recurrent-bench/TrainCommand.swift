import ArgumentParser
import ClassifierTraining
import RecurrentNumerics
import SequenceClassifier

/// A training step from token ids to new parameters: embedding, cell, last state, softmax, back, Adam.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "train", abstract: "Time training steps.")
  @OptionGroup var shape: ShapeOptions
  @Option(help: "Texts of a batch.")
  var batch = 64

  func validate() throws {
    if shape.precision == .int8 { throw ValidationError("int8 is for inference only") }
  }

  func run() throws {
    let workload = try Workload(shape)
    let network = workload.network
    let pool = WorkerPool(threads: shape.threads)
    let worker = GradientWorker(network, shards: shape.threads, pool: pool)
    var examples = EncodedExamples()
    for (index, text) in workload.texts(batch).enumerated() {
      examples.append(tokens: text, label: index % 2)
    }
    var parameters = workload.parameters
    var optimiser = Optimiser(OptimiserOptions(), zerosLike: parameters)
    let measurement = Measurement(seconds: shape.seconds) {
      let loss = { (parameters: NetworkParameters) in
        worker.loss(
          BoundNetwork(network, parameters, kernels: shape.kernels), examples, batch: Array(0..<batch),
          loss: CrossEntropy(), truncation: nil, dropout: nil)
      }(parameters)
      precondition(loss.isFinite)
      optimiser.update(
        &parameters, worker.gradients, rates: LayerRates(1e-3, levels: network.levels.count),
        gradientScale: 1, pool: pool, kernels: .best)
    }
    workload.report(
      test: "train", batch: batch, operations: 3 * workload.operationsPerToken, measurement)
  }
}
