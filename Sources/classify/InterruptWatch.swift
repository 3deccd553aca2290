import FileAccess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Removes an incomplete output file when a signal ends the program.
///
/// A thread of its own waits for the signal: it acts at once, even while the program waits for input, and may do
/// what a signal handler may not. The process then ends by that signal, as its caller expects (130, 143).
enum InterruptWatch {
  /// How long a write in progress may hold up the end, in seconds.
  private static let patience = 2

  /// Holds back the signals until `start`, so that none ends the program between making the file and watching over
  /// it. Call it before other threads start: they must not take the signals.
  static func hold() {
    var signals = watchedSignals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Starts watching, after `hold`.
  static func start(discarding output: OutputDestination) {
    guard !startThread(for: output) else { return }
    // Without the thread the signals end the program as ever; the next run removes the file it leaves.
    var signals = watchedSignals
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Without those that the caller had ignored, which shall not end the program.
  private static let watchedSignals: sigset_t = {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] where !InheritedSignals.isIgnored(number) {
      sigaddset(&signals, number)
    }
    return signals
  }()

  private static func startThread(for output: OutputDestination) -> Bool {
    let box = Unmanaged.passRetained(output)
    #if canImport(Darwin)
      var handle: pthread_t?
      let body: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { argument in
        InterruptWatch.wait(discarding: Unmanaged.fromOpaque(argument).takeRetainedValue())
        return nil
      }
    #else
      var handle = pthread_t()
      let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        InterruptWatch.wait(discarding: Unmanaged.fromOpaque(argument).takeRetainedValue())
        return nil
      }
    #endif
    guard pthread_create(&handle, nil, body, box.toOpaque()) == 0 else {
      box.release()
      return false
    }
    return true
  }

  private static func wait(discarding output: OutputDestination) {
    var signals = watchedSignals
    var number: Int32 = 0
    guard sigwait(&signals, &number) == 0 else { return }
    output.discard(waitingAtMost: patience)
    _ = signal(number, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    kill(getpid(), number)
  }
}
