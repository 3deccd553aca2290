import ArgumentParser
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// Batches of token ids in, logits out; each thread has its share of the batch.
struct InferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "infer", abstract: "Time batched inference.")
  @OptionGroup var shape: ShapeOptions
  @Option(help: "Texts of a batch.")
  var batch = 128

  func run() throws {
    let workload = try Workload(shape)
    let pool = WorkerPool(threads: shape.threads)
    let bound = BoundNetwork(workload.network, workload.parameters, kernels: shape.kernels)
    let passes = PassPool(workload.network)
    let texts = workload.texts(batch)
    let threads = shape.threads
    let plan = InferenceBatches.plan(
      lengths: texts.map(\.count), tokenLimit: workload.network.tokenLimit)
    let measurement = Measurement(seconds: shape.seconds) {
      pool.run(threads) { thread in
        for index in stride(from: thread, to: plan.count, by: threads) {
          let batch = workload.network.batch(plan[index].map { texts[$0] })
          passes.withPass(tokens: batch.layout.rows) { _ = $0.logits(bound, batch) }
        }
      }
    }
    workload.report(test: "infer", batch: batch, operations: workload.operationsPerToken, measurement)
  }
}

/// One text of token ids in, logits out.
struct LatencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "latency", abstract: "Time single texts.")
  @OptionGroup var shape: ShapeOptions

  func run() throws {
    let workload = try Workload(shape)
    let bound = BoundNetwork(workload.network, workload.parameters, kernels: shape.kernels)
    let pass = NetworkPass(workload.network)
    // A new text each time, as in use: some of its words have been seen before, some have not.
    let texts = workload.texts(1_000)
    var next = 0
    let measurement = Measurement(seconds: shape.seconds) {
      _ = pass.logits(bound, workload.network.batch([texts[next]]))
      next = (next + 1) % texts.count
    }
    workload.report(test: "latency", batch: 1, operations: workload.operationsPerToken, measurement)
  }
}
