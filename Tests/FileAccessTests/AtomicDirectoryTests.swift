import FileAccess
import Foundation
import TestSupport
import Testing

@Suite struct AtomicDirectoryTests {
  let directory = TemporaryDirectory()

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
    try FileManager.default.createDirectory(
      atPath: directory.file(litter), withIntermediateDirectories: false)
    try directory.file("\(litter)/a", "torn")
    try directory.file("\(litter)/.a.1-2.tmp", "torn")
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

  /// A shell that stands in it, or a disk that is mounted there, sees the files.
  @Test(arguments: ["out", "out/", "out/.", "out/../out"])
  func anEmptyDirectoryIsFilledAndStaysTheSame(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: directory.file("out"), withIntermediateDirectories: false)
    func number() throws -> String {
      let attributes = try FileManager.default.attributesOfItem(atPath: directory.file("out"))
      return String(describing: try #require(attributes[.systemFileNumber]))
    }
    let before = try number()
    let output = try AtomicDirectory(creating: directory.file(name))
    try output.write([1], named: "a")
    try output.write([2], named: "b")
    try output.write([3], named: "a")
    #expect(!FileAccess.exists(directory.file("out/a")) && directory.names == ["out"])
    try output.commit()
    #expect(try FileAccess.names(inDirectory: directory.file("out")) == ["a", "b"])
    #expect(try FileAccess.read(directory.file("out/a"), limit: 9) == [3])
    #expect(try number() == before && directory.names == ["out"])
  }

  @Test func anEmptyDirectoryIsEmptyAgainAfterAFailure() throws {
    let path = directory.file("out")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    do {
      let output = try AtomicDirectory(creating: path)
      try output.write([1], named: "a")
    }
    #expect(try FileAccess.names(inDirectory: path) == [])
    let output = try AtomicDirectory(creating: path)
    try output.write([1], named: "a")
    try output.write([2], named: "b")
    try directory.file("out/a", "theirs")
    #expect(throws: FileError.directoryNotEmpty(path: path)) { try output.commit() }
    #expect(try FileAccess.names(inDirectory: path) == ["a"])
    #expect(try directory.text(of: "out/a") == "theirs")
  }

  /// Killed while files got their names: those have two, and go; what has one is somebody's.
  @Test func whatAKilledProcessHalfPlacedIsRemoved() throws {
    let path = directory.file("out")
    let litter = "out/.directory.\(getpid())-abc.tmp"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try FileManager.default.createDirectory(
      atPath: directory.file(litter), withIntermediateDirectories: false)
    try directory.file("\(litter)/a", "torn")
    try directory.file("\(litter)/b", "torn")
    try FileManager.default.linkItem(
      atPath: directory.file("\(litter)/b"), toPath: directory.file("out/b"))
    let output = try AtomicDirectory(creating: path)
    try output.write([1], named: "a")
    try output.commit()
    #expect(try FileAccess.names(inDirectory: path) == ["a"])
    try FileManager.default.createDirectory(
      atPath: directory.file(litter), withIntermediateDirectories: false)
    try directory.file("\(litter)/a", "torn")
    #expect(throws: FileError.directoryNotEmpty(path: path)) { try AtomicDirectory(creating: path) }
    #expect(try FileAccess.read("\(path)/a", limit: 9) == [1])
  }

  /// Killed while the other names of files that are all in place were removed. Something that keeps the temporary directory
  /// shows what `commit()` makes of it.
  @Test func whatAKilledProcessPlacedWhollyStays() throws {
    let path = directory.file("out")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let output = try AtomicDirectory(creating: path)
    try output.write([1], named: "a")
    try output.write([2], named: "b")
    let temporary = try #require(try FileAccess.names(inDirectory: path).first)
    try FileManager.default.createDirectory(
      atPath: "\(path)/\(temporary)/keep", withIntermediateDirectories: false)
    try output.commit()
    let names = try FileAccess.names(inDirectory: path)
    try #require(names.count == 3 && names.suffix(2) == ["a", "b"], "\(names)")
    // The other name of b, as before its turn; then those of both, as before the first's.
    for name in ["b", "a"] {
      try FileManager.default.linkItem(atPath: "\(path)/\(name)", toPath: "\(path)/\(names[0])/\(name)")
      #expect(throws: FileError.directoryNotEmpty(path: path)) { try AtomicDirectory(creating: path) }
      #expect(try FileAccess.names(inDirectory: path) == names)
    }
    try FileManager.default.removeItem(atPath: "\(path)/\(names[0])/keep")
    #expect(throws: FileError.directoryNotEmpty(path: path)) { try AtomicDirectory(creating: path) }
    #expect(try FileAccess.names(inDirectory: path) == ["a", "b"])
    #expect(try FileAccess.read("\(path)/b", limit: 9) == [2])
  }

  /// Where no file can have two names, a list tells which were placed; one that is still to be placed is somebody's.
  @Test(arguments: [true, false])
  func whatWasHalfPlacedWithoutLinksIsRemoved(_ isAlone: Bool) throws {
    let path = directory.file("out")
    let litter = "out/.directory.\(getpid())-abc.tmp"
    try FileManager.default.createDirectory(
      atPath: directory.file(litter), withIntermediateDirectories: true)
    try directory.file("\(litter)/.names", "a/b/c")
    try directory.file("\(litter)/a", "torn")
    try directory.file("out/b", "torn")
    try directory.file("out/c", "torn")
    if isAlone {
      let output = try AtomicDirectory(creating: path)
      try output.write([1], named: "a")
      try output.commit()
      #expect(try FileAccess.names(inDirectory: path) == ["a"])
    } else {
      try directory.file("out/a", "theirs")
      let names = try FileAccess.names(inDirectory: path)
      #expect(throws: FileError.directoryNotEmpty(path: path)) { try AtomicDirectory(creating: path) }
      #expect(try FileAccess.names(inDirectory: path) == names)
    }
  }

  @Test func aDirectoryThatAnotherOneFillsIsLocked() throws {
    let path = directory.file("out")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let output = try AtomicDirectory(creating: path)
    try output.write([1], named: "a")
    for name in [path, "\(path)/", "\(path)/."] {
      #expect(throws: FileError.locked(path: name)) { try AtomicDirectory(creating: name) }
    }
    output.discard()
    let next = try AtomicDirectory(creating: path)
    try next.write([2], named: "a")
    try next.commit()
    #expect(throws: FileError.directoryNotEmpty(path: path)) { try AtomicDirectory(creating: path) }
    #expect(try FileAccess.names(inDirectory: path) == ["a"])
  }

  @Test func aLinkToAnEmptyDirectoryIsFollowed() throws {
    try FileManager.default.createDirectory(atPath: directory.file("out"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("link"), withDestinationPath: directory.file("out"))
    let output = try AtomicDirectory(creating: directory.file("link"))
    try output.write([1], named: "a")
    try output.commit()
    #expect(FileAccess.isSymbolicLink(directory.file("link")))
    #expect(try FileAccess.names(inDirectory: directory.file("out")) == ["a"])
  }

  @Test func anEmptyDirectoryMayBeFilledAFullOneNot() throws {
    let path = directory.file("out")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
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
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try directory.file("out/b", "theirs")
    #expect(throws: FileError.directoryNotEmpty(path: path)) { try output.commit() }
    #expect(directory.names == ["out"])
    #expect(try directory.text(of: "out/b") == "theirs")
  }

  @Test func badPlacesAndNamesAreRefused() throws {
    for path in ["", ".", "..", "/", "a/.."] {
      #expect(throws: FileError.self) { try AtomicDirectory(creating: path) }
    }
    try directory.file("plain", "")
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
