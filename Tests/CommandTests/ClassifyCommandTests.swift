import Foundation
import StrictJSON
import TestSupport
import Testing

/// What `classify` writes for good records.
@Suite struct ClassifyCommandTests {
  private let classify: CommandRunner
  private let scratch = TemporaryDirectory()

  init() throws {
    classify = try .classify()
  }

  // MARK: Text output

  @Test func argumentsGiveOneLineEachInOrder() throws {
    let outcome = try classify.run("A great film.", "A dull film.", "A great film.")
    #expect(outcome.status == 0)
    #expect(outcome.message == "")
    #expect(outcome.lines.count == 3)
    #expect(outcome.lines.first == outcome.lines.last)
    for line in outcome.lines {
      let parts = line.split(separator: "\t")
      #expect(parts.count == 2)
      #expect(["positive", "negative"].contains(String(parts[0])))
      #expect(parts[1].wholeMatch(of: /[01]\.[0-9]{4}/) != nil)
    }
  }

  @Test func modelOptionOverridesTheEnvironment() throws {
    var other = classify
    other.environment["RNNPKG_MODEL"] = "/nowhere/model.rnnpkg"
    #expect(try other.run("-m", SmallPackage.path(), "fine").status == 0)
  }

  @Test func topAndAllWritePairsOnOneLine() throws {
    let top = try classify.run("-k", "2", "A great film.")
    let all = try classify.run("--all", "A great film.")
    let more = try classify.run("--top", "50", "A great film.")
    #expect(top.standardOutput == all.standardOutput)
    #expect(top.standardOutput == more.standardOutput)
    let parts = try #require(top.lines.first).split(separator: "\t").map(String.init)
    #expect(parts.count == 4)
    #expect(Set([parts[0], parts[2]]) == ["positive", "negative"])
    let scores = try [parts[1], parts[3]].map { try #require(Double($0)) }
    #expect(scores[0] >= scores[1])
    #expect(abs(scores[0] + scores[1] - 1) < 0.0002)
  }

  @Test func aTextAfterTwoDashesMayBeginWithADash() throws {
    let outcome = try classify.run("--", "-1 for the ending", "--help")
    #expect(outcome.status == 0)
    #expect(outcome.lines.count == 2)
  }

  @Test func standardInputGivesOneLineForEachOfItsLines() throws {
    let outcome = try classify.run(input: "great\n\n  \ndull")
    #expect(outcome.status == 0)
    #expect(outcome.message == "")
    #expect(outcome.lines.count == 4)
  }

  @Test func emptyStandardInputGivesNothing() throws {
    let outcome = try classify.run(input: "")
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    #expect(outcome.message == "")
  }

  @Test func anEmptyTextIsARecordLikeOthers() throws {
    let argument = try classify.run("--json", "")
    let line = try classify.run("--json", input: "\n")
    #expect(argument.status == 0)
    #expect(argument.standardOutput == line.standardOutput)
    let record = try #require(try records(argument).first)
    #expect(record["tokens"] == 0)
    #expect(record["error"] == nil)
  }

  @Test func carriageReturnsAndAMissingLineEndChangeNothing() throws {
    let clean = try classify.run(input: "great film\ndull film\n")
    let windows = try classify.run(input: "\u{feff}great film\r\ndull film")
    #expect(clean.standardOutput == windows.standardOutput)
  }

  // MARK: JSON Lines

  @Test func jsonHasTheShapeThatIsPromised() throws {
    let path = try scratch.file("in.jsonl", "{\"id\":\"a-7\",\"text\":\"A great film.\"}\n")
    let outcome = try classify.run("--json", "-i", path)
    let record = try #require(try records(outcome).first)
    #expect(
      record.objectValue?.keys == [
        "id", "index", "label", "score", "scores", "tokens", "unknown", "truncated", "abstained", "model",
      ])
    #expect(record["id"] == "a-7")
    #expect(record["index"] == 0)
    #expect(record["truncated"] == false)
    #expect(record["abstained"] == false)
    let scores = try #require(record["scores"]?.arrayValue)
    #expect(scores.count == 2)
    #expect(scores.allSatisfy { $0.objectValue?.keys == ["label", "score"] })
    #expect(scores.first?["label"] == record["label"])
    #expect(scores.first?["score"] == record["score"])
    let sum = scores.compactMap { $0["score"]?.doubleValue }.reduce(0, +)
    #expect(abs(sum - 1) < 1e-6)
    let model = try #require(record["model"]?.stringValue)
    #expect(model.wholeMatch(of: /[^@]+@[0-9]+\.[0-9]+\.[0-9]+.*/) != nil)
    #expect(try #require(record["tokens"]?.integerValue) >= 3)
  }

  @Test func jsonWithoutAnIdHasNone() throws {
    let record = try #require(try records(classify.run("--json", "great")).first)
    #expect(record["id"] == nil)
    #expect(record.objectValue?.keys.first == "index")
  }

  @Test func topLimitsTheScoresOfJSON() throws {
    let one = try #require(try records(classify.run("--json", "-k", "1", "great")).first)
    #expect(one["scores"]?.arrayValue?.count == 1)
    #expect(one["scores"]?.arrayValue?.first?["label"] == one["label"])
  }

  @Test func jsonIsTheSameAsOutputFormatJSONLines() throws {
    let short = try classify.run("--json", "great")
    let long = try classify.run("--output-format", "jsonl", "great")
    #expect(short.standardOutput == long.standardOutput)
  }

  @Test func rawAddsLogitsAndChangesNothingElse() throws {
    let plain = try #require(try records(classify.run("--json", "great")).first)
    let raw = try #require(try records(classify.run("--json", "--raw", "great")).first)
    let logits = try #require(raw["logits"]?.arrayValue)
    #expect(logits.count == 2)
    #expect(logits.allSatisfy { $0.objectValue?.keys == ["label", "logit"] })
    for member in try #require(plain.objectValue) { #expect(raw[member.key] == member.value) }
  }

  @Test func scoresAreTheShortestDecimalsOfAFloat() throws {
    let outcome = try classify.run("--json", "great film", "dull", "a")
    let found = outcome.output.matches(of: /"score":([0-9.e-]+)/)
    // Of each of three texts: its label's, and both labels'.
    #expect(found.count == 9)
    for match in found {
      #expect(Float(match.output.1)?.description == String(match.output.1))
    }
  }

  @Test func maxTokensCutsTheText() throws {
    let record = try #require(
      try records(classify.run("--json", "--max-tokens", "2", "a great lovely film")).first)
    #expect(record["truncated"] == true)
    let whole = try #require(try records(classify.run("--json", "--max-tokens", "20", "a great film")).first)
    #expect(whole["truncated"] == false)
  }

  @Test func truncateChoosesTheEndThatIsKept() throws {
    let text = "great great great dull dull dull"
    let head = try classify.run("--all", "--max-tokens", "3", "--truncate", "head", text)
    let tail = try classify.run("--all", "--max-tokens", "3", "--truncate", "tail", text)
    #expect(head.standardOutput == (try classify.run("--all", "great great great")).standardOutput)
    #expect(tail.standardOutput == (try classify.run("--all", "dull dull dull")).standardOutput)
  }

  // MARK: Determinism

  @Test(arguments: [
    ["--threads", "1"], ["--threads", "2"], ["--batch-size", "1"], ["--batch-size", "7"], ["--line-buffered"],
  ])
  func howTheWorkIsDoneNeverChangesABit(_ options: [String]) throws {
    let lines = (0..<500).map { index in
      (0...(index % 23)).map { ["great", "dull", "film", "a", "unheard"][($0 * 7 + index) % 5] }.joined(
        separator: " ")
    }
    let input = Array(lines.joined(separator: "\n").utf8)
    let arguments = ["--json", "--raw"]
    let expected = try classify.run(arguments: bytes(arguments), input: input)
    let found = try classify.run(arguments: bytes(arguments + options), input: input)
    #expect(expected.status == 0)
    #expect(expected.lines.count == 500)
    #expect(found.standardOutput == expected.standardOutput)
    #expect(found.status == 0)
  }

  @Test func lineBufferedAnswersBeforeTheNextLineIsRead() throws {
    let process = try classify.start(arguments: bytes(["--line-buffered"]))
    process.send(Array("great\n".utf8))
    #expect(process.readLine().contains("\t"))
    process.send(Array("dull\n".utf8))
    #expect(process.readLine().contains("\t"))
    #expect(try process.finish().status == 0)
  }

  /// A person watches what another program writes into a pipe that has a name.
  @Test(.timeLimit(.minutes(1)))
  func aNamedPipeIsAnsweredLineByLineOnATerminal() throws {
    let path = "\(scratch.path)/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    // Open for both, so that neither end waits for the other.
    let writer = open(path, O_RDWR | O_CLOEXEC)
    try #require(writer >= 0)
    let terminal = try Terminal()
    let process = try classify.start(arguments: bytes(["-i", path]), outputDescriptor: terminal.program)
    for line in ["great\n", "dull\n"] {
      #expect(write(writer, line, line.utf8.count) == line.utf8.count)
      #expect(terminal.readLine().contains("tive"))
    }
    close(writer)
    #expect(try process.finish().status == 0)
  }

  // MARK: Output files

  @Test func outputFileHasWhatStandardOutputWouldGet() throws {
    let expected = try classify.run("--json", "great", "dull")
    let path = "\(scratch.path)/out.jsonl"
    let outcome = try classify.run("--json", "-o", path, "great", "dull")
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    #expect(try scratch.bytes(of: "out.jsonl") == expected.standardOutput)
    #expect(scratch.names == ["out.jsonl"])
  }

  /// Endings of output files and the format that they name.
  static let endings = [
    ("jsonl", "jsonl"), ("json", "json"), ("csv", "csv"), ("tsv", "tsv"), ("CSV", "csv"), ("txt", "text"),
    ("csv.gz", "text"), ("text", "text"),
  ]

  @Test(arguments: endings)
  func theOutputFilesEndingNamesTheFormatWhereNoneIsGiven(_ ending: String, _ format: String) throws {
    let expected = try classify.run("--output-format", format, "great", "dull")
    let name = "out.\(ending)"
    #expect(try classify.run("-o", "\(scratch.path)/\(name)", "great", "dull").status == 0)
    #expect(try scratch.bytes(of: name) == expected.standardOutput)
  }

  @Test(arguments: ["jsonl", "text"])
  func aFormatThatIsGivenWinsOverTheOutputFilesEnding(_ format: String) throws {
    let expected = try classify.run("--output-format", format, "great")
    let options = format == "text" ? ["--output-format", "text"] : ["--json"]
    let outcome = try classify.run(arguments: bytes(options + ["-o", "\(scratch.path)/out.csv", "great"]))
    #expect(outcome.status == 0)
    #expect(try scratch.bytes(of: "out.csv") == expected.standardOutput)
  }

  /// What an option needs of the format, it needs of the one that the ending names.
  @Test func theFormatOfTheEndingIsWhatOptionsGoBy() throws {
    let raw = try classify.run("--raw", "-o", "\(scratch.path)/raw.jsonl", "great")
    #expect(raw.status == 0, "\(raw.message)")
    #expect(try scratch.text(of: "raw.jsonl").contains("\"logits\""))
    let path = try scratch.file("a.csv", "text,n\ngreat,7\n")
    let kept = try classify.run("--keep-fields", "-i", path, "-o", "\(scratch.path)/kept.tsv")
    #expect(kept.status == 0, "\(kept.message)")
    #expect(try scratch.text(of: "kept.tsv").hasPrefix("id\tlabel\tscore\terror\ttext\tn\n"))
  }

  @Test func aFailedRunLeavesTheOldOutputFile() throws {
    let path = try scratch.file("out.txt", "before")
    let outcome = try classify.run(
      arguments: bytes(["--strict", "-o", path]), input: Array("great\n".utf8) + [0xff, 0x0a])
    #expect(outcome.status == 65)
    #expect(try scratch.bytes(of: "out.txt") == Array("before".utf8))
    #expect(scratch.names == ["out.txt"])
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aSignalLeavesNoTemporaryFile(_ number: Int32) throws {
    let path = try scratch.file("out.txt", "before")
    let process = try classify.start(arguments: bytes(["-o", path, "--line-buffered"]))
    process.send(Array("great\n".utf8))
    // The temporary file shows that the program has begun.
    let deadline = Date().addingTimeInterval(20)
    while scratch.names.count < 2, Date() < deadline { usleep(10_000) }
    #expect(scratch.names.count == 2)
    process.send(signal: number)
    // The input stays open: only the signal can end the program.
    #expect(try process.finish(closesInput: false).status == 128 + number)
    #expect(scratch.names == ["out.txt"])
    #expect(try scratch.bytes(of: "out.txt") == Array("before".utf8))
  }

  /// Nobody reads the pipe, so that it cannot be opened: a signal ends the wait.
  @Test(.timeLimit(.minutes(1)))
  func aSignalEndsTheWaitForAPipesReader() throws {
    let path = "\(scratch.path)/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    let process = try classify.start(arguments: bytes(["-o", path, "great"]))
    usleep(300_000)
    process.send(signal: SIGTERM)
    #expect(try process.finish().status == 128 + SIGTERM)
    #expect(scratch.names == ["pipe"])
  }

  /// Each answer would be another text, for ever.
  @Test(.timeLimit(.minutes(1)))
  func whatIsReadIsNotWrittenTo() throws {
    let path = try scratch.file("a.txt", "great\ndull\n")
    let file = open(path, O_RDWR | O_APPEND | O_CLOEXEC)
    try #require(file >= 0)
    defer { close(file) }
    let outcome = try classify.start(arguments: bytes(["-i", path]), outputDescriptor: file).finish()
    #expect(
      outcome.status == 73
        && outcome.message == "classify: \(path) is also the output; write to another file\n",
      "\(outcome.message)")
    #expect(try scratch.bytes(of: "a.txt") == Array("great\ndull\n".utf8))
  }

  @Test func aKeyIsNotWrittenOver() throws {
    let key = try scratch.file("key.pub", "a key")
    let outcome = try classify.run("--require-key", key, "-o", key, "great")
    #expect(
      outcome.status == 73 && outcome.message.contains("the output is also read"), "\(outcome.message)")
    #expect(try scratch.bytes(of: "key.pub") == Array("a key".utf8))
  }

  /// What was started with `nohup` goes on when its terminal goes away.
  @Test func aSignalThatTheCallerIgnoresStopsNothing() throws {
    var runner = classify
    runner.ignoresHangUp = true
    let process = try runner.start(arguments: bytes(["--line-buffered"]))
    process.send(Array("great\n".utf8))
    let first = process.readLine()
    process.send(signal: SIGHUP)
    process.send(Array("awful\n".utf8))
    let second = process.readLine()
    #expect(!first.isEmpty && !second.isEmpty && first != second, "\(first), \(second)")
    #expect(try process.finish().status == 0)
  }

  // MARK: Version and help

  @Test func versionNamesTheFormatsThatAreRead() throws {
    let outcome = try CommandRunner("classify").run("--version")
    #expect(outcome.status == 0)
    #expect(
      outcome.output.wholeMatch(of: /classify [0-9]+\.[0-9]+\.[0-9]+[^\n]*\npackage formats: rnnpkg\/1\n/)
        != nil)
  }

  @Test(arguments: ["-h", "--help"])
  func helpShowsExamplesAndEveryOption(_ option: String) throws {
    let outcome = try CommandRunner("classify").run(option)
    #expect(outcome.status == 0)
    #expect(outcome.message == "")
    for part in [
      "classify -m sentiment.rnnpkg", "--model", "--require-key", "--input", "--format", "-0", "--text-field",
      "--id-field", "--label-field", "--no-header", "--top", "--all", "--json", "--output-format", "--output",
      "--max-tokens",
      "--truncate", "--raw", "--threads", "--batch-size", "--line-buffered", "--strict", "--keep-going",
      "--quiet", "--keep-fields", "--abstain-below",
      "--version",
    ] {
      #expect(outcome.output.contains(part), "\(part)")
    }
  }
}

/// A terminal that a program writes to and a test reads.
private final class Terminal {
  /// The program's end.
  let program: Int32
  private let screen: Int32

  struct Unavailable: Error {
    let code: Int32
  }

  init() throws {
    var ends: (screen: Int32, program: Int32) = (-1, -1)
    guard openpty(&ends.screen, &ends.program, nil, nil, nil) == 0 else { throw Unavailable(code: errno) }
    for end in [ends.screen, ends.program] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    screen = ends.screen
    program = ends.program
  }

  deinit {
    close(program)
    close(screen)
  }

  /// What the program writes up to a line end; what there is where none comes for 20 seconds.
  func readLine() -> String {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    var waiting = pollfd(fd: screen, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, 20_000) == 1, read(screen, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }
}
