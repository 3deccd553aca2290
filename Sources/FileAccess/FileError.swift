#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why a file cannot be read or written. `path` is what the caller named, or the lock beside it.
public enum FileError: Error, Equatable, Sendable {
  /// What was being done when the system refused.
  public enum Operation: String, Sendable {
    case open, inspect, read, write, synchronize, rename, remove, close, lock
  }

  /// What a path names when it is no regular file.
  public enum Kind: String, Sendable {
    case directory
    case pipe = "named pipe"
    case socket
    case device
    case symbolicLink = "symbolic link"
  }

  case notFound(path: String)
  /// The path names something else than a regular file.
  case notRegularFile(path: String, kind: Kind)
  case tooLarge(path: String, bytes: Int?, limit: Int)
  /// The directory that should hold an output file does not exist.
  case missingDirectory(path: String, directory: String)
  /// The output names something that no file can take the place of.
  case cannotReplace(path: String, kind: Kind)
  /// The output file already exists and may not be replaced.
  case alreadyExists(path: String)
  /// The output directory already holds something.
  case directoryNotEmpty(path: String)
  /// The output cannot be made: a read-only directory, a missing permission.
  case cannotCreate(path: String, code: Int32)
  /// The output is one of the files that are read.
  case outputIsInput(path: String, input: String)
  /// Two outputs are one file.
  case outputTwice(path: String, other: String)
  /// Another process holds the lock of this output.
  case locked(path: String)
  /// The path holds a NUL byte or is empty.
  case invalidPath(path: String)
  case system(path: String, operation: Operation, code: Int32)

  /// How programs group these errors into exit codes.
  public enum Category: Sendable {
    case notFound, cannotCreate, badInput, io
  }

  /// The group of this error: `notFound` for a path that names nothing or is none, `cannotCreate` for an
  /// output that cannot be made, `badInput` for a file that is too large to be what it is read as, `io` for the rest.
  public var category: Category {
    switch self {
    case .notFound, .invalidPath: .notFound
    case .missingDirectory, .cannotCreate, .cannotReplace, .alreadyExists, .directoryNotEmpty, .outputIsInput,
      .outputTwice,
      .locked:
      .cannotCreate
    case .tooLarge: .badInput
    case .notRegularFile, .system: .io
    }
  }

  /// Whether the reader of a pipe went away: a program that prints ends quietly then.
  public var isBrokenPipe: Bool {
    if case .system(_, _, EPIPE) = self { true } else { false }
  }
}
