import FileAccess
import StrictJSON

/// Why a behaviour suite cannot be used.
public enum BehaviourSuiteError: Error, Equatable {
  /// Why a line is no case.
  public enum Fault: Error, Equatable {
    case json(column: Int, JSONError.Reason)
    case decoding(JSONDecodingError)
    case emptyText
    case variantEqualsText
    case noExpectation
    case severalExpectations
    case variantCount(Int, limit: Int)
    case direction(String)
    case tolerance(Double)
    case toleranceWithoutDirection
  }

  case file(FileError)
  case badCase(path: String, line: Int, Fault)
  case duplicateCase(path: String, line: Int, first: Int)
  case unknownLabel(path: String, line: Int, label: String, known: [String])
  case empty(path: String)
  case unnamed(path: String)
  case noFiles(directory: String)
  case duplicateName(path: String, name: String)
}
