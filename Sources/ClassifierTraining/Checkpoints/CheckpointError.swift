import FileAccess
import ModelPackage

/// Why a checkpoint cannot be resumed.
public enum CheckpointError: Error, Equatable {
  case file(FileError)
  case damaged(path: String, reason: String)
  /// It belongs to another run: these settings differ.
  case otherRun(path: String, differences: [String])
}

extension CheckpointError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .damaged(let path, let reason):
      "\(path): the checkpoint is damaged (\(reason)); give --restart in place of --resume to begin anew, which "
        + "loses it"
    case .otherRun(let path, let differences):
      "\(path): the checkpoint is of another run; these differ: \(differences.joined(separator: "; ")). Use the same "
        + "settings and data, or give --restart in place of --resume to begin anew, which loses it"
    }
  }
}
