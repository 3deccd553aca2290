import ClassifierTraining
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// A task that a small network learns in seconds: which of two words stands more often.
struct ToyTask {
  let network: RecurrentNetwork
  let train: EncodedExamples
  let valid: EncodedExamples
  let labels = ["fewer", "more"]
  var options = TrainingOptions()
  let start: NetworkParameters

  init(
    cell: CellKind = "lstm", hidden: Int = 6, count: Int = 90, seed: UInt64 = 1,
    cellOptions: JSONObject = JSONObject(), readout: ReadoutKind = ConcatReadout.kind,
    cells: CellRegistry = .standard
  ) throws {
    var configuration = cellOptions
    configuration["hidden"] = .integer(Int64(hidden))
    network = try NetworkDescription(
      embeddingSize: 5, cell: cell, cellConfiguration: .object(configuration), layers: 1,
      direction: .both, initialState: .zero, readout: readout
    ).makeNetwork(vocabularySize: ToyTask.vocabularySize, labelCount: 2, cells: cells, readouts: .standard)
    train = ToyTask.examples(count: count, seed: seed)
    valid = ToyTask.examples(count: 30, seed: seed + 1_000)
    start = NetworkParameters(initialising: network, random: RandomStream(seed: seed))
    options.epochs = 2
    options.batchSize = 8
    options.patience = 0
    options.shards = 3
  }

  static let vocabularySize = 12

  private static func examples(count: Int, seed: UInt64) -> EncodedExamples {
    var random = RandomStream(seed: seed)
    var examples = EncodedExamples()
    for _ in 0..<count {
      let tokens = (0..<1 + random.integer(below: 9)).map { _ in
        Int32(4 + random.integer(below: vocabularySize - 4))
      }
      let more = tokens.count { $0 == 4 || $0 == 5 } > tokens.count { $0 == 6 || $0 == 7 }
      examples.append(tokens: tokens, label: more ? 1 : 0)
    }
    return examples
  }

  /// Texts whose labels nobody reads.
  static let unlabelled = examples(count: 43, seed: 77).tokens

  func trainer(threads: Int = 2, unlabelled: [[Int32]] = []) throws -> Trainer {
    try Trainer(
      network, options, train: train, valid: valid, labels: labels, unlabelled: unlabelled,
      pool: WorkerPool(threads: threads), kernels: .best)
  }

  var state: TrainingState { TrainingState(network, options, parameters: start) }

  /// The state after an unbroken run.
  func trained(threads: Int = 2, unlabelled: [[Int32]] = []) throws -> TrainingState {
    var state = state
    _ = try trainer(threads: threads, unlabelled: unlabelled).run(&state)
    return state
  }
}

/// What two runs must share to the bit; wall times differ.
struct TrainedBits: Equatable {
  let parameters: NetworkParameters
  let average: NetworkParameters?
  let best: BestEpoch?
  let moments: [NetworkParameters]
  let epochs: [[Double]]
  let isBest: [Bool]

  init(_ state: TrainingState) {
    parameters = state.parameters
    average = state.average?.parameters
    best = state.best
    moments = [state.optimiser.first, state.optimiser.second]
    epochs = state.history.map {
      [Double($0.epoch), $0.trainLoss, $0.validAccuracy, $0.validMacroF1, $0.validLogLoss]
    }
    isBest = state.history.map(\.isBest)
  }
}
