import FileAccess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of a file or of standard input, in order, as the system delivers them; or bytes in memory.
final class FileBytes {
  private let path: String
  private let descriptor: Int32
  private let isOwned: Bool
  /// What is still to be delivered of bytes in memory.
  private var memory: ArraySlice<UInt8>?

  /// How many bytes there were in memory; `nil` for a file, whose size a pipe does not tell.
  let sizeInMemory: Int?

  init(name: String, memory: [UInt8]) {
    sizeInMemory = memory.count
    path = name
    descriptor = -1
    isOwned = false
    self.memory = memory[...]
  }

  init(path: String) throws(RecordReaderError) {
    self.path = path
    sizeInMemory = nil
    if path == RecordReader.standardInputPath {
      descriptor = STDIN_FILENO
      isOwned = false
      return
    }
    var opened: Int32
    repeat { opened = open(path, O_RDONLY | O_CLOEXEC) } while opened < 0 && errno == EINTR
    descriptor = opened
    isOwned = opened >= 0
    if opened < 0 {
      let code = errno
      throw code == ENOENT || code == ENOTDIR
        ? .notFound(path: path) : .unreadable(path: path, reason: FileError.text(of: code))
    }
  }

  deinit {
    if isOwned { _ = close(descriptor) }
  }

  /// Fills up to `count` bytes at `target`; 0 at the end.
  func read(into target: UnsafeMutablePointer<UInt8>, count: Int) throws(RecordReaderError) -> Int {
    if let part = memory?.prefix(count) {
      memory?.removeFirst(part.count)
      part.withUnsafeBufferPointer {
        if let base = $0.baseAddress { target.update(from: base, count: $0.count) }
      }
      return part.count
    }
    while true {
      let received = systemRead(descriptor, target, count)
      if received >= 0 { return received }
      let code = errno
      if code == EAGAIN || code == EWOULDBLOCK {
        // A terminal or pipe that another program made non-blocking: wait until there are bytes.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, -1)
      } else if code != EINTR {
        throw .unreadable(path: path, reason: FileError.text(of: code))
      }
    }
  }
}

private func systemRead(_ descriptor: Int32, _ target: UnsafeMutablePointer<UInt8>, _ count: Int)
  -> Int
{
  read(descriptor, target, count)
}
