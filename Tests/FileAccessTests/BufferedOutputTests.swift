import FileAccess
import Foundation
import TestSupport
import Testing

@Suite struct BufferedOutputTests {
  /// The two ends of a pipe, which no program started meanwhile inherits.
  private func makePipe() throws -> (read: Int32, write: Int32) {
    // A named one: the ends of `pipe` are open to other threads' programs before a flag can be set.
    let path = NSTemporaryDirectory() + "recurrent-\(UUID().uuidString)"
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let reading = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    try #require(reading >= 0)
    try #require(fcntl(reading, F_SETFL, 0) == 0)
    let writing = open(path, O_WRONLY | O_CLOEXEC)
    try #require(writing >= 0)
    return (reading, writing)
  }

  private func read(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = Foundation.read(descriptor, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
  }

  @Test func bytesWaitForTheFlush() throws {
    let ends = try makePipe()
    defer {
      close(ends.read)
      close(ends.write)
    }
    _ = fcntl(ends.read, F_SETFL, O_NONBLOCK)
    let output = BufferedOutput(descriptor: ends.write, name: "pipe", capacity: 8)
    try output.write("one\n")
    #expect(read(ends.read) == "")
    try output.write("two\n")
    #expect(read(ends.read) == "one\ntwo\n")
    try output.write("x")
    try output.flush()
    try output.flush()
    #expect(read(ends.read) == "x")
  }

  @Test func linesCanBeWrittenAtOnce() throws {
    let ends = try makePipe()
    defer {
      close(ends.read)
      close(ends.write)
    }
    _ = fcntl(ends.read, F_SETFL, O_NONBLOCK)
    let output = BufferedOutput(descriptor: ends.write, name: "pipe", isLineBuffered: true)
    try output.write("no end")
    #expect(read(ends.read) == "")
    try output.write("\n")
    #expect(read(ends.read) == "no end\n")
    #expect(!output.isTerminal)
  }

  @Test func aFullPipeThatDoesNotWaitIsWaitedFor() async throws {
    let ends = try makePipe()
    #expect(fcntl(ends.write, F_SETFL, O_NONBLOCK) == 0)
    let reader = Task.detached {
      var total = 0
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = Foundation.read(ends.read, &buffer, buffer.count)
        if count <= 0 { return total }
        total += count
      }
    }
    let output = BufferedOutput(descriptor: ends.write, name: "pipe")
    try output.write([UInt8](repeating: 7, count: 1_000_000))
    try output.flush()
    close(ends.write)
    #expect(await reader.value == 1_000_000)
    close(ends.read)
  }

  @Test func aClosedPipeIsAnError() throws {
    BufferedOutput.ignoreWriteSignals()
    let ends = try makePipe()
    close(ends.read)
    defer { close(ends.write) }
    let output = BufferedOutput(descriptor: ends.write, name: "standard output")
    try output.write("lost")
    let error = #expect(throws: FileError.self) { try output.flush() }
    #expect(error?.isBrokenPipe == true)
    #expect(error?.description == "standard output: cannot write: Broken pipe")
    // The lost bytes are not tried again.
    try output.flush()
  }
}
