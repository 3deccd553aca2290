import FileAccess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ends the process with a code.
func terminate(_ code: Int32) -> Never { exit(code) }

/// Writes out what `print` buffered, so that a full disk is no success.
func flushStandardOutput() throws(FileError) {
  guard fflush(nil) == 0 else { throw .system(path: "standard output", operation: .write, code: errno) }
}

/// The date for manifests: `SOURCE_DATE_EPOCH` in seconds, as reproducible builds use it; nil where it is not set.
func sourceDate() -> String? {
  guard let text = getenv("SOURCE_DATE_EPOCH"), let seconds = Int(String(cString: text)), seconds >= 0 else { return nil }
  var time = time_t(seconds)
  var parts = tm()
  guard gmtime_r(&time, &parts) != nil else { return nil }
  func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
  return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T\(two(parts.tm_hour)):"
    + "\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
}
