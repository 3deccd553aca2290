import FileAccess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where the lines go: standard output, or a file that appears when it is complete.
///
/// Under a lock, because a signal may ask a second thread to discard the file while this one writes.
final class OutputDestination: @unchecked Sendable {
  private enum Target {
    case stream(BufferedOutput)
    case file(AtomicFile)
  }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  // Guarded by `mutex`.
  private let target: Target
  private var isDiscarded = false
  /// Lines not yet handed on.
  private var buffer: [UInt8] = []

  /// Bytes that are gathered before they are written to a file.
  private static let capacity = 256 << 10

  /// - Parameter path: the file; `nil` for standard output.
  init(path: String?) throws(CommandFailure) {
    do throws(FileError) {
      if let path {
        target = .file(try AtomicFile(replacing: path))
      } else {
        target = .stream(BufferedOutput.standardOutput())
      }
    } catch {
      throw CommandFailure(error)
    }
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Takes `bytes`, whole lines, and leaves it empty. They are written when enough have come, or at once.
  func write(_ bytes: inout [UInt8], atOnce: Bool) throws(CommandFailure) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    do throws(FileError) {
      guard !isDiscarded else { return bytes.removeAll() }
      switch target {
      case .stream(let stream):
        try stream.write(bytes)
        if atOnce { try stream.flush() }
      case .file(let file):
        buffer.append(contentsOf: bytes)
        if atOnce || buffer.count >= Self.capacity {
          try file.write(buffer)
          buffer.removeAll(keepingCapacity: true)
        }
      }
      bytes.removeAll(keepingCapacity: true)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Writes what is left; a file takes its place.
  func finish() throws(CommandFailure) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    do throws(FileError) {
      guard !isDiscarded else { return }
      switch target {
      case .stream(let stream): try stream.flush()
      case .file(let file):
        isDiscarded = true
        try file.write(buffer)
        try file.commit()
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Ends a run that failed: what standard output has got stays, a file is removed.
  func abandon() {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    switch target {
    // The failure that led here is what gets reported.
    case .stream(let stream): try? stream.flush()
    case .file(let file): if !isDiscarded { file.discard() }
    }
    isDiscarded = true
  }

  /// Removes a file that is not complete, unless a write holds the lock for longer than `seconds`.
  func discard(waitingAtMost seconds: Int) {
    let step: UInt32 = 10_000
    var waited = 0
    while pthread_mutex_trylock(mutex) != 0 {
      guard waited < seconds * 1_000_000 else { return }
      usleep(step)
      waited += Int(step)
    }
    defer { pthread_mutex_unlock(mutex) }
    if case .file(let file) = target, !isDiscarded { file.discard() }
    isDiscarded = true
  }
}
