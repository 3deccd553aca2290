/// How a file shows that it is UTF-16.
public enum UTF16Form: Sendable, Hashable {
  /// A byte order mark begins it.
  case marked
  /// Without a mark, every second byte of its start is NUL, from the second on.
  case littleEndian
  /// The same from the first byte on.
  case bigEndian

  /// The encoding as iconv names it.
  var name: String {
    switch self {
    case .marked: "UTF-16"
    case .littleEndian: "UTF-16LE"
    case .bigEndian: "UTF-16BE"
    }
  }
}
