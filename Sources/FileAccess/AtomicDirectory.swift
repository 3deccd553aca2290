#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An output directory that appears with all its files or not at all.
///
/// Files go into `.NAME.PID-xxxxxxxx.tmp` beside the place; `commit()` renames it. Dropped before that, it is removed.
public final class AtomicDirectory {
  /// The name the caller gave.
  public let path: String
  private let destination: String
  private let temporary: String
  /// Of the temporary directory, which it locks; -1 after the end.
  private var descriptor: Int32
  private var names: [String] = []
  private var isOpen: Bool { descriptor >= 0 }

  /// Starts a directory at a place where nothing is, or an empty directory.
  public init(creating path: String) throws(FileError) {
    var destination = path
    while destination.utf8.count > 1 && destination.utf8.last == UInt8(ascii: "/") {
      destination.removeLast()
    }
    let name = FileAccess.name(of: destination)
    let parent = FileAccess.directory(of: destination)
    guard !name.isEmpty, name != ".", name != "..", !path.utf8.contains(0) else {
      throw .invalidPath(path: path)
    }
    guard FileAccess.isDirectory(parent) else { throw .missingDirectory(path: path, directory: parent) }
    if FileAccess.exists(destination) {
      guard FileAccess.isDirectory(destination) else { throw .alreadyExists(path: path) }
      guard try FileAccess.names(inDirectory: destination).isEmpty else {
        throw .directoryNotEmpty(path: path)
      }
    }
    let temporaries = TemporaryEntries(directory: parent, output: name)
    temporaries.removeAbandoned()
    var made = ""
    var found: Int32 = -1
    repeat {
      made = temporaries.makePath()
      guard mkdir(made, 0o777) == 0 else {
        if errno == EEXIST { continue }
        throw .cannotCreate(path: path, code: errno)
      }
      found = open(made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      // Another process may take it for abandoned until it is locked: then it is gone.
      guard found >= 0 || errno == ENOENT else { throw .cannotCreate(path: path, code: errno) }
      if found >= 0, !TemporaryEntries.hold(found, made) {
        close(found)
        found = -1
      }
    } while found < 0
    temporary = made
    descriptor = found
    self.path = path
    self.destination = destination
  }

  deinit { discard() }

  /// Writes one file of the directory.
  /// - Parameter name: a plain name, without slash.
  public func write(_ bytes: [UInt8], named name: String) throws(FileError) {
    guard isOpen, !name.utf8.contains(UInt8(ascii: "/")), name != ".", name != ".." else {
      throw .invalidPath(path: name)
    }
    names.append(name)
    do throws(FileError) {
      try FileAccess.write(bytes, to: "\(temporary)/\(name)")
    } catch .system(_, let operation, let code) {
      // Named as the caller will know it.
      throw .system(path: "\(destination)/\(name)", operation: operation, code: code)
    }
  }

  /// Puts the directory in its place.
  public func commit() throws(FileError) {
    guard isOpen else { return }
    try Descriptor.syncDirectory(temporary, path: path)
    guard rename(temporary, destination) == 0 else {
      let code = errno
      discard()
      throw code == ENOTEMPTY || code == EEXIST
        ? .directoryNotEmpty(path: path) : .system(path: path, operation: .rename, code: code)
    }
    end()
    try Descriptor.syncDirectory(FileAccess.directory(of: destination), path: path)
  }

  /// Gives up: removes what was written. Does nothing after `commit()`.
  public func discard() {
    guard isOpen else { return }
    for name in names { unlink("\(temporary)/\(name)") }
    rmdir(temporary)
    end()
  }

  private func end() {
    close(descriptor)
    descriptor = -1
  }
}
