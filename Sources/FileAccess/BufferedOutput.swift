#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Buffered writing to an open stream, usually standard output or standard error.
///
/// A program that prints first calls `ignoreWriteSignals()`; a reader that went away is then an error whose
/// `isBrokenPipe` is true. What is still buffered when it is dropped is lost: call `flush()`.
package final class BufferedOutput {
  /// What messages call the stream.
  package let name: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private let capacity: Int
  /// Whether every line is written as soon as it is complete.
  package var isLineBuffered: Bool

  /// Bytes gathered before they are written.
  package static let standardCapacity = 64 << 10

  /// Line-buffered by itself when the stream is a terminal.
  package init(descriptor: Int32, name: String, capacity: Int = standardCapacity, isLineBuffered: Bool? = nil)
  {
    self.descriptor = descriptor
    self.name = name
    self.capacity = max(capacity, 1)
    self.isLineBuffered = isLineBuffered ?? (isatty(descriptor) == 1)
  }

  /// Standard output.
  package static func standardOutput() -> BufferedOutput {
    BufferedOutput(descriptor: STDOUT_FILENO, name: "standard output")
  }

  /// Standard error, written line by line.
  package static func standardError() -> BufferedOutput {
    BufferedOutput(descriptor: STDERR_FILENO, name: "standard error", isLineBuffered: true)
  }

  /// Makes writing to a closed pipe, or beyond the largest size that a file may have here, an error instead of the end of
  /// the process.
  package static func ignoreWriteSignals() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }

  /// Whether the stream is a terminal.
  package var isTerminal: Bool { isatty(descriptor) == 1 }

  package func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= capacity || (isLineBuffered && bytes.contains(0x0a)) { try flush() }
  }

  package func write(_ text: String) throws(FileError) { try write(text.utf8) }

  /// Writes what is buffered. After an error the buffer is empty: the same bytes are not tried twice.
  package func flush() throws(FileError) {
    guard !buffer.isEmpty else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    try buffer.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try Descriptor.writeAll(UnsafeRawBufferPointer(bytes), to: descriptor, path: name)
    }
  }
}
