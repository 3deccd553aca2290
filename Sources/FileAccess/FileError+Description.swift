import StrictJSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension FileError: CustomStringConvertible {
  /// One line: the path, what is wrong with it and, where that helps, what to do next; paths escaped.
  public var description: String {
    switch self {
    case .notFound(let path): "\(EscapedText.unquoted(path)): no such file"
    case .notRegularFile(let path, let kind):
      "\(EscapedText.unquoted(path)): a \(kind.rawValue), not a regular file"
    case .cannotReplace(let path, let kind):
      "\(EscapedText.unquoted(path)): a \(kind.rawValue), which no file can replace; choose another name"
    case .tooLarge(let path, let bytes?, let limit):
      "\(EscapedText.unquoted(path)): too large (\(bytes) bytes, limit \(limit))"
    case .tooLarge(let path, nil, let limit):
      "\(EscapedText.unquoted(path)): too large (limit \(limit) bytes)"
    case .missingDirectory(let path, let directory):
      "\(EscapedText.unquoted(path)): the directory \(EscapedText.unquoted(directory)) does not exist; create it first"
    case .alreadyExists(let path):
      "\(EscapedText.unquoted(path)): already exists; choose another name or remove it first"
    case .directoryNotEmpty(let path):
      "\(EscapedText.unquoted(path)): the directory is not empty; choose another one"
    case .cannotCreate(let path, let code):
      "\(EscapedText.unquoted(path)): cannot be created: \(Self.text(of: code))"
    case .outputIsInput(let path, let input):
      "\(EscapedText.unquoted(path)): the output is also read, as \(EscapedText.unquoted(input)); choose another name"
    case .outputTwice(let path, let other):
      "\(EscapedText.unquoted(path)): also the place of \(EscapedText.unquoted(other)); choose another name"
    case .locked(let path):
      "\(EscapedText.unquoted(path)): another process is writing it; wait for it or choose another name"
    case .invalidPath(let path): "\"\(EscapedText.unquoted(path))\": not a file name"
    case .system(let path, let operation, let code):
      "\(EscapedText.unquoted(path)): cannot \(operation.rawValue): \(Self.text(of: code))"
    }
  }

  /// The system's words for an error number, in English whatever the locale.
  package static func text(of code: Int32) -> String {
    // `strerror` speaks the language of `setlocale`, which this project never calls: it stays English.
    guard let message = strerror(code) else { return "error \(code)" }
    return String(cString: message)
  }
}
