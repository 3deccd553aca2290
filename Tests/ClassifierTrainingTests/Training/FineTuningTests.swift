import ClassifierTraining
import RecurrentNumerics
import SequenceClassifier
import Testing

@Suite struct FineTuningTests {
  @Test func eachPartLearnsMoreSlowlyThanTheOneAbove() {
    let rates = FineTuningOptions(factor: 2).rates(0.8, epochs: 0, levels: 2)
    #expect(rates.readout == 0.8)
    #expect(rates.levels == [0.2, 0.4])
    #expect(rates.embedding == 0.1)
  }

  @Test func partsStartOneAfterAnother() {
    let options = FineTuningOptions(factor: 1, unfreezing: 0.5)
    func learning(_ epochs: Double) -> [Bool] {
      let rates = options.rates(1, epochs: epochs, levels: 2)
      return [rates.embedding > 0, rates.levels[0] > 0, rates.levels[1] > 0, rates.readout > 0]
    }
    #expect(learning(0) == [false, false, false, true])
    #expect(learning(0.5) == [false, false, true, true])
    #expect(learning(1) == [false, true, true, true])
    #expect(learning(1.5) == [true, true, true, true])
  }

  @Test func aFrozenPartStaysAsItWas() throws {
    var task = try ToyTask()
    task.options.epochs = 1
    task.options.fineTuning.unfreezing = 1
    let trained = try task.trained()
    #expect(trained.parameters.embedding == task.start.embedding)
    #expect(trained.parameters.layers == task.start.layers)
    #expect(trained.parameters.readout != task.start.readout)
    #expect(trained.optimiser.first.layers.allSatisfy { $0.values.allSatisfy { $0 == 0 } })
  }

  /// Adam makes up for moments that start from zero: by the part's own steps, or its first moves would be too large.
  @Test func aPartThatStartsLaterTakesTheStepsOfAFreshOne() throws {
    let task = try ToyTask()
    let worker = workerWithGradients(of: task)
    let all = LayerRates(0.01, levels: 1)
    var frozen = all
    (frozen.embedding, frozen.levels) = (0, [0])
    func stepped(_ optimiser: inout Optimiser, _ parameters: inout NetworkParameters, _ rates: LayerRates) {
      optimiser.update(
        &parameters, worker.gradients, rates: rates, gradientScale: 1, pool: WorkerPool(threads: 1),
        kernels: .best)
    }
    var (early, late) = (task.start, task.start)
    var fresh = Optimiser(OptimiserOptions(), zerosLike: early)
    var used = fresh
    for _ in 0..<20 { stepped(&used, &late, frozen) }
    #expect(used.steps == 20 && used.updates == [0, 0, 0, 20])
    #expect(late.layers == task.start.layers && late.readout != task.start.readout)
    for _ in 0..<3 {
      stepped(&fresh, &early, all)
      stepped(&used, &late, all)
    }
    #expect(used.updates == [3, 3, 3, 23])
    #expect(late.layers == early.layers && late.embedding == early.embedding)
  }

  @Test func frozenPartsDoNotCountInTheNormThatIsClipped() throws {
    let task = try ToyTask()
    let worker = workerWithGradients(of: task)
    var rates = LayerRates(1, levels: 1)
    let whole = worker.gradientNorm(rates, kernels: .best)
    (rates.embedding, rates.levels) = (0, [0])
    let readout = worker.gradientNorm(rates, kernels: .best)
    let squares = worker.gradients.readout.values.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(readout - squares.squareRoot()) < 1e-6 * whole && readout < 0.99 * whole)
    rates.readout = 0
    #expect(worker.gradientNorm(rates, kernels: .best) == 0)
  }

  /// A worker that holds the gradients of a batch at the start.
  private func workerWithGradients(of task: ToyTask) -> GradientWorker {
    let worker = GradientWorker(task.network, shards: 1, pool: WorkerPool(threads: 1))
    _ = worker.loss(
      BoundNetwork(task.network, task.start, kernels: .best), task.train, batch: Array(0..<30),
      loss: CrossEntropy(),
      truncation: nil, dropout: nil)
    return worker
  }
}
