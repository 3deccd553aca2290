import ClassifierTraining
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing

/// An update shared out among threads is the same update.
@Suite struct OptimiserThreadTests {
  @Test(arguments: OptimiserKind.allCases)
  func anUpdateIsTheSameOnAnyNumberOfThreads(_ kind: OptimiserKind) throws {
    let network = try NetworkDescription(
      embeddingSize: 24, cell: "lstm", cellConfiguration: ["hidden": 120], layers: 1, direction: .both,
      initialState: .zero, readout: "concat"
    ).makeNetwork(vocabularySize: 3_000, labelCount: 3, cells: .standard, readouts: .standard)
    var random = RandomStream(seed: 5)
    var examples = EncodedExamples()
    for label in 0..<60 {
      let tokens = (0..<40).map { _ in Int32(random.integer(below: 3_000)) }
      examples.append(tokens: tokens, label: label % 3)
    }
    let results = [1, 2, 5].map { threads in
      let pool = WorkerPool(threads: threads)
      let worker = GradientWorker(network, shards: 2, pool: pool)
      var parameters = NetworkParameters(initialising: network, random: RandomStream(seed: 1))
      var optimiser = Optimiser(OptimiserOptions(kind: kind, weightDecay: 0.01), zerosLike: parameters)
      var average = WeightAverage(decay: 0.9, parameters: parameters)
      for _ in 0..<3 {
        _ = worker.loss(
          BoundNetwork(network, parameters, kernels: .best), examples, batch: Array(0..<60),
          loss: CrossEntropy(),
          truncation: nil, dropout: nil)
        optimiser.update(
          &parameters, worker.gradients, rates: LayerRates(1e-2, levels: network.levels.count),
          gradientScale: 0.5, pool: pool, kernels: .best)
        average.update(parameters, pool: pool, kernels: .best)
      }
      return (parameters, average.parameters)
    }
    for (parameters, average) in results.dropFirst() {
      #expect(parameters == results[0].0 && average == results[0].1)
    }
    #expect(results[0].0 != NetworkParameters(initialising: network, random: RandomStream(seed: 1)))
  }
}
