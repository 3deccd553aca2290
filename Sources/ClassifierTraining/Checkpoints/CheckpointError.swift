import FileAccess
import ModelPackage

/// Why a checkpoint cannot be written, or not be resumed.
public enum CheckpointError: Error, Equatable {
  case file(FileError)
  /// No such file holds so much; one that was written before is as it was.
  case unwritable(path: String, reason: String)
  case damaged(path: String, reason: String)
  /// It belongs to another run: these settings differ, and so many more.
  case otherRun(path: String, differences: [String], more: Int = 0)
}

extension CheckpointError: CustomStringConvertible {
  /// One line that begins with the file; where a checkpoint is kept or would be lost, it says so.
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .unwritable(let path, let reason):
      "\(path): the checkpoint cannot be written (\(reason)); the one before, if there is one, is kept"
    case .damaged(let path, let reason):
      "\(path): the checkpoint is damaged (\(reason)); give --restart in place of --resume to begin anew, which "
        + "loses it"
    case .otherRun(let path, let differences, let more):
      "\(path): the checkpoint is of another run; these differ: \(differences.joined(separator: "; "))"
        + (more > 0 ? "; and \(more) more" : "")
        + ". Use the same settings and data, or give --restart in place of --resume to begin anew, which "
        + "loses it"
    }
  }
}
