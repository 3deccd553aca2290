import ModelPackage
import StrictJSON

/// What a trainer tells whoever watches.
public enum TrainingEvent: Sendable {
  case step(StepProgress)
  case evaluating(epoch: Int)
  case epoch(EpochRecord)
  case checkpoint
}

/// How far an epoch is.
public struct StepProgress: Sendable {
  /// From 1.
  public let epoch: Int
  public let epochs: Int
  /// Batches done.
  public let batch: Int
  public let batches: Int
  /// Mean loss of the epoch so far.
  public let loss: Double
  public let learningRate: Double
  public let tokensPerSecond: Double
  /// Wall seconds until all epochs are done, at the present pace.
  public let secondsLeft: Double
}

/// Why training ended.
public enum TrainingEnd: String, Sendable {
  /// All epochs are done.
  case completed
  /// The dev metric did not improve for `patience` epochs.
  case stoppedEarly = "stopped-early"
  /// Whoever runs it asked it to stop; the state can be resumed.
  case interrupted
}

/// Why training cannot go on.
public enum TrainingError: Error, Equatable {
  case notFinite(what: String, epoch: Int, batch: Int, learningRate: Double)
  case vectorsNotFinite(learningRate: Double)
  case noExamples
  case oneClass(String)
  /// What the data and the configuration ask for fits in no package.
  case unpackable(PackageError)
  /// The network's parameters need more bytes than what is to hold them may have.
  case tooLarge(bytes: Int, limit: Int, holder: String)
}

extension TrainingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFinite(let what, let epoch, let batch, let learningRate):
      "the \(what) is not finite at epoch \(epoch), batch \(batch), learning rate \(learningRate): train again with "
        + "a smaller --lr or --clip, and with --restart where a checkpoint was kept: it goes on with its own settings only"
    case .vectorsNotFinite(let learningRate):
      "the vectors are not finite at learning rate \(learningRate): train again with a smaller --lr"
    case .noExamples: "there is nothing to train on: the data holds no labelled text"
    case .oneClass(let label):
      "all training texts have the label \(EscapedText(label)); a classifier needs at least two labels"
    case .unpackable(let error): "no package can hold what is to be trained: \(error)"
    case .tooLarge(let bytes, let limit, let holder):
      "the network's parameters take \(bytes) bytes, and \(holder) at most \(limit): make --hidden, --embedding or "
        + "--vocabulary-size smaller"
    }
  }
}
