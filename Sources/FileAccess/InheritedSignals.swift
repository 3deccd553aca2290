#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Signals whose treatment this process has from its caller.
package enum InheritedSignals {
  /// Whether the caller asked for a signal to be ignored, as `nohup` does: a program that catches it all the same would end when
  /// it was to go on. Ask before anything is done about the signal, and before other threads start.
  package static func isIgnored(_ number: Int32) -> Bool {
    // What a process is asked for tells no more than this on all systems alike.
    let found = signal(number, SIG_IGN)
    let isIgnored = unsafeBitCast(found, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    if !isIgnored { _ = signal(number, found) }
    return isIgnored
  }
}
