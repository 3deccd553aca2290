#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where an atomic file will go, found out before anything is written.
struct AtomicTarget {
  /// The path with a final symbolic link resolved.
  let destination: String
  /// Permissions of the file that will be replaced.
  let mode: mode_t?
  /// What the path names where nothing may replace it: a pipe, or a device, for which an open descriptor passes too.
  let stream: FileError.Kind?
  var isStream: Bool { stream != nil }
  /// The descriptor that the path names: `/dev/stdout`, `/dev/fd/5`. What it leads to may be a file of the caller's that is
  /// written to from where it stands.
  let descriptor: Int32?
  let temporaries: TemporaryEntries

  init(_ path: String) throws(FileError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .invalidPath(path: path) }
    guard path.utf8.last != UInt8(ascii: "/") else { throw .cannotReplace(path: path, kind: .directory) }
    descriptor = AtomicTarget.descriptor(named: path)
    var destination = path
    var status = stat()
    var mode: mode_t?
    var stream: FileError.Kind?
    if descriptor != nil {
      stream = .device
    } else if lstat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFLNK {
        guard let resolved = realpath(path, nil) else {
          throw errno == ENOENT
            ? .cannotCreate(path: path, code: ENOENT) : .system(path: path, operation: .inspect, code: errno)
        }
        defer { free(resolved) }
        destination = String(cString: resolved)
        guard lstat(destination, &status) == 0 else {
          throw .system(path: path, operation: .inspect, code: errno)
        }
      }
      switch FileError.Kind(mode: status.st_mode) {
      case nil: mode = status.st_mode
      case .pipe: stream = .pipe
      case .device: stream = .device
      case let kind?: throw .cannotReplace(path: path, kind: kind)
      }
    } else if errno != ENOENT {
      // A component that is no directory, or one that may not be searched.
      throw .cannotCreate(path: path, code: errno)
    }
    let directory = FileAccess.directory(of: destination)
    guard FileAccess.isDirectory(directory) else {
      throw .missingDirectory(path: path, directory: directory)
    }
    self.destination = destination
    self.mode = mode
    self.stream = stream
    temporaries = TemporaryEntries(directory: directory, output: FileAccess.name(of: destination))
  }

  private static func descriptor(named path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default:
      for directory in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(directory) {
        return Int32(path.dropFirst(directory.count))
      }
      return nil
    }
  }
}
