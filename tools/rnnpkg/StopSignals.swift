import FileAccess
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The signal that asked this process to stop; written by the handler, which may do little else.
private let stopSignal = Atomic<Int32>(0)

/// Ctrl-C, SIGTERM and SIGHUP as a request: the first is noted, so that work can be put in order; the second ends at once. Those
/// that the caller had ignored, as `nohup` does, stay ignored.
struct StopSignals {
  init() {
    // Made before the handler may need it.
    stopSignal.store(0, ordering: .relaxed)
    let handler: @convention(c) (Int32) -> Void = { number in
      guard stopSignal.exchange(number, ordering: .relaxed) != 0 else { return }
      UnfinishedEntries.ofProcess.removeAll()
      _exit(128 + number)
    }
    // SIGHUP: a terminal that goes away.
    for number in [SIGINT, SIGTERM, SIGHUP] where !InheritedSignals.isIgnored(number) {
      signal(number, handler)
    }
  }

  var received: Int32? {
    let number = stopSignal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
