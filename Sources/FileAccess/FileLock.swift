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
  /// Its place in `UnfinishedEntries`.
  private let unfinished: Int?

  /// Takes the lock of the output `path`.
  /// - Throws: `FileError.locked` when another process, or another `FileLock` of this one, holds it; errors of the lock file
  ///   carry its own path.
  package init(output path: String) throws(FileError) {
    let target = try AtomicTarget(path)
    lockPath = target.temporaries.lockPath
    while true {
      let found = try Self.opened(lockPath)
      guard flock(found, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        close(found)
        throw code == EWOULDBLOCK
          ? .locked(path: path) : .system(path: lockPath, operation: .lock, code: code)
      }
      // The holder before may have removed the file between the two calls: then this one is no longer the name's.
      if FileIdentity.isNamed(found, lockPath) {
        descriptor = found
        unfinished = UnfinishedEntries.ofProcess.add(lockPath)
        return
      }
      close(found)
    }
  }

  deinit { release() }

  /// Gives the lock back and removes its file.
  package func release() {
    guard descriptor >= 0 else { return }
    UnfinishedEntries.ofProcess.forget(unfinished)
    unlink(lockPath)
    close(descriptor)
    descriptor = -1
  }

  /// Opens the lock file, made where there is none.
  private static func opened(_ lockPath: String) throws(FileError) -> Int32 {
    var found = open(lockPath, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
    let code = errno
    // What another user left may be read at best, which is enough to lock it. Waits for nobody, should it be a pipe.
    if found < 0, code == EACCES {
      found = open(lockPath, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
    }
    guard found >= 0 else { throw .cannotCreate(path: lockPath, code: code) }
    return found
  }
}
