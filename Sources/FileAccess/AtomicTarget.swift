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
  /// Whether the path names a device or a pipe, which nothing may replace.
  let isStream: Bool
  private let directory: String
  private let name: String

  /// Characters of the target's name that its temporary name repeats: names may have 255 bytes in all.
  private static let nameBytes = 200

  init(_ path: String) throws(FileError) {
    guard !path.isEmpty, !path.utf8.contains(0), path.utf8.last != UInt8(ascii: "/") else {
      throw .invalidPath(path: path)
    }
    var destination = path
    var status = stat()
    var mode: mode_t?
    var isStream = false
    if lstat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFLNK {
        guard let resolved = realpath(path, nil) else {
          throw .system(path: path, operation: .inspect, code: errno)
        }
        defer { free(resolved) }
        destination = String(cString: resolved)
        guard lstat(destination, &status) == 0 else {
          throw .system(path: path, operation: .inspect, code: errno)
        }
      }
      switch FileError.Kind(mode: status.st_mode) {
      case nil: mode = status.st_mode
      case .pipe, .device: isStream = true
      case let kind?: throw .notRegularFile(path: path, kind: kind)
      }
    } else if errno != ENOENT {
      // A component that is no directory, or one that may not be searched.
      throw .cannotCreate(path: path, code: errno)
    }
    directory = FileAccess.directory(of: destination)
    guard FileAccess.isDirectory(directory) else {
      throw .missingDirectory(path: path, directory: directory)
    }
    self.destination = destination
    self.mode = mode
    self.isStream = isStream
    var name = ""
    for character in FileAccess.name(of: destination) {
      if name.utf8.count + String(character).utf8.count > Self.nameBytes { break }
      name.append(character)
    }
    self.name = name
  }

  /// A new name beside the destination that says whose it is.
  func makeTemporaryPath() -> String {
    let tag = String(UInt32.random(in: .min ... .max), radix: 16)
    return "\(directory)/\(prefix)\(getpid())-\(tag)\(Self.suffix)"
  }

  /// The name of the lock of this output.
  var lockPath: String { "\(directory)/.\(name).lock" }

  private var prefix: String { ".\(name)." }
  private static let suffix = ".tmp"

  /// Removes temporary files of this target whose process has ended. Failing to is no error: they are only litter.
  func removeAbandoned() {
    guard let names = try? FileAccess.names(inDirectory: directory) else { return }
    for candidate in names where candidate.hasPrefix(prefix) && candidate.hasSuffix(Self.suffix) {
      let tail = candidate.dropFirst(prefix.count).dropLast(Self.suffix.count)
      let parts = tail.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 2, let process = pid_t(parts[0]), process > 0, UInt32(parts[1], radix: 16) != nil,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      // The process is not known here, but it could live in another container: then it holds the lock.
      let path = "\(directory)/\(candidate)"
      let found = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard found >= 0 else { continue }
      if flock(found, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
      close(found)
    }
  }
}
