import ClassifierTraining
import StrictJSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The last second of the year 9999: later ones do not fit the dates of manifests.
private let latestSourceDate: Int64 = 253_402_300_799

/// The date for manifests: `SOURCE_DATE_EPOCH` in seconds, as reproducible builds use it; nil where it is not set.
/// - Throws: `OptionError` where it is set and is no such number.
func sourceDate() throws(OptionError) -> String? {
  guard let found = getenv("SOURCE_DATE_EPOCH") else { return nil }
  let text = String(cString: found)
  // `Int64` would take a sign.
  let hasDigitsOnly = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  guard hasDigitsOnly, let seconds = Int64(text), seconds <= latestSourceDate else {
    throw OptionError(
      option: "SOURCE_DATE_EPOCH", value: "\(EscapedText(text))",
      allowed: "a number of seconds from 0 to \(latestSourceDate)")
  }
  var time = time_t(seconds)
  var parts = tm()
  guard gmtime_r(&time, &parts) != nil else { return nil }
  func padded(_ value: Int32, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }
  return "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))T"
    + "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))Z"
}
