#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whole files in and out of memory.
package enum FileAccess {
  /// The content of the file at `path`.
  ///
  /// The file is read, never mapped: one that is replaced or cut meanwhile gives an error or its old content.
  /// - Parameters:
  ///   - limit: the longest content accepted, in bytes.
  ///   - acceptsStreams: whether a pipe or a device may be read too. Without it they are refused at once.
  package static func read(
    _ path: String, limit: Int, acceptsStreams: Bool = false
  ) throws(FileError) -> [UInt8] {
    try ReadableFile(opening: path, acceptsStreams: acceptsStreams).readAll(limit: limit)
  }

  /// Replaces the file at `path` by `bytes`, whole or not at all.
  package static func write(
    _ bytes: [UInt8], to path: String, permissions: UInt16? = nil
  ) throws(FileError) {
    let file = try AtomicFile(replacing: path, permissions: permissions)
    try file.write(bytes)
    try file.commit()
  }

  /// Makes the file at `path`, whole or not at all, where there is nothing yet.
  package static func create(_ path: String, _ bytes: [UInt8], permissions: UInt16? = nil) throws(FileError) {
    if exists(path) { throw .alreadyExists(path: path) }
    let file = try AtomicFile(replacing: path, permissions: permissions)
    try file.write(bytes)
    try file.commit(replacing: false)
  }

  /// Refuses what is no regular file that can be opened, such as a pipe, which can be read only once.
  package static func checkRegular(_ path: String) throws(FileError) { _ = try ReadableFile(opening: path) }

  /// Whether something, of any kind, has this name.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Whether two names mean one existing regular file, however they are spelt or linked.
  package static func isSameFile(_ path: String, _ other: String) -> Bool {
    FileIdentity.isOneFile(FileIdentity(of: path), FileIdentity(of: other))
  }

  /// Whether a name means what standard output is: a file or a pipe. Of terminals and other devices nothing is asked.
  package static func isStandardOutput(_ path: String) -> Bool {
    guard let named = FileIdentity(of: path), named.kind != .device else { return false }
    return named == FileIdentity(of: STDOUT_FILENO)
  }

  /// Whether `path` is a plain file that standard output goes to as well.
  package static func isRegularStandardOutput(_ path: String) -> Bool {
    FileIdentity.isOneFile(FileIdentity(of: path), FileIdentity(of: STDOUT_FILENO))
  }

  /// Whether standard input and standard output are one plain file.
  package static var standardInputIsStandardOutput: Bool {
    FileIdentity.isOneFile(FileIdentity(of: STDIN_FILENO), FileIdentity(of: STDOUT_FILENO))
  }

  /// Whether two names mean one place, where a file need not be yet.
  package static func isSamePlace(_ path: String, _ other: String) -> Bool {
    if isSameFile(path, other) { return true }
    guard name(of: path) == name(of: other), let place = FileIdentity(of: directory(of: path)) else {
      return false
    }
    return place == FileIdentity(of: directory(of: other))
  }

  /// Refuses an output that is one of the inputs: writing it would destroy what it is made of.
  /// - Parameter inputs: names of files, and of folders whose files are read, or those of the folders in it; `-` is standard
  ///   input as well.
  package static func checkOutput(_ output: String, isNoneOf inputs: [String]) throws(FileError) {
    if let input = inputs.first(where: { isSameFile(output, $0) }) {
      throw .outputIsInput(path: output, input: input)
    }
    if let folder = inputs.first(where: { $0 != "-" && isAmongTexts(output, of: $0) }) {
      throw .outputIsInput(path: output, input: folder)
    }
    guard inputs.contains("-") else { return }
    if FileIdentity.isOneFile(FileIdentity(of: output), FileIdentity(of: STDIN_FILENO)) {
      throw .outputIsInput(path: output, input: "standard input")
    }
  }

  /// Whether a file of this name stands, or would stand, in a folder, or in one that it holds; beside such it is none of the files.
  private static func isAmongTexts(_ output: String, of folder: String) -> Bool {
    guard isDirectory(folder), let place = FileIdentity(of: directory(of: output)) else { return false }
    let names = (try? names(inDirectory: folder)) ?? []
    let folders = names.filter { !$0.hasPrefix(".") }.map { "\(folder)/\($0)" }.filter(isDirectory)
    return (folders.isEmpty ? [folder] : folders).contains { FileIdentity(of: $0) == place }
  }

  /// Whether `path` is a symbolic link, wherever it leads.
  package static func isSymbolicLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether `path` is a directory, or a link to one.
  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What a path leads to through links; `nil` for a regular file.
  package static func kind(of path: String) throws(FileError) -> FileError.Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      throw code == ENOENT ? .notFound(path: path) : .system(path: path, operation: .inspect, code: code)
    }
    return FileError.Kind(mode: status.st_mode)
  }

  /// The names in a directory, without `.` and `..`, ordered by their bytes. Names that are not UTF-8 are repaired
  /// for display: they match no name a program looks for.
  package static func names(inDirectory path: String) throws(FileError) -> [String] {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .invalidPath(path: path) }
    guard let directory = opendir(path) else {
      let code = errno
      throw code == ENOENT ? .notFound(path: path) : .system(path: path, operation: .open, code: code)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while true {
      // Its end and an error look the same but for `errno`.
      errno = 0
      guard let entry = readdir(directory) else {
        let code = errno
        guard code == 0 else { throw .system(path: path, operation: .read, code: code) }
        break
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes a file; a file that does not exist is no error.
  package static func remove(_ path: String) throws(FileError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .invalidPath(path: path) }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw .system(path: path, operation: .remove, code: errno)
    }
  }

  /// The directory that holds `path`: `a/b` gives `a`, `b` gives `.`.
  package static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last component of `path`.
  package static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// `a/b` of `a/b/`, as a directory may be named; `/` stays.
  package static func withoutTrailingSlashes(_ path: String) -> String {
    let end = path.utf8.lastIndex { $0 != UInt8(ascii: "/") }
    return end.map { String(path[...$0]) } ?? String(path.prefix(1))
  }

  /// The last component of a path to a file or a directory: `b` of `a/b` and of `a/b/`.
  package static func entryName(of path: String) -> String { name(of: withoutTrailingSlashes(path)) }
}
