#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The temporary files and directories of one output: `.NAME.PID-xxxxxxxx.tmp` beside it.
///
/// Who made one holds its lock for as long as it lives, and the system drops the lock however the process ends. So a lock
/// that can be had tells that nobody needs the entry any more. A process number would not: in a container every run has
/// the same.
struct TemporaryEntries {
  private let directory: String
  private let name: String

  /// Characters of the output's name that a temporary name repeats: names may have 255 bytes in all.
  private static let nameBytes = 200
  private static let suffix = ".tmp"

  /// - Parameters:
  ///   - directory: that of the output.
  ///   - output: its name there.
  init(directory: String, output: String) {
    self.directory = directory
    var name = ""
    for character in output {
      if name.utf8.count + String(character).utf8.count > Self.nameBytes { break }
      name.append(character)
    }
    self.name = name
  }

  private var prefix: String { ".\(name)." }

  /// The name of the lock of the output itself.
  var lockPath: String { "\(directory)/.\(name).lock" }

  /// A new name that says whose it is.
  func makePath() -> String {
    let tag = String(UInt32.random(in: .min ... .max), radix: 16)
    return "\(directory)/\(prefix)\(getpid())-\(tag)\(Self.suffix)"
  }

  /// Takes the lock of an entry that was just made; false where another process took it for abandoned before that.
  static func hold(_ descriptor: Int32, _ path: String) -> Bool {
    // Where locks are not to be had, the entry is as good as before.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { return false }
    return FileIdentity.isNamed(descriptor, path)
  }

  /// Removes entries whose process has ended. Failing to is no error: they are only litter.
  func removeAbandoned() {
    guard let names = try? FileAccess.names(inDirectory: directory) else { return }
    for candidate in names where isTemporary(candidate) {
      let path = "\(directory)/\(candidate)"
      let found = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard found >= 0 else { continue }
      if flock(found, LOCK_EX | LOCK_NB) == 0 { Self.remove(path) }
      close(found)
    }
  }

  /// Whether a name is one that `makePath` may give.
  func isTemporary(_ candidate: String) -> Bool {
    guard candidate.hasPrefix(prefix), candidate.hasSuffix(Self.suffix) else { return false }
    let tail = candidate.dropFirst(prefix.count).dropLast(Self.suffix.count)
    let parts = tail.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 2 && pid_t(parts[0]).map { $0 > 0 } ?? false && UInt32(parts[1], radix: 16) != nil
  }

  /// Removes a file, or a directory of files.
  static func remove(_ path: String) {
    guard FileAccess.isDirectory(path), !FileAccess.isSymbolicLink(path) else {
      unlink(path)
      return
    }
    for name in (try? FileAccess.names(inDirectory: path)) ?? [] { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}
