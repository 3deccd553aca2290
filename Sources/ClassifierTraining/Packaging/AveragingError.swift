import SequenceClassifier
import StrictJSON

/// Why packages have no mean.
public enum AveragingError: Error, Equatable {
  case tooFew(Int)
  case uselessShare(Double)
  /// All dev texts have this label.
  case oneLabel(String)
  /// `number` counts the packages from 1; `wanted` is what the first has.
  case different(number: Int, what: String, found: String, wanted: String)
  /// The package of this number cannot be loaded.
  case unusable(number: Int, ClassifierLoadError)
}

extension AveragingError: CustomStringConvertible {
  /// One line: what is wrong; packages are counted from 1, in the order given.
  public var description: String {
    switch self {
    case .tooFew(let count): "an average is of 2 packages or more, not of \(count)"
    case .oneLabel(let label):
      "all dev texts have the label \(EscapedText(label)); scores cannot be calibrated on them: give texts of at least two "
        + "labels, or none"
    case .uselessShare(let share): "a share is a number from 0.000001 to 1000000, not \(share)"
    case .different(let number, let what, let found, let wanted):
      "package \(number) has another \(what) than the first: \(found), where the first has \(wanted); only packages of one "
        + "shape, such as a fine-tuned one and its start, have a mean"
    case .unusable(let number, let error): "package \(number): \(error)"
    }
  }
}
