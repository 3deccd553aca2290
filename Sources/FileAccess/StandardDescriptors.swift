#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Standard input, output and error when the caller closed some of them.
package enum StandardDescriptors {
  /// Takes the numbers 0, 1 and 2 where they are free, so that no file opened later gets one of them and is written
  /// to by mistake. Reading standard input or writing standard output then fails; messages go nowhere.
  package static func reserve() {
    for (descriptor, access) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
    ] {
      guard fcntl(descriptor, F_GETFD) < 0 else { continue }
      // The lowest free number is given, and all below this one are taken.
      _ = open("/dev/null", access)
    }
  }

  /// Whether a person types the input.
  package static var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// Whether standard input is a stream, such as a pipe, whose writer may take its time.
  package static var isInputStream: Bool {
    var status = stat()
    return fstat(STDIN_FILENO, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  /// Whether a person reads the output.
  package static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}
