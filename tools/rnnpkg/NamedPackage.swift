import ModelPackage
import RecurrentNumerics
import SequenceClassifier

/// An error of a package, with the package's name before it.
struct PackageFailure: Error, CustomStringConvertible {
  let path: String
  let error: any Error
  var description: String {
    if let error = error as? PackageError { return error.message(for: path) }
    return "\(path): \(error)"
  }
}

/// A package read from a file; errors carry the file's name.
struct NamedPackage {
  let path: String
  let package: ModelPackage

  init(_ path: String) throws {
    self.path = path
    do {
      package = try ModelPackage(contentsOfFile: path)
    } catch {
      throw PackageFailure(path: path, error: error)
    }
  }

  func classifier() throws -> Classifier {
    let kernels = try KernelSet.selected()
    do {
      return try Classifier(package, kernels: kernels)
    } catch {
      throw PackageFailure(path: path, error: error)
    }
  }
}
