import FileAccess
import Foundation
import Testing

@Suite struct AtomicDirectoryTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func allFilesAppearAtOnce() throws {
    let output = try AtomicDirectory(creating: directory.file("out/"))
    try output.write([1], named: "a")
    try output.write([2], named: "b")
    #expect(!FileAccess.exists(directory.file("out")))
    try output.commit()
    #expect(try FileAccess.names(inDirectory: directory.file("out")) == ["a", "b"])
    #expect(directory.names == ["out"])
  }

  @Test func aDroppedDirectoryLeavesNothing() throws {
    do {
      let output = try AtomicDirectory(creating: directory.file("out"))
      try output.write([1], named: "a")
    }
    #expect(directory.names == [])
  }

  @Test func directoriesThatNobodyHoldsAreRemoved() throws {
    let litter = ".out.\(getpid())-abc.tmp"
    try FileAccess.createDirectory(directory.file(litter))
    try directory.write("torn", "\(litter)/a")
    try directory.write("torn", "\(litter)/.a.1-2.tmp")
    let first = try AtomicDirectory(creating: directory.file("out"))
    try first.write([1], named: "a")
    let held = try #require(directory.names.first)
    #expect(directory.names == [held] && held != litter)
    // Another one for the same place leaves that alone.
    try AtomicDirectory(creating: directory.file("out")).discard()
    #expect(directory.names == [held])
    try first.commit()
    #expect(directory.names == ["out"])
  }

  @Test func anEmptyDirectoryMayBeReplacedAFullOneNot() throws {
    let path = directory.file("out")
    try FileAccess.createDirectory(path)
    let output = try AtomicDirectory(creating: path)
    try output.write([1], named: "a")
    try output.commit()
    #expect(throws: FileError.directoryNotEmpty(path: path)) { try AtomicDirectory(creating: path) }
    #expect(try FileAccess.names(inDirectory: path) == ["a"])
  }

  @Test func aDirectoryThatFilledUpMeanwhileIsKept() throws {
    let path = directory.file("out")
    let output = try AtomicDirectory(creating: path)
    try output.write([1], named: "a")
    try FileAccess.createDirectory(path)
    try directory.write("theirs", "out/b")
    #expect(throws: FileError.directoryNotEmpty(path: path)) { try output.commit() }
    #expect(directory.names == ["out"])
    #expect(try directory.text("out/b") == "theirs")
  }

  @Test func badPlacesAndNamesAreRefused() throws {
    for path in ["", ".", "..", "/", "a/.."] {
      #expect(throws: FileError.self) { try AtomicDirectory(creating: path) }
    }
    try directory.write("", "plain")
    #expect(throws: FileError.alreadyExists(path: directory.file("plain"))) {
      try AtomicDirectory(creating: directory.file("plain"))
    }
    #expect(throws: FileError.missingDirectory(path: directory.file("a/b"), directory: directory.file("a"))) {
      try AtomicDirectory(creating: directory.file("a/b"))
    }
    let output = try AtomicDirectory(creating: directory.file("out"))
    for name in ["../x", "a/b", ".."] {
      #expect(throws: FileError.invalidPath(path: name)) { try output.write([1], named: name) }
    }
  }
}
