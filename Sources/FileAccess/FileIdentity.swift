#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which file, directory, pipe or device a name or an open descriptor leads to.
struct FileIdentity: Equatable {
  private let device: dev_t
  private let number: ino_t
  /// What it is where it is no regular file.
  let kind: FileError.Kind?

  /// Of what a name leads to through links; `nil` where that is nothing.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Of what has the name itself, which may be a symbolic link; `nil` where nothing has it.
  init?(ofEntry path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Of what is open; `nil` where the descriptor is closed.
  init?(of descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = status.st_dev
    number = status.st_ino
    kind = FileError.Kind(mode: status.st_mode)
  }

  /// Whether both are there and one regular file.
  static func isOneFile(_ file: FileIdentity?, _ other: FileIdentity?) -> Bool {
    guard let file, file.kind == nil else { return false }
    return file == other
  }

  /// Whether what is open still has its name: another process may have removed it, and made another one.
  static func isNamed(_ descriptor: Int32, _ path: String) -> Bool {
    guard let held = FileIdentity(of: descriptor) else { return false }
    return held == FileIdentity(ofEntry: path)
  }
}
