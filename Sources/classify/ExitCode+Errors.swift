import ArgumentParser
import FileAccess
import Recurrent
import TextRecords

extension CommandFailure.Code {
  /// The program's exit status: the numbers of BSD's sysexits.
  var exitCode: ExitCode {
    switch self {
    case .brokenPipe: .success
    case .usage: ExitCode(64)
    case .badInput: ExitCode(65)
    case .notFound: ExitCode(66)
    case .internalError: ExitCode(70)
    case .cannotCreate: ExitCode(73)
    case .inputOutput: ExitCode(74)
    case .malformedPackage: ExitCode(76)
    case .untrusted: ExitCode(77)
    case .newerEngine: ExitCode(78)
    }
  }
}

extension CommandFailure {
  /// A file that cannot be read, or an output that cannot be written.
  init(_ error: FileError) {
    if error.isBrokenPipe {
      self.init(.brokenPipe, "\(error)")
      return
    }
    switch error.category {
    case .notFound: self.init(.notFound, "\(error)")
    case .cannotCreate: self.init(.cannotCreate, "\(error)")
    case .badInput: self.init(.badInput, "\(error)")
    case .io: self.init(.inputOutput, "\(error)")
    }
  }

  /// An input that cannot be read.
  ///
  /// - Parameter mayLackHeader: whether `--no-header` could be added to the arguments.
  init(_ error: RecordReaderError, mayLackHeader: Bool) {
    var message = "\(error)"
    if mayLackHeader, case .missingColumn(_, .text, _, _) = error { message += ", or use --no-header" }
    switch error.category {
    case .notFound: self.init(.notFound, message)
    case .badInput: self.init(.badInput, message)
    case .inputOutput: self.init(.inputOutput, message)
    }
  }

  /// A package that cannot be loaded.
  init(loading path: String, _ error: any Error) {
    switch error {
    case let error as KernelSelectionError: self.init(.usage, "\(error)")
    case let error as PackageError:
      let code: Code =
        switch error.category {
        case .malformed: .malformedPackage
        case .newer: .newerEngine
        case .untrusted: .untrusted
        case .notFound: .notFound
        // Nothing is created by reading.
        case .cannotCreate, .io: .inputOutput
        }
      self.init(code, error.message(for: path))
    case let error as ClassifierLoadError:
      self.init(error.needsAnotherEngine ? .newerEngine : .malformedPackage, "\(path): \(error)")
    default: self.init(.internalError, "\(path): \(error)")
    }
  }
}
