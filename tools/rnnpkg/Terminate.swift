#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ends the process with a code. What was printed is written out; whoever has not asked `flushStandardOutput()` before does not
/// learn that it could not be.
func terminate(_ code: Int32) -> Never {
  try? flushStandardOutput()
  exit(code)
}
