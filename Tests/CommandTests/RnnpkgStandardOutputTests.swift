import Foundation
import Testing

/// Nothing that `rnnpkg` prints is lost without a word.
@Suite struct RnnpkgStandardOutputTests {
  /// What is printed by commands, and what the argument parser answers.
  static let printing: [[String]] = [
    ["cells"], ["show", "SMALL"], ["show", "SMALL", "--vocabulary"], ["show", "SMALL", "--tensors"],
    ["show", "SMALL", "--json"], ["train", "--print-config"], ["--help"], ["help", "train"],
    ["train", "--help"],
    ["--version"], ["--generate-completion-script", "bash"], [],
  ]

  private func words(_ arguments: [String]) throws -> [String] {
    try arguments.map { $0 == "SMALL" ? try SmallPackage.path() : $0 }
  }

  #if os(Linux)
    @Test(arguments: printing)
    func aFullDeviceIsAnOutputError(_ arguments: [String]) throws {
      let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
      defer { close(full) }
      let process = try RnnpkgFixtures.rnnpkg.start(
        arguments: words(arguments).map { Array($0.utf8) }, outputDescriptor: full)
      let outcome = try process.finish()
      #expect(outcome.status == 74)
      #expect(
        outcome.message == "rnnpkg: standard output: cannot write: No space left on device\n",
        "\(outcome.message)")
    }

    /// A program before this one may have made the pipe so, and its reader may take its time.
    @Test func aPipeThatDoesNotWaitGetsAll() throws {
      let arguments = ["--generate-completion-script", "bash"]
      let whole = try RnnpkgFixtures.run(arguments).standardOutput
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      defer { close(ends[0]) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      // F_SETPIPE_SZ: far less than what is written.
      try #require(fcntl(ends[1], 1031, 4096) >= 0 && whole.count > 8192)
      try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
      let process = try RnnpkgFixtures.rnnpkg.start(
        arguments: arguments.map { Array($0.utf8) }, outputDescriptor: ends[1])
      close(ends[1])
      usleep(200_000)
      var found: [UInt8] = []
      var block = [UInt8](repeating: 0, count: 1024)
      while true {
        let count = read(ends[0], &block, block.count)
        guard count > 0 else { break }
        found += block[..<count]
      }
      let outcome = try process.finish()
      #expect(outcome.status == 0 && outcome.message.isEmpty, "\(outcome.message)")
      #expect(found == whole)
    }
  #endif

  @Test(arguments: printing)
  func aClosedOutputIsAnOutputError(_ arguments: [String]) throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = try ["-c", "exec \"$@\" >&-", "sh", RnnpkgFixtures.rnnpkg.path] + words(arguments)
    shell.standardError = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 74)
  }

  @Test(arguments: printing)
  func aReaderThatGoesAwayIsNoError(_ arguments: [String]) throws {
    let process = try RnnpkgFixtures.rnnpkg.start(arguments: words(arguments).map { Array($0.utf8) })
    process.closeOutput()
    let outcome = try process.finish()
    #expect(outcome.status == 0 && outcome.message.isEmpty, "\(outcome.message)")
  }

  @Test func whatTheArgumentParserAnswersStandsOnStandardOutput() throws {
    let help = try RnnpkgFixtures.run(["--help"])
    #expect(help.status == 0 && help.message.isEmpty && help.output.contains("USAGE: rnnpkg"))
    let version = try RnnpkgFixtures.run(["--version"])
    #expect(version.status == 0 && version.lines.count == 1 && version.output.hasPrefix("rnnpkg "))
    let wrong = try RnnpkgFixtures.run(["--no-such-option"])
    #expect(wrong.status == 64 && wrong.output.isEmpty && wrong.message.hasPrefix("Error: "))
  }
}
