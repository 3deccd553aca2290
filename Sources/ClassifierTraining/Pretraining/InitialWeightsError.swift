import ModelPackage
import StrictJSON

/// Why trained weights cannot start a classifier.
public enum InitialWeightsError: Error {
  /// A setting of this run, and what the weights were trained with.
  public struct Difference: Equatable, Sendable {
    /// As in a configuration, such as `model.hidden`.
    public var setting: String
    /// This run's value.
    public var found: String
    /// The value that the weights need.
    public var wanted: String

    /// A difference as `description` words it: set `setting` to `wanted` (this run has `found`).
    public init(setting: String, found: String, wanted: String) {
      self.setting = setting
      self.found = found
      self.wanted = wanted
    }
  }

  /// A file of tensors that is no language model, or a damaged one.
  case damaged(path: String, reason: String)
  /// A package that cannot be read or used, or a file that is neither.
  case package(path: String, any Error)
  /// Settings of the classifier differ from what the weights belong to.
  case mismatch(path: String, [Difference])
}

extension InitialWeightsError: CustomStringConvertible {
  /// One line: the file, and what is wrong with it or which settings to change.
  public var description: String {
    switch self {
    case .damaged(let path, let reason):
      "\(EscapedText.unquoted(path)): it holds no language model to start from (\(reason))"
    case .package(let path, let error as PackageError): error.message(for: path)
    case .package(let path, let error): "\(EscapedText.unquoted(path)): \(error)"
    case .mismatch(let path, let differences):
      "\(EscapedText.unquoted(path)) was trained with other settings; set "
        + differences.map { "\($0.setting) to \($0.wanted) (this run has \($0.found))" }.joined(
          separator: ", ")
    }
  }
}
