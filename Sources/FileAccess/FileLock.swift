#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps two processes from making the same output: the second one gets an error and can say so at once.
///
/// The lock is `.NAME.lock` beside the output. The system drops it when the process ends, however it ends, so that a
/// file left behind locks nobody out.
package final class FileLock {
  private let lockPath: String
  private var descriptor: Int32

  /// Takes the lock of the output `path`.
  /// - Throws: `FileError.locked` when another process, or another `FileLock` of this one, holds it.
  package init(output path: String) throws(FileError) {
    let target = try AtomicTarget(path)
    lockPath = target.temporaries.lockPath
    while true {
      let found = open(lockPath, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
      guard found >= 0 else { throw .cannotCreate(path: path, code: errno) }
      guard flock(found, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        close(found)
        throw code == EWOULDBLOCK ? .locked(path: path) : .system(path: path, operation: .lock, code: code)
      }
      // The holder before may have removed the file between the two calls: then this one is no longer the name's.
      if Self.isCurrent(found, lockPath) {
        descriptor = found
        return
      }
      close(found)
    }
  }

  deinit { release() }

  /// Gives the lock back and removes its file.
  package func release() {
    guard descriptor >= 0 else { return }
    unlink(lockPath)
    close(descriptor)
    descriptor = -1
  }

  private static func isCurrent(_ descriptor: Int32, _ path: String) -> Bool {
    var held = stat()
    var named = stat()
    return fstat(descriptor, &held) == 0 && lstat(path, &named) == 0 && held.st_ino == named.st_ino
      && held.st_dev == named.st_dev
  }
}
