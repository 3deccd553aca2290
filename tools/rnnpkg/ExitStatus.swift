import ClassifierTraining
import FileAccess
import ModelConversion
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TextRecords

/// The exit code of an error; see `rnnpkg --help`.
struct ExitStatus {
  let rawValue: Int32
  /// Whether nothing is to be said: a closed pipe, or a stop that has been reported.
  var isQuiet = false

  /// The code, or nil where the argument parser may know better (usage, help).
  init?(_ error: any Error) {
    switch (error as? PackageFailure)?.error ?? error {
    case is CheckFailure: rawValue = 1
    case let error as Interrupted:
      rawValue = 128 + error.signal
      isQuiet = true
    case is UnfinishedRun, is RefusedOutput: rawValue = 73
    case is OptionError, is KernelSelectionError, is ConfigurationFileError: rawValue = 64
    case let error as DataError:
      switch error {
      case .unreadable(let reader): rawValue = ExitStatus.code(reader)
      case .file(let file): rawValue = ExitStatus.code(file)
      default: rawValue = 65
      }
    case let error as VectorFileError:
      if case .unreadable(let reader) = error { rawValue = ExitStatus.code(reader) } else { rawValue = 65 }
    case let error as RecordReaderError: rawValue = ExitStatus.code(error)
    case let error as FileError:
      // A reader that has seen enough: what it asked for was done.
      isQuiet = error.isBrokenPipe
      rawValue = isQuiet ? 0 : ExitStatus.code(error)
    case let error as CheckpointError:
      switch error {
      case .file(let file): rawValue = ExitStatus.code(file)
      case .unwritable: rawValue = 73
      case .damaged, .otherRun: rawValue = 65
      }
    case InitialWeightsError.package(_, let error): rawValue = ExitStatus(error)?.rawValue ?? 70
    case InitialWeightsError.mismatch: rawValue = 64
    case is InitialWeightsError: rawValue = 65
    case let error as ClassifierLoadError: rawValue = error.needsAnotherEngine ? 78 : 76
    case let error as PackageError:
      switch error.category {
      case .malformed: rawValue = 76
      case .newer: rawValue = 78
      case .untrusted: rawValue = 77
      case .notFound: rawValue = 66
      case .cannotCreate: rawValue = 73
      case .io: rawValue = 74
      }
    case TeacherError.package(_, let error): rawValue = ExitStatus(error)?.rawValue ?? 70
    case is TeacherError: rawValue = 65
    case let error as BehaviourSuiteError:
      if case .file(let file) = error { rawValue = ExitStatus.code(file) } else { rawValue = 65 }
    // Neither the data's fault nor the arguments', as far as can be told.
    case TrainingError.notFinite, TrainingError.vectorsNotFinite: rawValue = 74
    case is TrainingError, is StorageError, is AveragingError, is ComparisonError, is PartnerError,
      is SignatureError, is KeyFileFailure, is ExportError, is BadInput:
      rawValue = 65
    case ClassificationError.tooManyTokens: rawValue = 65
    case is ClassificationError: rawValue = 70
    default: return nil
    }
  }

  private static func code(_ error: RecordReaderError) -> Int32 {
    switch error.category {
    case .notFound: 66
    case .badInput: 65
    case .inputOutput: 74
    }
  }

  private static func code(_ error: FileError) -> Int32 {
    switch error.category {
    case .notFound: 66
    case .cannotCreate: 73
    case .badInput: 65
    case .io: 74
    }
  }
}
