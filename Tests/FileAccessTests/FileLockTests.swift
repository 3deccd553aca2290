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

  @Test func aDroppedLockIsFree() throws {
    do { _ = try FileLock(output: directory.file("out")) }
    _ = try FileLock(output: directory.file("out"))
  }
}
