#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A lock on an output that takes long to make, so that two processes never work on it at once.
///
/// Held through `.NAME.lock` beside the output until released; the system lets go of it when the process ends, however
/// it ends.
public final class FileLock {
  private let path: String
  private var descriptor: Int32

  /// - Throws: `FileError.locked` where another process holds it.
  public init(for output: String) throws(FileError) {
    path = FileAccess.directory(of: output) + "/." + FileAccess.name(of: output) + ".lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotCreate(path: path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      descriptor = -1
      throw .locked(path: output)
    }
  }

  /// Lets go, and removes the lock's file.
  public func release() {
    guard descriptor >= 0 else { return }
    unlink(path)
    close(descriptor)
    descriptor = -1
  }

  deinit { release() }
}
