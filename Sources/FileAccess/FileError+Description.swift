#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension FileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let path): "\(Self.shown(path)): no such file"
    case .notRegularFile(let path, let kind): "\(Self.shown(path)): a \(kind.rawValue), not a regular file"
    case .cannotReplace(let path, let kind):
      "\(Self.shown(path)): a \(kind.rawValue), which no file can replace; choose another name"
    case .tooLarge(let path, let bytes?, let limit):
      "\(Self.shown(path)): too large (\(bytes) bytes, limit \(limit))"
    case .tooLarge(let path, nil, let limit): "\(Self.shown(path)): too large (limit \(limit) bytes)"
    case .missingDirectory(let path, let directory):
      "\(Self.shown(path)): the directory \(Self.shown(directory)) does not exist; create it first"
    case .alreadyExists(let path):
      "\(Self.shown(path)): already exists; choose another name or remove it first"
    case .directoryNotEmpty(let path): "\(Self.shown(path)): the directory is not empty; choose another one"
    case .cannotCreate(let path, let code): "\(Self.shown(path)): cannot be created: \(Self.text(of: code))"
    case .outputIsInput(let path, let input):
      "\(Self.shown(path)): the output is also read, as \(Self.shown(input)); choose another name"
    case .outputTwice(let path, let other):
      "\(Self.shown(path)): also the place of \(Self.shown(other)); choose another name"
    case .locked(let path):
      "\(Self.shown(path)): another process is writing it; wait for it or choose another name"
    case .invalidPath(let path): "\"\(Self.shown(path))\": not a file name"
    case .system(let path, let operation, let code):
      "\(Self.shown(path)): cannot \(operation.rawValue): \(Self.text(of: code))"
    }
  }

  /// The system's words for an error number, in English whatever the locale.
  static func text(of code: Int32) -> String {
    // `strerror` speaks the language of `setlocale`, which this project never calls: it stays English.
    guard let message = strerror(code) else { return "error \(code)" }
    return String(cString: message)
  }

  /// A path as a one-line message shows it: control characters escaped.
  static func shown(_ path: String) -> String {
    var text = ""
    for scalar in path.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
