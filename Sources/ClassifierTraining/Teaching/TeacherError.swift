import ModelPackage
import StrictJSON

/// Why a package cannot teach.
public enum TeacherError: Error {
  /// It cannot be read or used.
  case package(path: String, any Error)
  /// It has other labels than the data.
  case labels(path: String, [String], expected: [String])
}

extension TeacherError: CustomStringConvertible {
  /// One line: `teacher:`, the file, and what is wrong with it.
  public var description: String {
    switch self {
    case .package(let path, let error as PackageError): "teacher: " + error.message(for: path)
    case .package(let path, let error): "teacher: \(EscapedText.unquoted(path)): \(error)"
    case .labels(let path, let found, let expected):
      "teacher: \(EscapedText.unquoted(path)): its labels are \(LabelOrder.shown(found)), those of the data "
        + "\(LabelOrder.shown(expected)); they must be the same"
    }
  }
}
