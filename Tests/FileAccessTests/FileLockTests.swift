import FileAccess
import Foundation
import TestSupport
import Testing

@Suite struct FileLockTests {
  let directory = TemporaryDirectory()

  @Test func theSecondOneIsTold() throws {
    let path = directory.file("out")
    let lock = try FileLock(output: path)
    let error = #expect(throws: FileError.self) { try FileLock(output: path) }
    #expect(error == .locked(path: path))
    #expect(
      error?.description == "\(path): another process is writing it; wait for it or choose another name")
    lock.release()
    try FileLock(output: path).release()
    #expect(directory.names == [])
  }

  @Test func aFileLeftBehindLocksNobodyOut() throws {
    try directory.file(".out.lock", "")
    try FileLock(output: directory.file("out")).release()
    #expect(directory.names == [])
  }

  /// As one of another user is.
  @Test(.enabled(if: getuid() != 0, "root may write anywhere"))
  func aFileThatMayOnlyBeReadLocksNobodyOut() throws {
    let lockPath = try directory.file(".out.lock", "")
    chmod(lockPath, 0o444)
    let lock = try FileLock(output: directory.file("out"))
    #expect(throws: FileError.locked(path: directory.file("out"))) {
      try FileLock(output: directory.file("out"))
    }
    lock.release()
    #expect(directory.names == [])
    try directory.file(".out.lock", "")
    chmod(lockPath, 0)
    #expect(throws: FileError.cannotCreate(path: lockPath, code: EACCES)) {
      try FileLock(output: directory.file("out"))
    }
  }

  @Test func aLockThatCannotBeMadeIsNamed() throws {
    let lockPath = directory.file(".out.lock")
    try FileManager.default.createDirectory(atPath: lockPath, withIntermediateDirectories: false)
    let error = #expect(throws: FileError.self) { try FileLock(output: directory.file("out")) }
    #expect(error == .cannotCreate(path: lockPath, code: EISDIR))
    #expect(error?.description == "\(lockPath): cannot be created: Is a directory")
  }

  @Test func aDroppedLockIsFree() throws {
    do { _ = try FileLock(output: directory.file("out")) }
    _ = try FileLock(output: directory.file("out"))
  }
}
