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
  @Option(help: "cross-entropy, adversarial or all, which reads as many texts without labels again.")
  var losses = StepLosses.crossEntropy

  func validate() throws {
    if shape.precision == .int8 { throw ValidationError("int8 is for inference only") }
  }

  func run() throws {
    let workload = try Workload(shape)
    let network = workload.network
    let pool = WorkerPool(threads: shape.threads)
    let worker = GradientWorker(network, shards: shape.threads, pool: pool)
    var examples = EncodedExamples()
    let texts = workload.texts(2 * batch)
    for (index, text) in texts.prefix(batch).enumerated() {
      examples.append(tokens: text, label: index % 2)
    }
    let unlabelled = Array(texts.dropFirst(batch))
    let loss = losses.loss
    var parameters = workload.parameters
    var optimiser = Optimiser(OptimiserOptions(), zerosLike: parameters)
    let measurement = Measurement(seconds: shape.seconds) {
      let total = { (parameters: NetworkParameters) in
        worker.losses(
          BoundNetwork(network, parameters, kernels: shape.kernels), examples, batch: Array(0..<batch),
          unlabelled: (unlabelled, Array(0..<batch)), loss: loss, truncation: nil, dropout: nil
        ).total(loss)
      }(parameters)
      precondition(total.isFinite)
      optimiser.update(
        &parameters, worker.gradients, rates: LayerRates(1e-3, levels: network.levels.count),
        gradientScale: 1, pool: pool, kernels: .best)
    }
    workload.report(
      test: "train", batch: batch, operations: 3 * workload.operationsPerToken, measurement)
  }
}
