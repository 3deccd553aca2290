import Foundation
import TestSupport
import Testing

/// Where long runs and `pack` write: what could fail at the end is told before the start.
@Suite struct RnnpkgOutputTests {
  private let scratch = TemporaryDirectory()

  init() throws {
    _ = try scratch.file("train.tsv", RnnpkgFixtures.table)
  }

  private func train(_ options: String...) throws -> CommandRunner.Outcome {
    let outcome = try RnnpkgFixtures.run(
      ["train", "train.tsv"] + RnnpkgFixtures.tiny + options, in: scratch.path)
    #expect(!outcome.message.contains("epoch 1"), "\(outcome.message)")
    return outcome
  }

  @Test func aCheckpointThatCannotBeMadeIsToldBeforeTraining() throws {
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/a.rnnpkg.checkpoint", withIntermediateDirectories: false)
    let outcome = try train("-o", "a.rnnpkg")
    #expect(outcome.status == 73)
    #expect(
      outcome.message
        == "rnnpkg: a.rnnpkg.checkpoint: a directory, which no file can replace; choose another name\n")
    // Room for the name, none for the checkpoint's.
    #expect(try train("-o", String(repeating: "n", count: 250)).status == 73)
  }

  @Test func aDeviceKeepsNoPackage() throws {
    let outcome = try train("-o", "/dev/null")
    #expect(
      outcome.status == 73
        && outcome.message == "rnnpkg: /dev/null: a device, which no file can replace; choose another name\n")
  }

  /// Nobody reads the pipe: opening it would wait for ever.
  @Test(arguments: ["train", "pretrain"])
  func aPipeKeepsNoResult(_ command: String) throws {
    try #require(mkfifo("\(scratch.path)/pipe", 0o600) == 0)
    let outcome = try RnnpkgFixtures.run([command, "train.tsv", "-o", "pipe"], in: scratch.path)
    #expect(
      outcome.status == 73
        && outcome.message == "rnnpkg: pipe: a named pipe, which no file can replace; choose another name\n",
      "\(outcome.message)")
    #expect(scratch.names == ["pipe", "train.tsv"])
  }

  @Test(arguments: [["-o", "train.tsv"], ["-o", "a.rnnpkg", "--log", "train.tsv"]])
  func anOutputThatIsStandardInputIsRefused(_ outputs: [String]) throws {
    let before = try scratch.bytes(of: "train.tsv")
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
    shell.arguments =
      ["-c", "exec \"$@\" < train.tsv", "sh", RnnpkgFixtures.rnnpkg.path, "train", "-", "--format", "tsv"]
      + outputs
    let errors = Pipe()
    shell.standardError = errors
    try shell.run()
    let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 73)
    #expect(
      message == "rnnpkg: train.tsv: the output is also read, as standard input; choose another name\n",
      "\(message)")
    #expect(try scratch.bytes(of: "train.tsv") == before && scratch.names == ["train.tsv"])
  }

  /// While the texts are read there is nothing yet to go on with.
  @Test(arguments: ["quantize", "train"], [SIGINT, SIGTERM, SIGHUP])
  func aSignalLeavesNothingBehind(_ command: String, _ signal: Int32) throws {
    let texts = "\(scratch.path)/texts"
    try #require(mkfifo(texts, 0o600) == 0)
    let output = ["-o", "\(scratch.path)/a.rnnpkg", "--format", "tsv"]
    let arguments =
      command == "train"
      ? ["train", texts] + output : ["quantize", try SmallPackage.path(), "--check", texts] + output
    let process = try RnnpkgFixtures.rnnpkg.start(arguments: arguments.map { Array($0.utf8) })
    InterruptedRun.wait(for: process) { scratch.names.contains(".a.rnnpkg.lock") }
    usleep(50_000)
    process.send(signal: signal)
    let outcome = try process.finish()
    #expect(outcome.status == 128 + signal, "\(outcome.message)")
    #expect(scratch.names == ["texts", "train.tsv"])
  }

  @Test(arguments: ["a.rnnpkg", "./a.rnnpkg", "a.rnnpkg.checkpoint", "../SELF/a.rnnpkg"])
  func theLogIsNoOtherOutput(_ log: String) throws {
    let own = (scratch.path as NSString).lastPathComponent
    let path = log.replacingOccurrences(of: "SELF", with: own)
    let outcome = try train("-o", "a.rnnpkg", "--log", path)
    #expect(outcome.status == 73, "\(outcome.message)")
    #expect(outcome.message.contains("also the place of a.rnnpkg"), "\(outcome.message)")
  }

  /// What is told of the result would stand behind it.
  @Test(arguments: ["quantize", "pack", "sign"])
  func standardOutputHoldsThePackageAlone(_ command: String) throws {
    let options: [String]
    switch command {
    case "pack":
      #expect(try RnnpkgFixtures.run(["unpack", SmallPackage.path(), "files"], in: scratch.path).status == 0)
      options = ["files"]
    case "sign":
      #expect(try RnnpkgFixtures.run(["keygen", "-o", "key"], in: scratch.path).status == 0)
      options = [try SmallPackage.path(), "--key", "key"]
    default: options = [try SmallPackage.path()]
    }
    let outcome = try RnnpkgFixtures.run([command] + options + ["-o", "/dev/stdout"], in: scratch.path)
    #expect(outcome.status == 0 && outcome.message.hasPrefix("/dev/stdout: "), "\(outcome.message)")
    let package = try scratch.file("a.rnnpkg", outcome.standardOutput)
    #expect(try RnnpkgFixtures.run(["verify", package]).status == 0)
  }

  /// A file is written anew after each epoch, a stream cannot be.
  @Test func aStreamGetsEachEpochOnce() throws {
    let outcome = try RnnpkgFixtures.run(
      ["train", "train.tsv", "-o", "a.rnnpkg", "--log", "/dev/stdout", "--quiet"] + RnnpkgFixtures.tiny,
      in: scratch.path)
    #expect(outcome.status == 0, "\(outcome.message)")
    let file = try RnnpkgFixtures.run(
      ["train", "train.tsv", "-o", "b.rnnpkg", "--log", "log.jsonl", "--quiet"] + RnnpkgFixtures.tiny,
      in: scratch.path)
    #expect(file.status == 0, "\(file.message)")
    let lines = try scratch.text(of: "log.jsonl").split(separator: "\n")
    #expect(lines.count > 1 && outcome.lines.count == lines.count, "\(outcome.output)")
  }

  @Test func aNamedPipeGetsTheLog() throws {
    try #require(mkfifo("\(scratch.path)/log", 0o600) == 0)
    let arguments =
      [
        "train", "\(scratch.path)/train.tsv", "-o", "\(scratch.path)/a.rnnpkg", "--log",
        "\(scratch.path)/log",
      ]
      + RnnpkgFixtures.tiny
    // Waits for no writer, so that a program that never opens the log is seen. The pipe holds all that is written.
    let descriptor = open("\(scratch.path)/log", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    try #require(descriptor >= 0)
    let pipe = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let outcome = try RnnpkgFixtures.rnnpkg.run(arguments: arguments.map { Array($0.utf8) })
    #expect(outcome.status == 0, "\(outcome.message)")
    let lines = String(decoding: try pipe.readToEnd() ?? Data(), as: UTF8.self).split(separator: "\n")
    #expect(lines.count > 1 && lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") }, "\(lines)")
    #expect(scratch.names == ["a.rnnpkg", "log", "train.tsv"])
  }

  /// Between reading a package and writing its figures into it another process could sign it.
  @Test func aPackageThatIsBeingRecordedIsNotSigned() throws {
    let package = try SmallPackage.copied(to: scratch)
    try #require(mkfifo("\(scratch.path)/texts", 0o600) == 0)
    #expect(try RnnpkgFixtures.run(["keygen", "-o", "key"], in: scratch.path).status == 0)
    let arguments = ["test", package, "\(scratch.path)/texts", "--format", "tsv", "--record", "mine"]
    let test = try RnnpkgFixtures.rnnpkg.start(arguments: arguments.map { Array($0.utf8) })
    for _ in 0..<1_000 where !scratch.names.contains(".small.rnnpkg.lock") { usleep(10_000) }
    let signing = try RnnpkgFixtures.run(["sign", package, "--key", "key"], in: scratch.path)
    let quantizing = try RnnpkgFixtures.run(["quantize", SmallPackage.path(), "-o", package])
    for outcome in [signing, quantizing] {
      #expect(outcome.status == 73 && outcome.message.contains("another process is writing it"))
    }
    // Until the program reads it there is nothing to open; one that has ended never does.
    var descriptor: Int32 = -1
    for _ in 0..<1_000 where descriptor < 0 && !test.hasEnded {
      descriptor = open("\(scratch.path)/texts", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if descriptor < 0 { usleep(10_000) }
    }
    if descriptor >= 0 {
      let pipe = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try pipe.write(contentsOf: Data(RnnpkgFixtures.table.utf8))
      try pipe.close()
    } else {
      test.send(signal: SIGKILL)
    }
    let outcome = try test.finish()
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(!scratch.names.contains(".small.rnnpkg.lock"))
    #expect(try RnnpkgFixtures.run(["sign", package, "--key", "key"], in: scratch.path).status == 0)
  }

  /// The files appear in the very directory that a shell may stand in.
  @Test(arguments: [".", "./", "./.", "../here", "../other/../here/"])
  func anEmptyDirectoryIsUnpackedInto(_ name: String) throws {
    let here = "\(scratch.path)/here"
    try FileManager.default.createDirectory(atPath: here, withIntermediateDirectories: false)
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/other", withIntermediateDirectories: false)
    func number() throws -> String {
      let attributes = try FileManager.default.attributesOfItem(atPath: here)
      return String(describing: try #require(attributes[.systemFileNumber]))
    }
    let before = try number()
    let outcome = try RnnpkgFixtures.run(["unpack", SmallPackage.path(), name], in: here)
    #expect(outcome.status == 0 && outcome.message.isEmpty, "\(outcome.message)")
    #expect(try number() == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: here)
    #expect(names.contains("manifest.json") && !names.contains { $0.hasPrefix(".") }, "\(names)")
    #expect(try RnnpkgFixtures.run(["pack", ".", "-o", "../again.rnnpkg"], in: here).status == 0)
    #expect(
      try scratch.bytes(of: "again.rnnpkg")
        == Array(Data(contentsOf: URL(fileURLWithPath: SmallPackage.path()))))
    let again = try RnnpkgFixtures.run(["unpack", SmallPackage.path(), name], in: here)
    #expect(again.status == 73 && again.message.contains("not empty"), "\(again.message)")
  }

  /// `emp/..` is the directory that holds `emp`, and so is not empty.
  @Test func aDirectoryThatHoldsSomethingIsLeftAloneHoweverItIsSpelt() throws {
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/emp", withIntermediateDirectories: false)
    let before = scratch.names
    for name in [".", "emp/..", "emp/../"] {
      let outcome = try RnnpkgFixtures.run(["unpack", SmallPackage.path(), name], in: scratch.path)
      #expect(outcome.status == 73 && outcome.message.contains("not empty"), "\(outcome.message)")
    }
    #expect(scratch.names == before)
  }

  @Test(arguments: ["foo bar", "MIT or Apache-2.0", "", "MIT/X11"])
  func aLicenceThatIsNoExpressionIsNotPacked(_ license: String) throws {
    #expect(try RnnpkgFixtures.run(["unpack", SmallPackage.path(), "files"], in: scratch.path).status == 0)
    let outcome = try RnnpkgFixtures.run(
      ["pack", "files", "-o", "a.rnnpkg", "--license", license], in: scratch.path)
    #expect(outcome.status == 64 && outcome.message.contains("SPDX"), "\(outcome.message)")
    #expect(!scratch.names.contains("a.rnnpkg"))
    let good = try RnnpkgFixtures.run(
      ["pack", "files", "-o", "a.rnnpkg", "--license", "MIT OR Apache-2.0"], in: scratch.path)
    #expect(good.status == 0, "\(good.message)")
  }

  /// There it would be a member of the next package, or stand in its way.
  @Test(arguments: [
    "files/LICENSE", "files/a.rnnpkg", "files/.a.rnnpkg", "files/../files/a.rnnpkg", "link/a.rnnpkg",
  ])
  func nothingIsPackedIntoTheDirectoryItself(_ output: String) throws {
    #expect(try RnnpkgFixtures.run(["unpack", SmallPackage.path(), "files"], in: scratch.path).status == 0)
    try FileManager.default.createSymbolicLink(
      atPath: "\(scratch.path)/link", withDestinationPath: "files")
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/files").sorted()
    }
    let before = try names()
    for directory in ["files", "files/", "link"] {
      let outcome = try RnnpkgFixtures.run(["pack", directory, "-o", output], in: scratch.path)
      #expect(outcome.status == 73 && outcome.output.isEmpty)
      #expect(
        outcome.message
          == "rnnpkg: \(output): in the directory that is packed; choose a place outside\n",
        "\(outcome.message)")
    }
    let here = try RnnpkgFixtures.run(["pack", ".", "-o", "a.rnnpkg"], in: "\(scratch.path)/files")
    #expect(here.status == 73, "\(here.message)")
    #expect(try names() == before)
  }

  @Test func packingNeverReplacesWhatItPacks() throws {
    #expect(try RnnpkgFixtures.run(["unpack", SmallPackage.path(), "files"], in: scratch.path).status == 0)
    let before = try scratch.bytes(of: "files/weights.safetensors")
    for name in ["weights.safetensors", "manifest.json"] {
      let outcome = try RnnpkgFixtures.run(["pack", "files", "-o", "files/\(name)"], in: scratch.path)
      #expect(outcome.status == 73, "\(outcome.message)")
    }
    #expect(try scratch.bytes(of: "files/weights.safetensors") == before)
    #expect(try RnnpkgFixtures.run(["pack", "files", "-o", "again.rnnpkg"], in: scratch.path).status == 0)
  }
}
