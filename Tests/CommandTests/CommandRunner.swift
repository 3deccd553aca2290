import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs the built programs as a shell would: bytes in, bytes out.
struct CommandRunner: Sendable {
  /// The program, for example `classify`.
  let program: String
  /// Environment variables that differ from this process's; `nil` removes one.
  var environment: [String: String?] = [:]
  /// The working directory; `nil` for this process's.
  var directory: String?
  /// Whether SIGHUP is ignored from the start, as by `nohup`.
  var ignoresHangUp = false
  /// Bytes of address space that the program may take, where the system can limit it; `nil` for no limit.
  var addressSpace: Int?

  init(_ program: String) { self.program = program }

  /// What a program left behind when it ended.
  struct Outcome {
    /// The exit status, or 128 and the signal's number, as a shell tells it.
    let status: Int32
    let standardOutput: [UInt8]
    let standardError: [UInt8]

    var output: String { String(decoding: standardOutput, as: UTF8.self) }
    var message: String { String(decoding: standardError, as: UTF8.self) }
    /// The lines of standard output, without their line feeds.
    var lines: [String] {
      var lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if lines.last == "" { lines.removeLast() }
      return lines
    }
  }

  enum RunError: Error {
    case cannotStart(program: String, code: Int32)
    case system(String, code: Int32)
  }

  /// Where the programs are: `RECURRENT_PROGRAMS`, or the folder of the test bundle.
  static let programDirectory: String = {
    if let named = ProcessInfo.processInfo.environment["RECURRENT_PROGRAMS"], !named.isEmpty { return named }
    var folder = Bundle(for: BundleMark.self).bundleURL
    // The bundle itself on macOS, the folder of the test executable on Linux.
    if folder.pathExtension == "xctest" { folder.deleteLastPathComponent() }
    return folder.path
  }()

  var path: String { "\(Self.programDirectory)/\(program)" }

  /// Runs the program to its end with texts as arguments.
  func run(_ arguments: String..., input: String = "") throws -> Outcome {
    try run(arguments: arguments.map { Array($0.utf8) }, input: Array(input.utf8))
  }

  /// Runs the program to its end with bytes as arguments and as standard input.
  func run(arguments: [[UInt8]], input: [UInt8] = []) throws -> Outcome {
    let process = try start(arguments: arguments)
    return try process.finish(input: input)
  }

  /// Starts the program.
  ///
  /// - Parameter outputDescriptor: what standard output is; `nil` for a pipe that `finish` reads.
  func start(arguments: [[UInt8]], outputDescriptor: Int32? = nil) throws -> RunningCommand {
    let input = try Pipe.make()
    let output = try Pipe.make()
    let errors = try Pipe.make()
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.reading, 0)
    posix_spawn_file_actions_adddup2(&actions, outputDescriptor ?? output.writing, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.writing, 2)

    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
    #else
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The program starts with the signals as a shell leaves them, whatever the test's process does with them.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var words = [Array(path.utf8)] + arguments
    if directory != nil || ignoresHangUp || addressSpace != nil {
      // `posix_spawn` has no portable way to change the directory, and none to ignore a signal or to set a limit.
      let limit = addressSpace.map { "ulimit -v \($0 >> 10) 2>/dev/null; " } ?? ""
      let script = limit + (ignoresHangUp ? "trap '' HUP; " : "") + "cd \"$1\" && shift && exec \"$@\""
      words = ["/bin/sh", "-c", script, "sh", directory ?? "."].map { Array($0.utf8) } + words
    }
    let launched = words.first.map { String(decoding: $0, as: UTF8.self) } ?? path
    let argumentPointers = CStrings(words)
    let environmentPointers = CStrings(mergedEnvironment())
    var identifier: pid_t = 0
    let status = posix_spawn(
      &identifier, launched, &actions, &attributes, argumentPointers.pointers, environmentPointers.pointers)
    for descriptor in [input.reading, output.writing, errors.writing] { close(descriptor) }
    guard status == 0 else {
      for descriptor in [input.writing, output.reading, errors.reading] { close(descriptor) }
      throw RunError.cannotStart(program: path, code: status)
    }
    return RunningCommand(
      identifier: identifier, input: input.writing, output: output.reading, errors: errors.reading)
  }

  private func mergedEnvironment() -> [[UInt8]] {
    var merged = ProcessInfo.processInfo.environment
    for name in ["RNNPKG_MODEL", "RECURRENT_KERNELS"] { merged[name] = nil }
    for (name, value) in environment { merged[name] = value }
    return merged.map { Array("\($0.key)=\($0.value)".utf8) }
  }

  private final class BundleMark {}
}

/// A program that was started.
final class RunningCommand {
  let identifier: pid_t
  private let input: Int32
  private let output: Int32
  private let errors: Int32
  private var isInputOpen = true
  private var isOutputOpen = true

  init(identifier: pid_t, input: Int32, output: Int32, errors: Int32) {
    self.identifier = identifier
    self.input = input
    self.output = output
    self.errors = errors
  }

  /// Writes to the program's standard input.
  func send(_ bytes: [UInt8]) {
    _ = writeAll(bytes, to: input)
  }

  /// Reads one line of the program's standard output, without its line feed; what there is of it where nothing more
  /// comes for 20 seconds.
  func readLine() -> String {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, 20_000) == 1, read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// Whether the program has closed its standard error, as it does when it ends. Until `finish` its number stays taken:
  /// a signal to it reaches no other program.
  var hasEnded: Bool {
    // No events: only the end is told of, whatever there is to read.
    var waiting = pollfd(fd: errors, events: 0, revents: 0)
    return poll(&waiting, 1, 0) == 1
  }

  private func closeInput() {
    if isInputOpen { close(input) }
    isInputOpen = false
  }

  /// Goes away as a reader of the program's standard output.
  func closeOutput() {
    if isOutputOpen { close(output) }
    isOutputOpen = false
  }

  func send(signal number: Int32) { kill(identifier, number) }

  /// Sends `input`, closes it, reads both outputs to their ends and waits for the program.
  ///
  /// - Parameter closesInput: `false` for a program that something else than the end of its input ends.
  func finish(input bytes: [UInt8] = [], closesInput: Bool = true) throws -> CommandRunner.Outcome {
    let gathered = Gathered()
    let group = DispatchGroup()
    let queue = DispatchQueue.global()
    let (output, errors, isOutputOpen) = (output, errors, isOutputOpen)
    queue.async(group: group) { if isOutputOpen { gathered.output = readAll(output) } }
    queue.async(group: group) { gathered.errors = readAll(errors) }
    _ = writeAll(bytes, to: input)
    if closesInput { closeInput() }
    group.wait()
    closeInput()
    if isOutputOpen { close(output) }
    self.isOutputOpen = false
    close(errors)
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0 {
      guard errno == EINTR else { throw CommandRunner.RunError.system("waitpid", code: errno) }
    }
    let signalNumber = status & 0x7f
    return CommandRunner.Outcome(
      status: signalNumber == 0 ? (status >> 8) & 0xff : 128 + signalNumber,
      standardOutput: gathered.output, standardError: gathered.errors)
  }
}

/// Filled by two threads, each its own member, and read when both have ended.
private final class Gathered: @unchecked Sendable {
  var output: [UInt8] = []
  var errors: [UInt8] = []
}

#if os(Linux)
  /// As the C library has it; its headers show it to C programs alone that ask for more than POSIX.
  @_silgen_name("pipe2")
  private func pipe2(_ ends: UnsafeMutablePointer<Int32>, _ flags: Int32) -> Int32
#endif

/// A pipe whose ends no program started meanwhile inherits.
private struct Pipe {
  let reading: Int32
  let writing: Int32

  static func make() throws -> Pipe {
    var ends: [Int32] = [0, 0]
    #if os(Linux)
      guard pipe2(&ends, O_CLOEXEC) == 0 else { throw CommandRunner.RunError.system("pipe2", code: errno) }
    #else
      // A program that another thread starts between the two calls inherits the ends.
      guard pipe(&ends) == 0 else { throw CommandRunner.RunError.system("pipe", code: errno) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #endif
    return Pipe(reading: ends[0], writing: ends[1])
  }
}

/// C strings that live as long as this.
private final class CStrings {
  private(set) var pointers: [UnsafeMutablePointer<CChar>?]

  init(_ words: [[UInt8]]) {
    pointers = words.map { word in
      let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: word.count + 1)
      for (index, byte) in word.enumerated() { pointer[index] = CChar(bitPattern: byte) }
      pointer[word.count] = 0
      return pointer
    }
    pointers.append(nil)
  }

  deinit { for pointer in pointers { pointer?.deallocate() } }
}

/// Writes until the reader goes away; false then.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  // A reader that went away must not end the tests.
  _ = signal(SIGPIPE, SIG_IGN)
  var start = 0
  while start < bytes.count {
    let count = bytes.withUnsafeBytes { buffer in
      write(descriptor, buffer.baseAddress.map { $0 + start }, bytes.count - start)
    }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return false }
    start += count
  }
  return true
}

private func readAll(_ descriptor: Int32) -> [UInt8] {
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    let count = read(descriptor, &block, block.count)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return bytes }
    bytes.append(contentsOf: block[0..<count])
  }
}
