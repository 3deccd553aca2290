#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An output file that appears whole or not at all.
///
/// Bytes go into `.NAME.PID-xxxxxxxx.tmp` in the same directory; `commit()` syncs it, renames it to its place and syncs
/// the directory. Dropped before that, it removes the temporary file and leaves the old one as it was.
///
/// A symbolic link is followed, so that the link stays. A device or a pipe, such as `/dev/null`, is written to directly, and so
/// is an open descriptor that has a name, such as `/dev/stdout`.
/// Temporary files that a killed process left beside the same name are removed first.
package final class AtomicFile {
  /// The name the caller gave.
  package let path: String
  private let destination: String
  /// `nil` when writing directly to a device or a pipe.
  private let temporary: String?
  private var descriptor: Int32
  /// Its place in `UnfinishedEntries`.
  private let unfinished: Int?
  /// Whether bytes go to a device, a pipe or an open descriptor as they are written.
  package var isStream: Bool { temporary == nil }

  /// - Parameter permissions: of the file, whatever one there may be before has; `nil` for those of that one, or the
  ///   process's usual ones.
  package init(replacing path: String, permissions: UInt16? = nil) throws(FileError) {
    let target = try AtomicTarget(path)
    self.path = path
    destination = target.destination
    guard !target.isStream else {
      let found =
        target.descriptor.map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open(destination, O_WRONLY | O_CLOEXEC)
      guard found >= 0 else { throw .cannotCreate(path: path, code: errno) }
      descriptor = found
      temporary = nil
      unfinished = nil
      return
    }
    target.temporaries.removeAbandoned()
    var name = ""
    var found: Int32 = -1
    var unfinished: Int?
    repeat {
      UnfinishedEntries.ofProcess.forget(unfinished)
      name = target.temporaries.makePath()
      // Before it is there, so that no signal comes between.
      unfinished = UnfinishedEntries.ofProcess.add(name)
      found = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(permissions ?? 0o666))
      if found >= 0, !TemporaryEntries.hold(found, name) {
        close(found)
        found = -1
        errno = EINTR
      }
    } while found < 0 && (errno == EEXIST || errno == EINTR)
    guard found >= 0 else {
      let code = errno
      UnfinishedEntries.ofProcess.forget(unfinished)
      throw .cannotCreate(path: path, code: code)
    }
    if permissions == nil, let mode = target.mode { _ = fchmod(found, mode & 0o777) }
    descriptor = found
    temporary = name
    self.unfinished = unfinished
  }

  deinit { discard() }

  /// Appends bytes.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    try write(bytes[...])
  }

  /// Appends bytes.
  package func write(_ bytes: ArraySlice<UInt8>) throws(FileError) {
    precondition(descriptor >= 0, "write after commit or discard of \(path)")
    do throws(FileError) {
      try bytes.withUnsafeBufferPointer { (buffer) throws(FileError) in
        try Descriptor.writeAll(UnsafeRawBufferPointer(buffer), to: descriptor, path: path)
      }
    } catch {
      discard()
      throw error
    }
  }

  /// Appends the UTF-8 bytes of a text.
  package func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

  /// Puts the file in its place. After an error the old file is as it was, unless all that failed was to sync the directory.
  /// - Parameter replacing: whether a file that is there may go. Where not, what is there is refused, even where it came only a
  ///   moment ago, on file systems that know hard links.
  package func commit(replacing: Bool = true) throws(FileError) {
    precondition(descriptor >= 0, "commit after commit or discard of \(path)")
    guard let temporary else {
      let isClosed = close(descriptor) == 0
      let code = errno
      descriptor = -1
      guard isClosed else { throw .system(path: path, operation: .close, code: code) }
      return
    }
    let code = Descriptor.synchronize(descriptor)
    guard code == 0 else { throw failed(.synchronize, code) }
    if replacing {
      guard rename(temporary, destination) == 0 else { throw failed(.rename) }
    } else {
      try moveToFreePlace(temporary)
    }
    // Closed after the rename, so that the lock covers the name for as long as it exists. The data is synced: an
    // error of this close says nothing about it.
    end()
    do throws(FileError) {
      try Descriptor.syncDirectory(FileAccess.directory(of: destination), path: path)
    } catch {
      // Where nothing was before, an error leaves nothing: it would stand in the way of the next try.
      if !replacing { unlink(destination) }
      throw error
    }
  }

  /// Moves the temporary file to its place, unless there is something.
  private func moveToFreePlace(_ temporary: String) throws(FileError) {
    if link(temporary, destination) == 0 {
      unlink(temporary)
      return
    }
    guard errno != EEXIST, !FileAccess.exists(destination) else {
      discard()
      throw .alreadyExists(path: path)
    }
    // A file system without hard links.
    guard rename(temporary, destination) == 0 else { throw failed(.rename) }
  }

  /// Gives up: removes the temporary file and keeps the old one. Does nothing after `commit()`.
  package func discard() {
    guard descriptor >= 0 else { return }
    if let temporary { unlink(temporary) }
    end()
  }

  private func end() {
    UnfinishedEntries.ofProcess.forget(unfinished)
    close(descriptor)
    descriptor = -1
  }

  /// - Parameter code: the last call's error number by default.
  private func failed(_ operation: FileError.Operation, _ code: Int32 = errno) -> FileError {
    discard()
    return .system(path: path, operation: operation, code: code)
  }

  /// Whether the path names a device, a pipe or an open descriptor, which cannot be replaced.
  package static func isStream(_ path: String) throws(FileError) -> Bool { try AtomicTarget(path).isStream }

  /// Says up front whether an output could be made at `path`: its directory exists and may be written to, and the
  /// path names no directory. Makes and removes a temporary file. A device or a pipe is not opened: that can have effects, or
  /// wait for a reader.
  /// - Parameter acceptsStreams: whether a device or a pipe will do, which cannot be replaced and keeps nothing.
  package static func checkWritable(_ path: String, acceptsStreams: Bool = true) throws(FileError) {
    let target = try AtomicTarget(path)
    guard let stream = target.stream else {
      try AtomicFile(replacing: path).discard()
      return
    }
    guard acceptsStreams else { throw .cannotReplace(path: path, kind: stream) }
    let isWritable =
      target.descriptor.map { fcntl($0, F_GETFL) >= 0 } ?? (access(target.destination, W_OK) == 0)
    guard isWritable else { throw .cannotCreate(path: path, code: errno) }
  }
}
