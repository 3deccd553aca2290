import FileAccess
import Foundation
import TestSupport
import Testing

@Suite struct UnfinishedEntriesTests {
  let directory = TemporaryDirectory()

  @Test func allButWhatIsForgottenIsRemoved() throws {
    let entries = UnfinishedEntries(capacity: 7)
    let done = entries.add(try directory.file("done", "x"))
    // Before its file, whose place is behind it.
    try FileManager.default.createDirectory(
      atPath: directory.file("folder"), withIntermediateDirectories: false)
    _ = entries.add(directory.file("folder"))
    _ = entries.add(try directory.file("folder/a", "x"))
    _ = entries.add(try directory.file("file", "x"))
    _ = entries.add(directory.file("never made"))
    try directory.file("other", "x")
    entries.forget(done)
    entries.forget(nil)
    entries.removeAll()
    #expect(directory.names == ["done", "other"])
    // Each is removed once.
    try directory.file("file", "new")
    entries.removeAll()
    #expect(directory.names == ["done", "file", "other"])
  }

  @Test func aFullTableLeavesTheRest() throws {
    let entries = UnfinishedEntries(capacity: 2)
    let places = try ["a", "b", "c"].map { entries.add(try directory.file($0, "x")) }
    #expect(places == [0, 1, nil])
    entries.forget(0)
    #expect(entries.add(try directory.file("d", "x")) == 0)
    entries.removeAll()
    #expect(directory.names == ["a", "c"])
  }

  @Test func threadsShareTheTable() throws {
    let entries = UnfinishedEntries(capacity: 9)
    let path = directory.path
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      for _ in 0..<1_000 { entries.forget(entries.add("\(number)")) }
      #expect(entries.add("\(path)/\(number)") != nil)
    }
    for number in 0..<8 { try directory.file("\(number)", "x") }
    entries.removeAll()
    #expect(directory.names == [])
  }
}
