import SequenceClassifier

/// What one epoch came to.
public struct EpochRecord: Codable, Hashable, Sendable {
  /// From 1.
  public let epoch: Int
  /// Mean training loss of the epoch's batches, in nats, with dropout and smoothing.
  public let trainLoss: Double
  /// Share of the dev texts whose most probable label is the true one.
  public let validAccuracy: Double
  /// Mean F1 over the labels that dev texts have.
  public let validMacroF1: Double
  /// Nats.
  public let validLogLoss: Double
  /// Wall seconds of the epoch, evaluation included.
  public let seconds: Double
  /// Training tokens a second, evaluation not counted.
  public let tokensPerSecond: Double
  /// Whether it is the best so far.
  public let isBest: Bool
}

/// The best epoch so far.
public struct BestEpoch: Sendable, Equatable {
  /// From 1.
  public let epoch: Int
  /// What `SelectionMetric` made of its report; larger is better.
  public let score: Double
  /// Mean −log p of the true label on the dev data; of epochs with the same score, the lower one is better.
  public let logLoss: Double
  /// Those that were evaluated.
  public let parameters: NetworkParameters

  /// Whether figures are better than these.
  package func isBeaten(score: Double, logLoss: Double) -> Bool {
    score > self.score || (score == self.score && logLoss < self.logLoss)
  }
}

/// All that training needs to go on: what a checkpoint holds.
///
/// Random numbers are functions of (seed, epoch, step, example), so no generator is part of it.
public struct TrainingState: Sendable {
  /// Those that the next step starts from.
  public var parameters: NetworkParameters
  /// The moments of the gradients, and how many steps were taken.
  public var optimiser: Optimiser
  /// The moving average of the parameters, where one is kept.
  public var average: WeightAverage?
  /// The best epoch; nil before the first has ended.
  public var best: BestEpoch?
  /// Epochs done.
  public var epoch = 0
  /// Batches done of the epoch under way.
  public var batch = 0
  /// Sum of the losses of those batches.
  public var lossSum = 0.0
  /// Epochs since the best one.
  public var epochsWithoutImprovement = 0
  /// Of each epoch done.
  public var history: [EpochRecord] = []
  /// Wall seconds so far, all runs together.
  public var seconds = 0.0
  /// Wall seconds of the epoch under way.
  public var epochSeconds = 0.0

  /// The start of a run.
  public init(_ network: RecurrentNetwork, _ options: TrainingOptions, parameters: NetworkParameters) {
    self.parameters = parameters
    optimiser = Optimiser(options.optimizer, zerosLike: parameters)
    average = options.average > 0 ? WeightAverage(decay: options.average, parameters: parameters) : nil
  }

  /// The parameters that are evaluated and packed.
  public var evaluated: NetworkParameters { average?.parameters ?? parameters }
}
