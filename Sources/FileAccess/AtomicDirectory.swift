#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An output directory that appears with all its files or not at all.
///
/// Where nothing is yet, files go into `.NAME.PID-xxxxxxxx.tmp` beside the place, and `commit()` renames that. A directory
/// that is there, and empty, stays the one it is, since a shell may stand in it and a disk may be mounted there: files go
/// into `.directory.PID-xxxxxxxx.tmp` in it, and `commit()` gives each its name there, the one written first last. Dropped
/// before that, all that was written is removed; what a killed process left is removed by the next.
package final class AtomicDirectory {
  /// The name the caller gave.
  package let path: String
  private let destination: String
  /// Whether the directory is there already and is filled, not made.
  private let isFilling: Bool
  private let temporary: String
  /// Of the temporary directory, which it locks; -1 after the end.
  private var descriptor: Int32
  private var names: [String] = []
  private var isOpen: Bool { descriptor >= 0 }

  /// What temporary directories inside the directory are called, however its path is spelt.
  private static let nameInside = "directory"

  /// Starts a directory at a place where nothing is, or in an empty directory.
  package init(creating path: String) throws(FileError) {
    var destination = path
    while destination.utf8.count > 1 && destination.utf8.last == UInt8(ascii: "/") {
      destination.removeLast()
    }
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .invalidPath(path: path) }
    let isFilling = FileAccess.isDirectory(destination)
    let temporaries: TemporaryEntries
    if isFilling {
      temporaries = TemporaryEntries(directory: destination, output: Self.nameInside)
      Self.removeHalfPlaced(in: destination)
      temporaries.removeAbandoned()
      guard try FileAccess.names(inDirectory: destination).isEmpty else {
        throw .directoryNotEmpty(path: path)
      }
    } else {
      temporaries = try Self.temporariesBeside(destination, path: path)
      temporaries.removeAbandoned()
    }
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
      guard found >= 0 || errno == ENOENT else {
        let code = errno
        rmdir(made)
        throw .cannotCreate(path: path, code: code)
      }
      if found >= 0, !TemporaryEntries.hold(found, made) {
        close(found)
        found = -1
      }
    } while found < 0
    temporary = made
    descriptor = found
    self.path = path
    self.destination = destination
    self.isFilling = isFilling
  }

  deinit { discard() }

  /// Writes one file of the directory.
  /// - Parameter name: a plain name, without slash.
  package func write(_ bytes: [UInt8], named name: String) throws(FileError) {
    guard isOpen, !name.utf8.contains(UInt8(ascii: "/")), name != ".", name != ".." else {
      throw .invalidPath(path: name)
    }
    if !names.contains(name) { names.append(name) }
    do throws(FileError) {
      try FileAccess.write(bytes, to: "\(temporary)/\(name)")
    } catch {
      // Named as the caller will know it.
      let file = "\(destination)/\(name)"
      switch error {
      case .system(_, let operation, let code): throw .system(path: file, operation: operation, code: code)
      case .cannotCreate(_, let code): throw .cannotCreate(path: file, code: code)
      default: throw error
      }
    }
  }

  /// Puts the directory, or all its files, in place.
  package func commit() throws(FileError) {
    guard isOpen else { return }
    try Descriptor.syncDirectory(temporary, path: path)
    guard !isFilling else { return try fill() }
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
  package func discard() {
    guard isOpen else { return }
    for name in names { unlink("\(temporary)/\(name)") }
    rmdir(temporary)
    end()
  }

  private func end() {
    close(descriptor)
    descriptor = -1
  }

  // MARK: A place where nothing is

  private static func temporariesBeside(
    _ destination: String, path: String
  ) throws(FileError) -> TemporaryEntries {
    let name = FileAccess.name(of: destination)
    guard !name.isEmpty, name != ".", name != ".." else { throw .invalidPath(path: path) }
    let parent = FileAccess.directory(of: destination)
    guard FileAccess.isDirectory(parent) else { throw .missingDirectory(path: path, directory: parent) }
    guard !FileAccess.exists(destination) else { throw .alreadyExists(path: path) }
    return TemporaryEntries(directory: parent, output: name)
  }

  // MARK: A directory that is there

  /// Gives the files their names in the directory. Each has both names until all have, so that one that a killed process
  /// placed is known by its other name.
  private func fill() throws(FileError) {
    var placed: [String] = []
    do throws(FileError) {
      guard try FileAccess.names(inDirectory: destination) == [FileAccess.name(of: temporary)] else {
        throw .directoryNotEmpty(path: path)
      }
      for name in names.reversed() {
        try place(name)
        placed.append(name)
      }
      try Descriptor.syncDirectory(destination, path: path)
    } catch {
      for name in placed { unlink("\(destination)/\(name)") }
      discard()
      throw error
    }
    // Removes the other names; the files stay.
    discard()
  }

  private func place(_ name: String) throws(FileError) {
    let written = "\(temporary)/\(name)"
    let target = "\(destination)/\(name)"
    if link(written, target) == 0 { return }
    guard errno != EEXIST, !FileAccess.exists(target) else { throw .directoryNotEmpty(path: path) }
    // A file system without hard links.
    guard rename(written, target) == 0 else {
      throw .system(path: path, operation: .rename, code: errno)
    }
  }

  /// Removes the files in `directory` that a killed process had placed before it could place them all.
  private static func removeHalfPlaced(in directory: String) {
    guard let names = try? FileAccess.names(inDirectory: directory) else { return }
    for name in names where name.hasPrefix(".\(nameInside).") && name.hasSuffix(".tmp") {
      let abandoned = "\(directory)/\(name)"
      let found = open(abandoned, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard found >= 0 else { continue }
      defer { close(found) }
      // Whoever made it holds its lock for as long as it lives.
      guard flock(found, LOCK_EX | LOCK_NB) == 0 else { continue }
      for file in (try? FileAccess.names(inDirectory: abandoned)) ?? []
      where FileAccess.isSameFile("\(abandoned)/\(file)", "\(directory)/\(file)") {
        unlink("\(directory)/\(file)")
      }
    }
  }
}
