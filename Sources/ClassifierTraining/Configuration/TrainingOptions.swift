import RecurrentNumerics
import SequenceClassifier

/// How dev data chooses the best epoch.
public enum SelectionMetric: String, Codable, CaseIterable, Sendable {
  case accuracy
  case macroF1 = "macro-f1"
  case logLoss = "log-loss"

  /// The value of a report, larger is better.
  func score(_ report: ClassificationReport) -> Double {
    switch self {
    case .accuracy: report.accuracy
    case .macroF1: report.macroF1
    case .logLoss: -report.logLoss
    }
  }
}

/// How the classes weigh in the loss.
public enum ClassWeighting: String, Codable, CaseIterable, Sendable {
  /// Every example counts the same.
  case none
  /// Every class with examples counts the same: n / (K n_k) for each of its examples, of K such classes.
  case balanced

  /// The weight of each class, by its number of examples; empty for all ones.
  package func weights(counts: [Int]) -> [Float] {
    switch self {
    case .none: return []
    case .balanced:
      let (examples, classes) = (counts.reduce(0, +), counts.count { $0 > 0 })
      // A class without examples, which smoothing speaks of all the same, would outweigh all others.
      return counts.map { $0 == 0 ? 0 : Float(examples) / Float(classes * $0) }
    }
  }
}

/// The choices of a training run, beside text and network: the `[training]` table of a configuration.
public struct TrainingOptions: Codable, Hashable, Sendable {
  /// Passes over the training data.
  public var epochs: Int
  /// Most tokens of a batch.
  public var batchTokens: Int
  /// Most examples of a batch.
  public var batchSize: Int
  /// Peak learning rate.
  public var learningRate: Double
  /// How the learning rate changes over training.
  public var schedule: LearningRateSchedule
  /// Share of training over which the rate climbs; 0 with `oneCycle`, which climbs by itself.
  public var warmUp: Double
  /// Largest global norm of the gradients; 0 for no limit.
  public var clip: Double
  /// Share of the target that is spread evenly over all labels, from 0 to below 1.
  public var labelSmoothing: Float
  /// How the classes weigh in the loss.
  public var classWeight: ClassWeighting
  /// Decay of the moving average of weights; 0 for none.
  public var average: Double
  /// Epochs without a better dev metric before training stops; 0 for never.
  public var patience: Int
  /// How dev data chooses the best epoch.
  public var metric: SelectionMetric
  /// Of everything random.
  public var seed: UInt64
  /// Parts of a batch that threads share out; results depend on this number, not on threads.
  public var shards: Int
  /// Steps of a truncated-BPTT window; 0 for whole texts.
  public var bpttWindow: Int
  /// Of the products of recurrent layers, forward and back; weights, states, sums and the readout stay fp32. A cell whose
  /// kernel is a `StepwiseKernel` makes its products itself, so that neither bf16 nor a package's int8 reaches them.
  public var precision: Precision
  /// The table `[training.optimizer]`.
  public var optimizer: OptimiserOptions
  /// The table `[training.dropout]`.
  public var dropout: DropoutRates
  /// The table `[training.fine-tuning]`.
  public var fineTuning: FineTuningOptions
  /// The table `[training.adversarial]`.
  public var adversarial: AdversarialOptions
  /// The table `[training.virtual]`.
  public var virtualAdversarial: VirtualAdversarialOptions
  /// The table `[training.entropy]`.
  public var entropy: EntropyOptions
  /// Share of training over which the weights of the losses that need no labels rise from 0.
  public var ramp: Double
  /// Most unlabelled texts of a step; 0 for as many as `batchSize`.
  public var unlabelledBatchSize: Int

  /// The defaults.
  public init() {
    epochs = 10
    batchTokens = 8_192
    batchSize = 64
    learningRate = 2e-3
    schedule = .oneCycle
    warmUp = 0
    clip = 1
    labelSmoothing = 0
    classWeight = .none
    average = 0.999
    patience = 3
    metric = .accuracy
    seed = 1
    shards = 2
    bpttWindow = 0
    precision = .float32
    optimizer = OptimiserOptions()
    dropout = DropoutRates(embeddingRows: 0.1, input: 0.3, hidden: 0.3, readout: 0.5)
    fineTuning = FineTuningOptions()
    adversarial = AdversarialOptions()
    virtualAdversarial = VirtualAdversarialOptions()
    entropy = EntropyOptions()
    ramp = 0.1
    unlabelledBatchSize = 0
  }

  /// Whether texts without labels count in the loss.
  public var readsUnlabelled: Bool { virtualAdversarial.weight > 0 || entropy.weight > 0 }

  /// What a step minimises.
  /// - Parameter progress: the share of training that is done.
  func loss(_ crossEntropy: CrossEntropy, progress: Double) -> TrainingLoss {
    let share = ramp > 0 ? Swift.min(1, progress / ramp) : 1
    var virtual = virtualAdversarial
    virtual.weight *= share
    return TrainingLoss(
      crossEntropy, adversarial: adversarial, virtualAdversarial: virtual,
      entropyWeight: entropy.weight * share)
  }

  enum CodingKeys: String, CodingKey {
    case epochs
    case batchTokens = "batch-tokens"
    case batchSize = "batch-size"
    case learningRate = "learning-rate"
    case schedule
    case warmUp = "warm-up"
    case clip
    case labelSmoothing = "label-smoothing"
    case classWeight = "class-weight"
    case average
    case patience
    case metric
    case seed
    case shards
    case bpttWindow = "bptt-window"
    case precision
    case optimizer
    case dropout
    case fineTuning = "fine-tuning"
    case adversarial
    case virtualAdversarial = "virtual"
    case entropy
    case ramp
    case unlabelledBatchSize = "unlabelled-batch-size"
  }
}
