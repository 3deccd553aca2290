import FileAccess
import Foundation
import TestSupport
import Testing

@Suite struct FileAccessTests {
  let directory = TemporaryDirectory()

  @Test func aFileIsReadWhole() throws {
    for size in [0, 1, 7, 65_535, 65_536, 65_537, 1_000_000] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try FileAccess.write(bytes, to: directory.file("data"))
      #expect(try FileAccess.read(directory.file("data"), limit: size) == bytes)
    }
  }

  @Test func placesOfAFileAreReadWithoutMoving() throws {
    let path = directory.file("data")
    try FileAccess.write(Array(0..<100), to: path)
    let file = try ReadableFile(opening: path)
    #expect(try file.bytes(at: 90, count: 5) == [90, 91, 92, 93, 94])
    #expect(try file.bytes(at: 98, count: 5) == [98, 99])
    #expect(try file.bytes(at: 100, count: 5) == [])
    #expect(try file.bytes(at: 0, count: 0) == [])
    #expect(try file.bytes(upTo: 2) == [0, 1])
  }

  @Test func adviceChangesNoMemory() {
    for count in [0, 1, 4_096, 1 << 20, 3 << 20, (3 << 20) + 17] {
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        buffer.initialize(repeating: 7)
        MemoryAdvice.willFill(UnsafeMutableRawBufferPointer(buffer))
        filled = count
      }
      #expect(bytes.allSatisfy { $0 == 7 })
    }
    MemoryAdvice.willFill(UnsafeMutableRawBufferPointer(start: nil, count: 0))
  }

  @Test func theLimitIsTheLargestSizeAllowed() throws {
    let path = directory.file("data")
    try FileAccess.write([1, 2, 3], to: path)
    #expect(try FileAccess.read(path, limit: 3).count == 3)
    let error = #expect(throws: FileError.self) { try FileAccess.read(path, limit: 2) }
    #expect(error?.description == "\(path): too large (3 bytes, limit 2)")
    #expect(try FileAccess.read(path, limit: .max - 1).count == 3)
  }

  @Test func theLargestLimitIsNoOverflow() throws {
    let directory = TemporaryDirectory()
    try directory.file("a", "12345")
    #expect(try FileAccess.read(directory.file("a"), limit: .max) == Array("12345".utf8))
  }

  @Test func aMissingFileIsNotFound() throws {
    let path = directory.file("no\u{1b}[31m")
    let error = #expect(throws: FileError.self) { try FileAccess.read(path, limit: 10) }
    #expect(error == .notFound(path: path))
    #expect(error?.description == "\(directory.path)/no\\u{1b}[31m: no such file")
    #expect(error?.category == .notFound)
    try directory.file("plain", "")
    #expect(throws: FileError.notFound(path: directory.file("plain/x"))) {
      try FileAccess.read(directory.file("plain/x"), limit: 10)
    }
  }

  @Test func directoriesAndPipesAreRefusedAtOnce() throws {
    #expect(throws: FileError.notRegularFile(path: directory.path, kind: .directory)) {
      try FileAccess.read(directory.path, limit: 10)
    }
    // No one ever writes to this pipe: opening it for reading would wait forever.
    let pipe = directory.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: FileError.notRegularFile(path: pipe, kind: .pipe)) {
      try FileAccess.read(pipe, limit: 10)
    }
    let error = #expect(throws: FileError.self) { try FileAccess.read("/dev/zero", limit: 10) }
    #expect(error?.description == "/dev/zero: a device, not a regular file")
  }

  @Test func streamsAreReadWhenAsked() throws {
    #expect(try FileAccess.read("/dev/null", limit: 10, acceptsStreams: true) == [])
    #expect(throws: FileError.tooLarge(path: "/dev/zero", bytes: nil, limit: 100_000)) {
      try FileAccess.read("/dev/zero", limit: 100_000, acceptsStreams: true)
    }
    let pipe = directory.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let sent = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let writer = Thread {
      try? FileAccess.write(sent, to: pipe)
    }
    writer.start()
    #expect(try FileAccess.read(pipe, limit: 300_000, acceptsStreams: true) == sent)
  }

  #if os(Linux)
    @Test func filesWithoutASizeAreRead() throws {
      #expect(try !FileAccess.read("/proc/self/status", limit: 1 << 20).isEmpty)
    }
  #endif

  @Test func namesAreListedInOrder() throws {
    for name in ["b", "a", ".c"] { try directory.file(name, "") }
    #expect(try FileAccess.names(inDirectory: directory.path) == [".c", "a", "b"])
    #expect(throws: FileError.notFound(path: directory.file("no"))) {
      try FileAccess.names(inDirectory: directory.file("no"))
    }
  }

  @Test(arguments: [
    ("a/b", "a", "b"), ("b", ".", "b"), ("/b", "/", "b"), ("a//b", "a/", "b"), ("../x.y", "..", "x.y"),
  ])
  func pathsAreCutAtTheLastSlash(_ path: String, _ directory: String, _ name: String) {
    #expect(FileAccess.directory(of: path) == directory)
    #expect(FileAccess.name(of: path) == name)
  }

  @Test(arguments: [("a/b", "b"), ("a/b/", "b"), ("a//", "a"), ("/", ""), ("//", ""), ("", ""), ("b", "b")])
  func slashesAtTheEndOfADirectoryAreNotItsName(_ path: String, _ name: String) {
    #expect(FileAccess.entryName(of: path) == name)
  }
}
