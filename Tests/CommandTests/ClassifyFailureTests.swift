import Foundation
import StrictJSON
import TestSupport
import Testing

/// Exit codes and messages of `classify`.
@Suite struct ClassifyFailureTests {
  private let classify: CommandRunner
  private let scratch = TemporaryDirectory()

  init() throws {
    classify = try .classify()
  }

  // MARK: Usage

  /// Arguments that contradict themselves, and the message.
  static let usageErrors: [(arguments: [String], message: String)] = [
    (["--json", "--output-format", "text", "x"], "--json and --output-format text exclude each other"),
    (["--json", "--output-format", "json", "x"], "--json and --output-format json exclude each other"),
    (["--output-format", "csv", "--json", "x"], "--json and --output-format csv exclude each other"),
    (["--raw", "x"], "--raw needs --output-format jsonl (--json) or json"),
    (["--raw", "--output-format", "tsv", "x"], "--raw needs --output-format jsonl (--json) or json"),
    (["--raw", "-o", "a.csv", "x"], "--raw needs --output-format jsonl (--json) or json"),
    (["--raw", "-o", "a.txt", "x"], "--raw needs --output-format jsonl (--json) or json"),
    (
      ["--keep-fields", "-i", "a.jsonl", "-o", "b.csv"],
      "--keep-fields cannot make columns of a.jsonl, which is read as jsonl: its keys may differ from line to line; "
        + "use --output-format jsonl or json instead of csv"
    ),
    (
      ["-i", "a.txt", "-i", "b.json"],
      "b.json ends in .json, which does not say how texts stand in it; add --format jsonl for one object a line, or "
        + "--format lines for plain text"
    ),
    (
      ["--text-field", "body", "--format", "auto", "-i", "B.JSON.gz"],
      "B.JSON.gz ends in .json, which does not say how texts stand in it; add --format jsonl for one object a line, or "
        + "--format lines for plain text"
    ),
    (
      ["--keep-fields", "x"],
      "--keep-fields needs --output-format jsonl, json, csv or tsv; text has no place for fields"
    ),
    (
      ["--keep-fields", "--output-format", "csv", "--format", "jsonl"],
      "--keep-fields cannot make columns of standard input, which is read as jsonl: its keys may differ from line to line; "
        + "use --output-format jsonl or json instead of csv"
    ),
    (
      ["--keep-fields", "--output-format", "tsv", "-i", "a.csv", "-i", "b.jsonl.gz"],
      "--keep-fields cannot make columns of b.jsonl.gz, which is read as jsonl: its keys may differ from line to line; "
        + "use --output-format jsonl or json instead of tsv"
    ),
    (["--abstain-below", "1.5", "x"], "--abstain-below is 1.5; it must be from 0 to 1"),
    (["--abstain-below=-0.5", "x"], "--abstain-below is -0.5; it must be from 0 to 1"),
    (["--abstain-below", "nan", "x"], "--abstain-below is nan; it must be from 0 to 1"),
    (["-k", "0", "x"], "--top is 0; it must be at least 1"),
    (["-k", "2", "--all", "x"], "--top and --all exclude each other"),
    (["--max-tokens", "0", "x"], "--max-tokens is 0; it must be at least 1"),
    (["--threads", "0", "x"], "--threads is 0; it must be from 1 to 1024"),
    (["--threads", "5000", "x"], "--threads is 5000; it must be from 1 to 1024"),
    (["--batch-size", "0", "x"], "--batch-size is 0; it must be from 1 to 65536"),
    (["-i", "a.txt", "x"], "texts and --input exclude each other; run classify once for each"),
    (["-i", "-", "-i", "-"], "standard input can be read only once; give --input - once"),
    (["-i", ""], "--input is empty; name a file, or - for standard input"),
    (["-o", "", "x"], "--output is empty; name a file"),
    (["-0", "--format", "csv"], "-0 and --format csv exclude each other"),
    (
      ["--text-field", "body"],
      "--text-field has no meaning for standard input, which is read as lines; add --format tsv, csv or jsonl"
    ),
    (
      ["--no-header", "-i", "a.txt"],
      "--no-header has no meaning for a.txt, which is read as lines; add --format tsv or csv"
    ),
    (["--id-field", "n", "x"], "--id-field is for files, not for texts given as arguments"),
    (
      ["--no-header", "--text-field", "body", "--format", "csv"],
      "--text-field and --no-header exclude each other"
    ),
  ]

  @Test(arguments: usageErrors.indices)
  func contradictionsAreUsageErrors(_ index: Int) throws {
    let (arguments, message) = Self.usageErrors[index]
    let outcome = try classify.run(arguments: arguments.map { Array($0.utf8) })
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.message.hasPrefix("Error: \(message)\n"), "\(outcome.message)")
  }

  @Test(arguments: [
    ["--unknown"], ["--format", "pdf"], ["-k", "many", "x"], ["--strict", "--keep-going", "x"], ["-m"],
    ["--output-format", "xml", "x"], ["--abstain-below", "often", "x"], ["--truncate", "some", "x"],
  ])
  func whatTheCommandLineCannotMeanIsAUsageError(_ arguments: [String]) throws {
    let outcome = try classify.run(arguments: arguments.map { Array($0.utf8) })
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.message.contains("Usage: classify"))
  }

  @Test func noModelIsAUsageError() throws {
    for value in [String?.none, ""] {
      var bare = classify
      bare.environment["RNNPKG_MODEL"] = value
      let outcome = try bare.run("x")
      #expect(outcome.status == 64)
      #expect(
        outcome.message
          == "classify: no model; name a package with --model FILE or in the environment variable RNNPKG_MODEL\n"
      )
    }
  }

  @Test func anOptionThatIsNotUTF8IsAUsageError() throws {
    let name = try classify.run(arguments: [Array("--model=".utf8) + [0xff], Array("x".utf8)])
    #expect(name.status == 64)
    #expect(
      name.message.hasPrefix("Error: argument 1 is not UTF-8; an option's name and value must be\n"),
      "\(name.message)")
    let value = try classify.run(arguments: [Array("-m".utf8), [0xff], Array("x".utf8)])
    #expect(value.status == 64)
    #expect(
      value.message.hasPrefix(
        "Error: the value of --model is not UTF-8: byte 0xff at offset 0 is not UTF-8\n"),
      "\(value.message)")
  }

  /// Repaired it would be the name of another file, which is there.
  @Test func aModelInTheEnvironmentThatIsNotUTF8IsAUsageError() throws {
    let other = "\(scratch.path)/m\u{fffd}.rnnpkg"
    try FileManager.default.copyItem(atPath: SmallPackage.path(), toPath: other)
    #expect(try classify.run("-m", other, "great").status == 0)
    let shell = Process()
    let errors = Pipe()
    let output = Pipe()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let name = #""$(printf 'm\377.rnnpkg')""#
    shell.arguments = [
      "-c", "cd '\(scratch.path)' && RNNPKG_MODEL=\(name) exec '\(CommandRunner("classify").path)' great",
    ]
    shell.standardError = errors
    shell.standardOutput = output
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 64)
    #expect(try output.fileHandleForReading.readToEnd() ?? Data() == Data())
    let message = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(
      message == "classify: the value of RNNPKG_MODEL is not UTF-8: byte 0xff at offset 1 is not UTF-8\n")
  }

  @Test(arguments: [
    ("--model", "", "--model is empty; name a package"),
    ("--id-field", "text", #"--id-field and --text-field are both "text"; name two columns"#),
  ])
  func anOptionThatNamesNothingOfItsOwnIsAUsageError(_ option: String, _ value: String, _ message: String)
    throws
  {
    let path = try scratch.file("a.csv", "text,id\ngreat,1\n")
    let outcome = try classify.run(arguments: bytes([option, value, "-i", path]))
    #expect(outcome.status == 64 && outcome.message.contains(message), "\(outcome.message)")
  }

  @Test func aNameThatCommandsTheTerminalIsShownAsEscapes() throws {
    let name = "a\u{1b}[2J.pub"
    // What the argument parser says, and what the program does.
    for (arguments, status) in [(["-k", name], 64), (["--require-key", try scratch.file(name, "x")], 65)] {
      let outcome = try classify.run(arguments: bytes(arguments + ["x"]))
      #expect(outcome.status == Int32(status) && outcome.output.isEmpty, "\(outcome.message)")
      #expect(outcome.message.contains(#"a\u{1b}[2J.pub"#), "\(outcome.message)")
      #expect(!outcome.message.contains("\u{1b}"), "\(outcome.message)")
    }
  }

  @Test func aKernelSetThatDoesNotExistIsAUsageError() throws {
    var runner = classify
    runner.environment["RECURRENT_KERNELS"] = "mmx"
    let outcome = try runner.run("x")
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(
      outcome.message
        == "classify: RECURRENT_KERNELS is \"mmx\"; it must be one of generic, avx2, avx512, neon\n")
  }

  // MARK: What is not there

  @Test func aMissingModelIsNotFound() throws {
    let outcome = try classify.run("-m", "/nowhere/model.rnnpkg", "x")
    #expect(outcome.status == 66)
    #expect(outcome.message == "classify: /nowhere/model.rnnpkg: no such file\n")
  }

  @Test func aMissingInputIsNotFoundBeforeAnythingIsWritten() throws {
    let present = try scratch.file("a.txt", "great\n")
    let outcome = try classify.run("-i", present, "-i", "/nowhere/b.txt")
    #expect(outcome.status == 66)
    #expect(outcome.output == "")
    #expect(outcome.message == "classify: /nowhere/b.txt: no such file\n")
  }

  @Test func aMissingColumnIsBadInput() throws {
    let path = try scratch.file("a.csv", "id,body,stars\n1,great,5\n")
    let outcome = try classify.run("-i", path)
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(
      outcome.message
        == "classify: \(path): no column \"text\" in the first row; found \"id\", \"body\", \"stars\"; "
        + "name the text's column with --text-field, or use --no-header\n")
  }

  @Test func anIdColumnThatIsAskedForMustBeThere() throws {
    let path = try scratch.file("ids.csv", "key,text\n1,great\n")
    let outcome = try classify.run("--json", "-i", path, "--id-field", "nope")
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(
      outcome.message
        == "classify: \(path): no column \"nope\" in the first row; found \"key\", \"text\"; "
        + "name the id's column with --id-field\n")
    #expect(try classify.run("--json", "-i", path).status == 0, "nobody asks for an id here")
  }

  @Test func anIdKeyThatIsAskedForMustBeThere() throws {
    let path = try scratch.file(
      "ids.jsonl", "{\"id\":1,\"text\":\"great\"}\n{\"key\":2,\"text\":\"great\"}\n")
    let found = try records(classify.run("--json", "-q", "-i", path, "--id-field", "key"))
    #expect(found.map { $0["id"]?.stringValue } == [nil, "2"])
    #expect(found.map { $0["error"]?["code"]?.stringValue } == ["missing_field", nil])
    #expect(found.first?["error"]?["message"] == "no field \"key\"")
    let strict = try classify.run("--strict", "-i", path, "--id-field", "key")
    #expect(strict.status == 65)
    #expect(strict.message == "classify: \(path): line 1: no field \"key\"\n")
    #expect(
      try records(classify.run("--json", "-i", path)).allSatisfy { $0["error"] == nil }, "nobody asks here")
  }

  /// Each line would be labelled, the names too.
  @Test(arguments: [
    ("review\n", "\"review\"; name the text's column with --text-field"),
    ("id;text\n", "\"id;text\", with \";\" between names; write commas (csv) or tabs (tsv) between columns"),
  ])
  func aSingleCellThatIsNoTextIsBadInput(_ first: String, _ found: String) throws {
    let path = try scratch.file("a.csv", "\(first)great\n")
    let outcome = try classify.run("-i", path)
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(
      outcome.message
        == "classify: \(path): no column \"text\" in the first row; found \(found), or use --no-header\n")
    #expect(try classify.run("--no-header", "-i", path).lines.count == 2)
  }

  /// `--no-header` excludes the options that name a field, and so is no way out where one is given.
  @Test(arguments: ["text", "label"])
  func aMissingColumnIsNotMendedByOptionsThatExcludeEachOther(_ field: String) throws {
    let path = try scratch.file("t.tsv", "id\tbody\tstars\n1\tgreat\t5\n")
    let outcome = try classify.run("-i", path, "--\(field)-field", "nope")
    #expect(outcome.status == 65)
    let wanted = field == "text" ? "nope" : "text"
    #expect(
      outcome.message
        == "classify: \(path): no column \"\(wanted)\" in the first row; found \"id\", \"body\", \"stars\"; "
        + "name the text's column with --text-field\n")
  }

  @Test func anIdOfTheWrongTypeSaysWhichAreRight() throws {
    let outcome = try classify.run("--json", "--format", "jsonl", input: "{\"id\":true,\"text\":\"great\"}\n")
    #expect(
      outcome.output.contains(
        "an id is a string, a signed 64-bit integer, a number of magnitude below 2^53 or null"),
      "\(outcome.output)")
  }

  @Test func damageInALaterFileLeavesTheAnswersBeforeIt() throws {
    let first = try scratch.file("a.txt", "great\n")
    let second = try scratch.file("b.txt.gz", [0x1f, 0x8b, 8, 0])
    let outcome = try classify.run("-i", first, "-i", second)
    #expect(outcome.status == 65)
    #expect(outcome.lines.count == 1)
    #expect(outcome.message.hasPrefix("classify: \(second): gzip data"))
  }

  @Test(
    arguments: [
      (
        "mac.csv", Array("text,label\ra film,pos\rb film,neg\r".utf8),
        "line 1: the header row ends with CR only, which ends no line here; convert the line ends, e.g. with "
          + #"tr '\r' '\n'"#
      ),
      (
        "wide.txt", [0xff, 0xfe, 0x61, 0, 0x0a, 0, 0x62, 0],
        "it is UTF-16; convert it, e.g. with iconv -f UTF-16 -t UTF-8"
      ),
      (
        "bare.tsv", [0x61, 0, 0x0a, 0, 0x62, 0],
        "it is UTF-16LE; convert it, e.g. with iconv -f UTF-16LE -t UTF-8"
      ),
      ("cut.txt.gz", [0x1f], "gzip data ends too early; fetch or compress the file again"),
      (
        "semicolons.csv", Array("sep=;\ntext;label\na;pos\n".utf8),
        "no column \"text\" in the first row; found \"sep=;\", with \";\" between names; write commas (csv) or tabs (tsv) "
          + "between columns, or use --no-header"
      ),
    ] as [(String, [UInt8], String)])
  func aFileOfWhichNoRecordCanBeToldIsBadInput(_ name: String, _ content: [UInt8], _ message: String) throws {
    let path = try scratch.file(name, content)
    let outcome = try classify.run("-i", path)
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(outcome.message == "classify: \(path): \(message)\n")
  }

  @Test func aDirectoryAsInputIsAnInputError() throws {
    let outcome = try classify.run("-i", scratch.path)
    #expect(outcome.status == 74)
    #expect(outcome.message == "classify: \(scratch.path): Is a directory\n")
  }

  // MARK: Models that are none

  @Test(arguments: ["", "x", "<html><body>404</body></html>", "version https://git-lfs.github.com/spec/v1\n"])
  func whatIsNotAPackageIsMalformed(_ content: String) throws {
    let path = try scratch.file("model.rnnpkg", content)
    let outcome = try classify.run("-m", path, "x")
    #expect(outcome.status == 76)
    #expect(outcome.output == "")
    #expect(outcome.message.hasPrefix("classify: \(path): "))
    #expect(outcome.message.split(separator: "\n").count == 1)
  }

  @Test func aCutPackageIsMalformed() throws {
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: SmallPackage.path())))
    let path = try scratch.file("model.rnnpkg", Array(whole.prefix(whole.count / 2)))
    let outcome = try classify.run("-m", path, "x")
    #expect(outcome.status == 76)
    #expect(outcome.output == "")
  }

  @Test func aCellThatThisProgramLacksNeedsANewerEngine() throws {
    var other = classify
    other.environment["RNNPKG_MODEL"] = try ChangedManifest.package(in: scratch) {
      $0.set("model.encoder.cell.id", to: "other")
    }
    let outcome = try other.run("x")
    #expect(outcome.status == 78)
    #expect(outcome.output == "")
    #expect(outcome.message.contains("the package needs the cell \"other\""), "\(outcome.message)")
  }

  // MARK: Outputs that cannot be

  @Test func anOutputInNoDirectoryCannotBeCreated() throws {
    let outcome = try classify.run("-o", "\(scratch.path)/none/out.txt", "x")
    #expect(outcome.status == 73)
    #expect(
      outcome.message
        == "classify: \(scratch.path)/none/out.txt: the directory \(scratch.path)/none does not exist; "
        + "create it first\n")
  }

  @Test func aDirectoryAsOutputCannotBeCreated() throws {
    let outcome = try classify.run("-o", scratch.path, "x")
    #expect(outcome.status == 73)
    #expect(
      outcome.message
        == "classify: \(scratch.path): a directory, which no file can replace; choose another name\n")
  }

  #if os(Linux)
    @Test func aFullDeviceIsAnOutputError() throws {
      let full = open("/dev/full", O_WRONLY)
      defer { close(full) }
      let process = try classify.start(arguments: [Array("x".utf8)], outputDescriptor: full)
      let outcome = try process.finish()
      #expect(outcome.status == 74)
      #expect(outcome.message == "classify: standard output: cannot write: No space left on device\n")
      let named = try classify.run("-o", "/dev/full", "x")
      #expect(named.status == 74)
      #expect(named.message == "classify: /dev/full: cannot write: No space left on device\n")
    }

    @Test(arguments: ["--help", "--version", "--generate-completion-script=bash"])
    func whatIsAskedAndCannotBePrintedIsAnOutputError(_ option: String) throws {
      let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
      defer { close(full) }
      let outcome = try CommandRunner("classify").start(
        arguments: [Array(option.utf8)], outputDescriptor: full
      ).finish()
      #expect(outcome.status == 74)
      #expect(outcome.message == "classify: standard output: cannot write: No space left on device\n")
    }
  #endif

  @Test func aReaderThatGoesAwayEndsTheRunQuietly() throws {
    let process = try classify.start(arguments: [Array("--line-buffered".utf8)])
    process.send(Array("great\n".utf8))
    #expect(process.readLine().contains("\t"))
    process.closeOutput()
    let outcome = try process.finish(input: Array(String(repeating: "great\n", count: 1000).utf8))
    #expect(outcome.status == 0)
    #expect(outcome.message == "")
  }

  @Test func aReaderOfTheHelpThatGoesAwayEndsItQuietly() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let outcome = try classify.start(arguments: bytes(["--help"]), outputDescriptor: ends[1]).finish()
    #expect(outcome.status == 0 && outcome.message == "", "\(outcome.message)")
  }

  // MARK: Closed standard streams

  @Test(arguments: [("<&-", 74), (">&-", 74), ("2>&-", 0)])
  func aClosedStreamIsNeverTakenForAnotherFile(_ redirection: String, _ status: Int32) throws {
    let output = "\(scratch.path)/out.txt"
    let isInput = redirection == "<&-"
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let model = try SmallPackage.path()
    let program = CommandRunner("classify").path
    let arguments =
      isInput ? "-o '\(output)'" : redirection == "2>&-" ? "-o '\(output)' great" : "great"
    shell.arguments = ["-c", "'\(program)' -m '\(model)' \(arguments) \(redirection)"]
    shell.standardError = FileHandle.nullDevice
    shell.standardOutput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == status)
    if status == 0 {
      let text = String(decoding: try scratch.bytes(of: "out.txt"), as: UTF8.self)
      #expect(text == (try classify.run("great").output))
    } else if isInput {
      #expect(scratch.names.isEmpty)
    }
  }
}
