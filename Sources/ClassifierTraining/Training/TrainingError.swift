import ModelPackage
import StrictJSON

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
  /// One line: what is wrong, and which option to change where one helps.
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
