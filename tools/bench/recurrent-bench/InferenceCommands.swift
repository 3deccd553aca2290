import ArgumentParser
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

/// Batches of token ids in, logits out; each thread has its share of the batch.
struct InferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "infer", abstract: "Time batched inference.")
  @OptionGroup var shape: ShapeOptions
  @Option(help: "Texts of a batch.")
  var batch = 128

  func run() throws {
    let workload = try Workload(shape)
    let pool = WorkerPool(threads: shape.threads)
    let bound = BoundNetwork(workload.network, workload.parameters, kernels: .best)
    let passes = (0..<shape.threads).map { _ in NetworkPass(workload.network) }
    let texts = workload.texts(batch)
    let threads = shape.threads
    let plan = InferenceBatches.plan(lengths: texts.map(\.count))
    let measurement = Measurement(seconds: shape.seconds) {
      pool.run(threads) { thread in
        for index in stride(from: thread, to: plan.count, by: threads) {
          _ = passes[thread].logits(bound, TokenBatch(plan[index].map { texts[$0] }))
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
    let bound = BoundNetwork(workload.network, workload.parameters, kernels: .best)
    let pass = NetworkPass(workload.network)
    // A new text each time, as in use: some of its words have been seen before, some have not.
    let texts = workload.texts(1_000)
    var next = 0
    let measurement = Measurement(seconds: shape.seconds) {
      _ = pass.logits(bound, TokenBatch([texts[next]]))
      next = (next + 1) % texts.count
    }
    workload.report(test: "latency", batch: 1, operations: workload.operationsPerToken, measurement)
  }
}

/// A package from its file to a classifier, within a running process.
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "load", abstract: "Time loading a package.")
  @Option(help: "The package.", completion: .file())
  var model: String
  @Option(help: "How long to measure.")
  var seconds = 0.5

  func run() throws {
    let measurement = try Measurement(seconds: seconds) { _ = try Classifier(contentsOfFile: model) }
    var report = Report(test: "load", threads: 1)
    report["model"] = .string(model)
    report.add(measurement)
    report.print()
  }
}

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
        let texts = TokenBatch(workload.texts(33))
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
