import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The temporary files, temporary directories and locks that a process holds: what it would leave if a signal ended it.
///
/// A signal handler may neither allocate nor wait, so names are C strings in a table of fixed size, and one exchange takes each
/// out, whoever comes first. A name that finds no place there is left for the next run to remove.
package final class UnfinishedEntries: @unchecked Sendable {
  /// Those of this process.
  package static let ofProcess = UnfinishedEntries(capacity: 64)

  // Never changes; what it leads to is atomic.
  private let names: UnsafeMutablePointer<Atomic<UnsafeMutablePointer<CChar>?>>
  private let capacity: Int

  package init(capacity: Int) {
    self.capacity = capacity
    names = .allocate(capacity: capacity)
    for place in 0..<capacity { (names + place).initialize(to: Atomic(nil)) }
  }

  deinit {
    for place in 0..<capacity { forget(place) }
    names.deinitialize(count: capacity)
    names.deallocate()
  }

  /// Takes the name of what was made or is about to be.
  /// - Returns: Its place; `nil` where none was free.
  package func add(_ path: String) -> Int? {
    guard let name = strdup(path) else { return nil }
    for place in 0..<capacity
    where names[place].compareExchange(expected: nil, desired: name, ordering: .acquiringAndReleasing)
      .exchanged
    {
      return place
    }
    free(name)
    return nil
  }

  /// Leaves out a name: before a lock is given back, since the next file of that name is another's.
  package func forget(_ place: Int?) {
    guard let place else { return }
    free(names[place].exchange(nil, ordering: .acquiringAndReleasing))
  }

  /// Removes all that is there, directories last, when their files are gone. Does only what a signal handler may.
  package func removeAll() {
    for place in 0..<capacity {
      guard let name = names[place].exchange(nil, ordering: .acquiringAndReleasing) else { continue }
      if unlink(name) != 0 { names[place].store(name, ordering: .releasing) }
    }
    for place in 0..<capacity {
      if let name = names[place].exchange(nil, ordering: .acquiringAndReleasing) { rmdir(name) }
    }
  }

  /// From now on Ctrl-C, SIGTERM and SIGHUP remove those of this process before they end it, by the same signal. Those that the
  /// caller had ignored, as `nohup` does, stay ignored.
  package static func removeAtSignals() {
    // Made, and its code run once, before the handler may need it.
    UnfinishedEntries(capacity: 1).removeAll()
    _ = ofProcess.capacity
    for number in [SIGINT, SIGTERM, SIGHUP] where !InheritedSignals.isIgnored(number) {
      signal(number) { number in
        UnfinishedEntries.ofProcess.removeAll()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }
}
