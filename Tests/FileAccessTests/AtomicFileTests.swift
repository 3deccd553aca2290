import FileAccess
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  let directory = TemporaryDirectory()

  @Test func aCommittedFileHasAllBytes() throws {
    let file = try AtomicFile(replacing: directory.file("out"))
    try file.write(Array("one ".utf8))
    try file.write(Array("xtwox".utf8)[1..<4])
    try file.write(" three")
    #expect(!FileAccess.exists(directory.file("out")))
    try file.commit()
    #expect(try directory.text(of: "out") == "one two three")
    #expect(directory.names == ["out"])
  }

  @Test func theOldFileStaysUntilTheCommit() throws {
    try directory.file("out", "old")
    let file = try AtomicFile(replacing: directory.file("out"))
    try file.write("new")
    #expect(try directory.text(of: "out") == "old")
    #expect(directory.names.count == 2)
    try file.commit()
    #expect(try directory.text(of: "out") == "new")
  }

  @Test func aDroppedFileLeavesNothing() throws {
    try directory.file("out", "old")
    do {
      let file = try AtomicFile(replacing: directory.file("out"))
      try file.write("new")
    }
    #expect(directory.names == ["out"])
    #expect(try directory.text(of: "out") == "old")
    let file = try AtomicFile(replacing: directory.file("out"))
    file.discard()
    file.discard()
    #expect(directory.names == ["out"])
  }

  @Test func theTemporaryFileIsBesideAndNamesItsOwner() throws {
    let file = try AtomicFile(replacing: directory.file("out"))
    let name = try #require(directory.names.first)
    #expect(name.hasPrefix(".out.\(getpid())-"))
    #expect(name.hasSuffix(".tmp"))
    file.discard()
  }

  /// Whatever process number they carry: in a container every run may have the same one.
  @Test func filesThatNobodyHoldsAreRemoved() throws {
    try directory.file(".out.999999999-abc.tmp", "litter")
    try directory.file(".out.\(getpid())-abc.tmp", "litter")
    try directory.file(".other.999999999-abc.tmp", "other")
    try directory.file(".out.x-abc.tmp", "no")
    let open = try AtomicFile(replacing: directory.file("out"))
    let held = try #require(
      directory.names.first { $0.hasPrefix(".out.\(getpid())-") && !$0.contains("-abc.") })
    try FileAccess.write([1], to: directory.file("out"))
    #expect(Set(directory.names) == [".other.999999999-abc.tmp", ".out.x-abc.tmp", held, "out"])
    try open.write([2])
    try open.commit()
    #expect(try FileAccess.read(directory.file("out"), limit: 9) == [2])
  }

  @Test func permissionsOfTheOldFileAreKept() throws {
    try directory.file("out", "old")
    chmod(directory.file("out"), 0o640)
    try FileAccess.write(Array("new".utf8), to: directory.file("out"))
    var status = stat()
    #expect(stat(directory.file("out"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
  }

  @Test func aSymbolicLinkIsFollowed() throws {
    try directory.file("real", "old")
    #expect(symlink("real", directory.file("link")) == 0)
    try FileAccess.write(Array("new".utf8), to: directory.file("link"))
    #expect(try directory.text(of: "real") == "new")
    #expect(directory.names == ["link", "real"])
    var status = stat()
    #expect(lstat(directory.file("link"), &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func badPlacesAreNamedUpFront() throws {
    let missing = directory.file("no/out")
    let error = #expect(throws: FileError.self) { try AtomicFile.checkWritable(missing) }
    #expect(error == .missingDirectory(path: missing, directory: directory.file("no")))
    #expect(
      error?.description
        == "\(missing): the directory \(directory.file("no")) does not exist; create it first")
    #expect(error?.category == .cannotCreate)
    for path in [directory.path, directory.path + "/"] {
      let refusal = #expect(throws: FileError.cannotReplace(path: path, kind: .directory)) {
        try AtomicFile.checkWritable(path)
      }
      #expect(refusal?.category == .cannotCreate)
    }
    for path in ["", "a\0b"] {
      #expect(throws: FileError.invalidPath(path: path)) { try AtomicFile.checkWritable(path) }
    }
    try directory.file("plain", "")
    #expect(throws: FileError.self) { try AtomicFile.checkWritable(directory.file("plain/out")) }
    #expect(symlink("nowhere", directory.file("dangling")) == 0)
    #expect(throws: FileError.self) { try AtomicFile.checkWritable(directory.file("dangling")) }
  }

  @Test(.enabled(if: getuid() != 0, "root may write anywhere"))
  func aReadOnlyDirectoryIsNamedUpFront() throws {
    chmod(directory.path, 0o555)
    defer { chmod(directory.path, 0o755) }
    let path = directory.file("out")
    #expect(throws: FileError.cannotCreate(path: path, code: EACCES)) { try AtomicFile.checkWritable(path) }
  }

  @Test func checkingLeavesNothing() throws {
    try directory.file("out", "old")
    try AtomicFile.checkWritable(directory.file("out"))
    try AtomicFile.checkWritable(directory.file("new"))
    #expect(directory.names == ["out"])
    #expect(try directory.text(of: "out") == "old")
  }

  /// Nobody reads the pipe: opening it would wait for ever.
  @Test func checkingOpensNoPipe() throws {
    let pipe = directory.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let link = directory.file("link")
    try #require(symlink("pipe", link) == 0)
    for path in [pipe, link] {
      #expect(throws: FileError.cannotReplace(path: path, kind: .pipe)) {
        try AtomicFile.checkWritable(path, acceptsStreams: false)
      }
      try AtomicFile.checkWritable(path)
    }
    #expect(directory.names == ["link", "pipe"])
  }

  @Test func checkingTellsStreamsThatWillDo() throws {
    for path in ["/dev/null", "/dev/stdout", "/dev/fd/2"] {
      try AtomicFile.checkWritable(path)
      #expect(throws: FileError.cannotReplace(path: path, kind: .device)) {
        try AtomicFile.checkWritable(path, acceptsStreams: false)
      }
    }
    #expect(throws: FileError.cannotCreate(path: "/dev/fd/999999", code: EBADF)) {
      try AtomicFile.checkWritable("/dev/fd/999999")
    }
  }

  @Test func devicesAreWrittenToDirectly() throws {
    try FileAccess.write([1, 2, 3], to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  #if os(Linux)
    @Test func aFullDeviceIsAnError() throws {
      let error = #expect(throws: FileError.self) { try FileAccess.write([1, 2, 3], to: "/dev/full") }
      #expect(error == .system(path: "/dev/full", operation: .write, code: ENOSPC))
      #expect(error?.description == "/dev/full: cannot write: No space left on device")
      #expect(error?.category == .io)
    }
  #endif

  @Test func longNamesFit() throws {
    let name = String(repeating: "ü", count: 127)
    try FileAccess.write([1], to: directory.file(name))
    #expect(directory.names.count == 1)
  }

  @Test func aFileThatIsNotToReplaceRefusesOneThatCameMeanwhile() throws {
    let file = try AtomicFile(replacing: directory.file("out"))
    try file.write("new")
    try directory.file("out", "other")
    #expect(throws: FileError.alreadyExists(path: directory.file("out"))) {
      try file.commit(replacing: false)
    }
    #expect(try directory.text(of: "out") == "other" && directory.names == ["out"])
    try FileAccess.create(directory.file("free"), Array("new".utf8), permissions: 0o600)
    #expect(try directory.text(of: "free") == "new" && directory.names == ["free", "out"])
    #expect(throws: FileError.alreadyExists(path: directory.file("free"))) {
      try FileAccess.create(directory.file("free"), [])
    }
  }

  /// A file that the caller has open, at the place where it stands.
  @Test func anOpenDescriptorIsWrittenTo() throws {
    try directory.file("log", "start ")
    let descriptor = open(directory.file("log"), O_WRONLY | O_APPEND)
    try #require(descriptor > 2)
    defer { close(descriptor) }
    try FileAccess.write(Array("end".utf8), to: "/dev/fd/\(descriptor)")
    #expect(try directory.text(of: "log") == "start end" && directory.names == ["log"])
    #expect(write(descriptor, "!", 1) == 1)
    #expect(try directory.text(of: "log") == "start end!")
    #expect(throws: FileError.self) { try FileAccess.write([], to: "/dev/fd/999999") }
  }

  @Test func aLinkToNothingIsNoPlace() throws {
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("link"), withDestinationPath: directory.file("none"))
    #expect(throws: FileError.cannotCreate(path: directory.file("link"), code: ENOENT)) {
      try FileAccess.write([], to: directory.file("link"))
    }
  }
}
