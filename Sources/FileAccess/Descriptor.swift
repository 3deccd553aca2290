#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// System calls on open files, interrupted ones repeated and short ones continued.
enum Descriptor {
  static func writeAll(
    _ buffer: UnsafeRawBufferPointer, to descriptor: Int32, path: String
  ) throws(FileError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, part.baseAddress, part.count)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, part.baseAddress, part.count)
      #else
        let count = Darwin.write(descriptor, part.baseAddress, part.count)
      #endif
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0 && errno == EAGAIN {
        // A terminal or pipe that another program made non-blocking: wait until it takes bytes.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, -1)
      } else if count == 0 || errno != EINTR {
        throw .system(path: path, operation: .write, code: count == 0 ? EIO : errno)
      }
    }
  }

  /// Waits until what was written would survive a power cut; an error number, or 0.
  ///
  /// Darwin's `fsync` leaves it in the drive's cache, so it is asked for more there, where the file system knows how.
  static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
    #endif
    return fsync(descriptor) == 0 ? 0 : errno
  }

  /// Makes a rename in `directory` survive a power cut. File systems that cannot sync a directory are let be.
  static func syncDirectory(_ directory: String, path: String) throws(FileError) {
    let found = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard found >= 0 else { return }
    defer { close(found) }
    let code = synchronize(found)
    guard [0, EINVAL, ENOTSUP, EROFS].contains(code) else {
      throw .system(path: path, operation: .synchronize, code: code)
    }
  }
}
