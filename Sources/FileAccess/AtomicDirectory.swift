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
/// into `.directory.PID-xxxxxxxx.tmp` in it, and `commit()` gives each its name there, the one written first last. It is
/// locked meanwhile. Dropped before the commit, all that was written is removed; what a killed process left is removed by
/// the next.
package final class AtomicDirectory {
  /// The name the caller gave.
  package let path: String
  private let destination: String
  /// Whether the directory is there already and is filled, not made.
  private let isFilling: Bool
  private var temporary: String
  /// Of the temporary directory, which it locks; -1 after the end.
  private var descriptor: Int32
  /// Of the directory, where it is filled.
  private var lock: DirectoryLock?
  private var names: [String] = []
  /// Places of the temporary directory and of its files in `UnfinishedEntries`.
  private var unfinished: [Int?] = []
  private var isOpen: Bool { descriptor >= 0 }

  /// Starts a directory at a place where nothing is, or in an empty directory.
  package init(creating path: String) throws(FileError) {
    var destination = path
    while destination.utf8.count > 1 && destination.utf8.last == UInt8(ascii: "/") {
      destination.removeLast()
    }
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .invalidPath(path: path) }
    let isFilling = FileAccess.isDirectory(destination)
    let temporaries: TemporaryEntries
    var lock: DirectoryLock?
    if isFilling {
      lock = try DirectoryLock(destination, path: path)
      temporaries = try Self.clear(destination, path: path)
      guard try FileAccess.names(inDirectory: destination).isEmpty else {
        throw .directoryNotEmpty(path: path)
      }
    } else {
      temporaries = try Self.temporariesBeside(destination, path: path)
      temporaries.removeAbandoned()
    }
    var made = ""
    var found: Int32 = -1
    var unfinished: Int?
    repeat {
      UnfinishedEntries.ofProcess.forget(unfinished)
      made = temporaries.makePath()
      // Before it is there, so that no signal comes between.
      unfinished = UnfinishedEntries.ofProcess.add(made)
      guard mkdir(made, 0o777) == 0 else {
        let code = errno
        if code == EEXIST { continue }
        UnfinishedEntries.ofProcess.forget(unfinished)
        throw .cannotCreate(path: path, code: code)
      }
      found = open(made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      // Another process may take it for abandoned until it is locked: then it is gone.
      guard found >= 0 || errno == ENOENT else {
        let code = errno
        rmdir(made)
        UnfinishedEntries.ofProcess.forget(unfinished)
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
    self.lock = lock
    self.unfinished = [unfinished]
  }

  deinit { discard() }

  /// Writes one file of the directory.
  /// - Parameter name: a plain name, without slash.
  package func write(_ bytes: [UInt8], named name: String) throws(FileError) {
    guard isOpen, !name.utf8.contains(UInt8(ascii: "/")), name != ".", name != ".." else {
      throw .invalidPath(path: name)
    }
    if !names.contains(name) {
      names.append(name)
      unfinished.append(UnfinishedEntries.ofProcess.add("\(temporary)/\(name)"))
    }
    try writeFile(bytes, named: name)
  }

  private func writeFile(_ bytes: [UInt8], named name: String) throws(FileError) {
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
    TemporaryEntries.remove(temporary)
    end()
  }

  private func end() {
    forgetUnfinished()
    close(descriptor)
    descriptor = -1
    lock = nil
  }

  private func forgetUnfinished() {
    for place in unfinished { UnfinishedEntries.ofProcess.forget(place) }
    unfinished = []
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

  // A process may be killed at any call. What the next one finds tells how far it came:
  // - `.directory.…`: not all files are in place. Those that are have another name in it or, where a file can have only
  //   one, are in its list and not in it. They go first, then it goes: a killed removal looks like a killed placing.
  // - `.placed.…`, which one rename makes of it: all files are in place and stay, whatever has become of their other
  //   names. It goes.

  /// What temporary directories inside the directory are called, however its path is spelt.
  private static let nameInside = "directory"
  /// What they are called when all files are in place.
  private static let nameOfPlaced = "placed"
  /// The list of all files, a slash between two, in a temporary directory on a file system without hard links.
  private static let listName = ".names"

  /// Gives the files their names in the directory.
  private func fill() throws(FileError) {
    // A signal that ends the process from here on leaves all that a kill would: of a part the next one could not tell.
    forgetUnfinished()
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
      let done = TemporaryEntries(directory: destination, output: Self.nameOfPlaced).makePath()
      guard rename(temporary, done) == 0 else {
        throw FileError.system(path: path, operation: .rename, code: errno)
      }
      temporary = done
      // A power cut could bring the old name back, and with it the doubt; it is no reason to undo.
      try? Descriptor.syncDirectory(destination, path: path)
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
    if !FileAccess.exists("\(temporary)/\(Self.listName)") {
      try writeFile(Array(names.joined(separator: "/").utf8), named: Self.listName)
    }
    guard rename(written, target) == 0 else {
      throw .system(path: path, operation: .rename, code: errno)
    }
  }

  /// Removes what killed processes left in the directory.
  private static func clear(_ directory: String, path: String) throws(FileError) -> TemporaryEntries {
    TemporaryEntries(directory: directory, output: nameOfPlaced).removeAbandoned()
    let temporaries = TemporaryEntries(directory: directory, output: nameInside)
    let names = try FileAccess.names(inDirectory: directory)
    let others = names.filter { !temporaries.isTemporary($0) }
    for name in names where temporaries.isTemporary(name) {
      let halfPlaced = halfPlaced(others, in: directory, from: "\(directory)/\(name)")
      // With other files beside them none goes: it would not make the directory empty, and they could no longer be told.
      guard halfPlaced.isEmpty || halfPlaced.count == others.count else {
        throw .directoryNotEmpty(path: path)
      }
      for file in halfPlaced { unlink("\(directory)/\(file)") }
    }
    temporaries.removeAbandoned()
    return temporaries
  }

  /// Those of `names` that a killed process placed before it could place them all.
  private static func halfPlaced(
    _ names: [String], in directory: String, from abandoned: String
  ) -> [String] {
    let found = open(abandoned, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard found >= 0 else { return [] }
    defer { close(found) }
    // Whoever made it holds its lock for as long as it lives.
    guard flock(found, LOCK_EX | LOCK_NB) == 0 else { return [] }
    let bytes = (try? FileAccess.read("\(abandoned)/\(listName)", limit: 1 << 16)) ?? []
    let list = String(decoding: bytes, as: UTF8.self).split(separator: "/").map(String.init)
    return names.filter { name in
      let written = "\(abandoned)/\(name)"
      return FileAccess.exists(written)
        ? FileAccess.isSameFile(written, "\(directory)/\(name)") : list.contains(name)
    }
  }
}
