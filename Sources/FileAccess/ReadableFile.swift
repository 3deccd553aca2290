#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file open for reading. Closed when the last reference goes.
package final class ReadableFile {
  package let path: String
  package let descriptor: Int32
  /// Size in bytes when the file was opened; `nil` for pipes and other streams.
  package let size: Int?

  /// Opens a regular file, or a pipe too when `acceptsStreams` is set. Never waits for a writer unless it is.
  package init(opening path: String, acceptsStreams: Bool = false) throws(FileError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .invalidPath(path: path) }
    // Looked at before opening: opening a device or a pipe can have effects or block.
    let kind = try Self.kind(of: path, acceptsStreams: acceptsStreams)
    var found: Int32
    repeat {
      found = open(path, O_RDONLY | O_CLOEXEC | (kind == .stream ? 0 : O_NONBLOCK))
    } while found < 0 && errno == EINTR
    guard found >= 0 else { throw Self.openError(path) }
    // Looked at again: what the path names may have changed in between.
    var status = stat()
    guard fstat(found, &status) == 0 else {
      let code = errno
      close(found)
      throw .system(path: path, operation: .inspect, code: code)
    }
    let isRegular = status.st_mode & S_IFMT == S_IFREG
    guard isRegular || kind == .stream else {
      close(found)
      throw .notRegularFile(path: path, kind: FileError.Kind(mode: status.st_mode) ?? .device)
    }
    self.path = path
    descriptor = found
    size = isRegular ? Int(status.st_size) : nil
  }

  deinit { close(descriptor) }

  /// Reads up to `buffer.count` bytes; 0 only at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    var count = 0
    repeat {
      #if canImport(Glibc)
        count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #elseif canImport(Musl)
        count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
    } while count < 0 && errno == EINTR
    guard count >= 0 else { throw .system(path: path, operation: .read, code: errno) }
    return count
  }

  /// Everything from here to the end.
  package func readAll(limit: Int) throws(FileError) -> [UInt8] {
    // Room for the byte that shows a file to be too large.
    let limit = min(limit, Int.max - 1)
    if let size, size > limit { throw .tooLarge(path: path, bytes: size, limit: limit) }
    // One byte more than announced, so that the end is seen without growing.
    var capacity = min((size ?? 0) + 1, limit + 1)
    if size == nil || size == 0 { capacity = min(64 << 10, limit + 1) }
    var bytes = try self.bytes(upTo: capacity)
    // A stream, or a file that grew since it was opened.
    while bytes.count == capacity {
      guard bytes.count <= limit else { throw .tooLarge(path: path, bytes: nil, limit: limit) }
      let more = try self.bytes(upTo: min(bytes.count, limit + 1 - bytes.count))
      bytes += more
      capacity = more.isEmpty ? bytes.count + 1 : max(capacity, bytes.count)
      if bytes.count < capacity { break }
    }
    guard bytes.count <= limit else { throw .tooLarge(path: path, bytes: nil, limit: limit) }
    return bytes
  }

  /// The next bytes, fewer than `count` only at the end.
  package func bytes(upTo count: Int) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      while filled < count {
        do throws(FileError) {
          let step = try read(into: UnsafeMutableRawBufferPointer(rebasing: raw[filled..<count]))
          if step == 0 { break }
          filled += step
        } catch {
          failure = error
          break
        }
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Up to `count` bytes from `offset`, without moving the place where `read` goes on; fewer only at the end.
  package func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(FileError) {
        filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fills `buffer` with the bytes from `offset`, without moving the place where `read` goes on; less only at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let step = pread(
        descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset + filled))
      if step == 0 { break }
      if step > 0 {
        filled += step
      } else if errno != EINTR {
        throw .system(path: path, operation: .read, code: errno)
      }
    }
    return filled
  }

  private enum Access { case regular, stream }

  private static func kind(of path: String, acceptsStreams: Bool) throws(FileError) -> Access {
    var status = stat()
    guard stat(path, &status) == 0 else { throw openError(path) }
    guard let kind = FileError.Kind(mode: status.st_mode) else { return .regular }
    guard acceptsStreams, kind == .pipe || kind == .device else {
      throw .notRegularFile(path: path, kind: kind)
    }
    return .stream
  }

  private static func openError(_ path: String) -> FileError {
    let code = errno
    return code == ENOENT || code == ENOTDIR
      ? .notFound(path: path) : .system(path: path, operation: .open, code: code)
  }
}

extension FileError.Kind {
  /// The kind a file mode tells; `nil` for a regular file.
  init?(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: return nil
    case S_IFDIR: self = .directory
    case S_IFIFO: self = .pipe
    case S_IFSOCK: self = .socket
    case S_IFLNK: self = .symbolicLink
    default: self = .device
    }
  }
}
