import FileAccess

/// Where the lines go: standard output, or a file that appears when it is complete.
final class OutputDestination {
  private enum Target {
    case stream(BufferedOutput)
    case file(AtomicFile)
  }

  private let target: Target
  /// Lines not yet handed on.
  private var buffer: [UInt8] = []

  /// Bytes that are gathered before they are written to a file.
  private static let capacity = 256 << 10

  /// - Parameter path: the file, which signals that end the program remove while it is not complete; `nil` for standard output.
  init(path: String?) throws(CommandFailure) {
    do throws(FileError) {
      if let path {
        UnfinishedEntries.removeAtSignals()
        target = .file(try AtomicFile(replacing: path))
      } else {
        target = .stream(BufferedOutput.standardOutput())
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Takes `bytes`, whole lines, and leaves it empty. They are written when enough have come, or at once.
  func write(_ bytes: inout [UInt8], atOnce: Bool) throws(CommandFailure) {
    do throws(FileError) {
      switch target {
      case .stream(let stream):
        try stream.write(bytes)
        if atOnce { try stream.flush() }
      case .file(let file):
        buffer.append(contentsOf: bytes)
        if atOnce || buffer.count >= Self.capacity {
          try file.write(buffer)
          buffer.removeAll(keepingCapacity: true)
        }
      }
      bytes.removeAll(keepingCapacity: true)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Writes what is left; a file takes its place.
  func finish() throws(CommandFailure) {
    do throws(FileError) {
      switch target {
      case .stream(let stream): try stream.flush()
      case .file(let file):
        try file.write(buffer)
        try file.commit()
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Ends a run that failed: what standard output has got stays, a file is removed.
  func abandon() {
    switch target {
    // The failure that led here is what gets reported.
    case .stream(let stream): try? stream.flush()
    case .file(let file): file.discard()
    }
  }
}
