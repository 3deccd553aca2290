#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps two processes from filling one directory: the second one is told. The lock is on the directory itself, needs no file,
/// and lasts until this is dropped or the process ends.
final class DirectoryLock {
  private let descriptor: Int32

  /// - Parameter path: what the caller calls the directory.
  /// - Throws: `FileError.locked` when another process, or another lock of this one, holds it.
  init(_ directory: String, path: String) throws(FileError) {
    let found = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard found >= 0 else { throw .system(path: path, operation: .open, code: errno) }
    // Where locks are not to be had, the directory is as good as before.
    guard flock(found, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      close(found)
      throw .locked(path: path)
    }
    descriptor = found
  }

  deinit { close(descriptor) }
}
