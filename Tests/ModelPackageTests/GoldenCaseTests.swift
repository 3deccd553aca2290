import ModelPackage
import StrictJSON
import TestSupport
import Testing

@Suite struct GoldenCaseTests {
  /// The error of a package whose `checks.jsonl` is this.
  private func refusal(_ text: String) throws -> String? {
    let directory = TemporaryDirectory()
    try PackageFixture.package().unpack(intoDirectory: directory.file("p"))
    try directory.file("p/checks.jsonl", text)
    let error = #expect(throws: PackageError.self) { try ModelPackage(directory: directory.file("p")) }
    return error?.description
  }

  @Test func logitsAreShortestNumbers() throws {
    let files = try PackageFixture.package().files()
    let checks = try #require(files.first { $0.member == .checks })
    #expect(
      String(decoding: checks.bytes, as: UTF8.self) == """
        {"text":"warm","ids":[4],"logits":[-0.1,0.1]}
        {"text":"","ids":[3],"logits":[1e-09,0.0]}

        """)
  }

  @Test func logitsComeBackTheSameBits() throws {
    let logits: [[Float]] = [
      [0.1, -0.0], [.leastNonzeroMagnitude, .greatestFiniteMagnitude], [-1 / 3, 16_777_215],
      [.leastNormalMagnitude, 0],
    ]
    let package = try ModelPackage(
      manifest: PackageFixture.manifest(), vocabulary: PackageFixture.vocabulary,
      goldenCases: logits.map { GoldenCase(text: "é\u{0}\u{2028}\"\n", ids: [0, 5], logits: $0) },
      tensors: PackageFixture.tensors)
    let read = try ModelPackage(bytes: package.archiveBytes())
    #expect(read.goldenCases.map { $0.logits.map(\.bitPattern) } == logits.map { $0.map(\.bitPattern) })
    #expect(read.goldenCases == package.goldenCases)
  }

  @Test func badLinesAreNamed() throws {
    #expect(
      try refusal("{\"text\":\"a\",\"ids\":[1],\"logits\":[0.5]}\n{\"text\":\"a\"}\n")
        == "checks.jsonl: line 2: document: key \"ids\" is missing")
    #expect(try refusal("\n") == "checks.jsonl: line 1: column 1: no JSON value, the text is empty")
    #expect(try refusal("[]") == "checks.jsonl: line 1: document: expected object, found array")
    #expect(
      try refusal(#"{"text":"a","ids":[-1],"logits":[0,0]}"#)
        == "checks.jsonl: line 1: ids: -1 is not in the vocabulary, which has 6 tokens")
    #expect(
      try refusal(
        "{\"text\":\"a\",\"ids\":[5],\"logits\":[0,0]}\n{\"text\":\"a\",\"ids\":[6],\"logits\":[0,0]}")
        == "checks.jsonl: line 2: ids: 6 is not in the vocabulary, which has 6 tokens")
    #expect(
      try refusal(#"{"text":"a","ids":[],"logits":[0,0]}"#)
        == "checks.jsonl: line 1: ids: expected one or more")
    #expect(
      try refusal(#"{"text":"a","ids":[1],"logits":[0]}"#)
        == "checks.jsonl: line 1: 1 logits for 2 labels")
    #expect(
      try refusal(#"{"text":"a","ids":[1],"logits":["0"]}"#)
        == "checks.jsonl: line 1: logits[0]: expected number, found string")
    #expect(
      try refusal(#"{"text":"a","ids":[],"logits":[],"more":1}"#)
        == "checks.jsonl: line 1: document: unknown key \"more\"")
  }

  @Test func aCaseIsWrittenUpToTheLimitOfOneThatIsRead() throws {
    let bare = try GoldenCase.bytes(of: [GoldenCase(text: "", ids: [4], logits: [0, 0])]).count - 1
    let room = PackageLimits.goldenCaseBytes - bare
    let most = GoldenCase(text: String(repeating: "a", count: room), ids: [4], logits: [0, 0])
    #expect(try GoldenCase.bytes(of: [most]).count == PackageLimits.goldenCaseBytes + 1, "and a line feed")
    let more = GoldenCase(text: String(repeating: "a", count: room + 1), ids: [4], logits: [0, 0])
    let error = #expect(throws: PackageError.self) { try GoldenCase.bytes(of: [more]) }
    #expect(error == .goldenCase(line: 1, reason: "4194305 bytes of JSON (limit 4194304)"))
  }

  @Test func tooManyCasesAreRefused() throws {
    // JSON takes six bytes for a line feed.
    let long = GoldenCase(text: String(repeating: "\n", count: 700_000), ids: [4], logits: [0, 0])
    #expect(throws: PackageError.self) { try GoldenCase.bytes(of: [long]) }
    let cases = [GoldenCase](repeating: GoldenCase(text: "", ids: [], logits: []), count: 10_001)
    let error = #expect(throws: PackageError.self) {
      try ModelPackage(
        manifest: PackageFixture.manifest(), vocabulary: PackageFixture.vocabulary, goldenCases: cases,
        tensors: PackageFixture.tensors)
    }
    #expect(error?.description == "checks.jsonl: line 10001: too many cases (limit 10000)")
  }

  /// The package whose `checks.jsonl` is this.
  private func package(_ text: String) throws -> ModelPackage {
    let directory = TemporaryDirectory()
    try PackageFixture.package().unpack(intoDirectory: directory.file("p"))
    try directory.file("p/checks.jsonl", text)
    return try ModelPackage(directory: directory.file("p"))
  }

  @Test func casesHoldAtTheirLimitAndNotBeyond() throws {
    let line = #"{"text":"","ids":[1],"logits":[0,0]}"# + "\n"
    let most = String(repeating: line, count: 10_000)
    let package = try package(most)
    #expect(package.goldenCases.count == 10_000)
    #expect(try package.files().first { $0.member == .checks } != nil)
    #expect(try refusal(most + line) == "checks.jsonl: line 10001: too many cases (limit 10000)")
  }

  @Test func aCaseHoldsAtItsLimitAndNotBeyond() throws {
    let start = #"{"text":"","ids":[1],"logits":[0,0]"#
    let most = start + String(repeating: " ", count: (4 << 20) - start.utf8.count - 1)
    #expect(try package(most + "}\n").goldenCases.count == 1)
    #expect(
      try refusal(most + " }\n")
        == "checks.jsonl: line 1: column 1: 4194305 bytes of JSON (limit 4194304)")
  }

  @Test func logitsThatAreNoNumbersAreNotPacked() {
    let error = #expect(throws: PackageError.self) {
      try ModelPackage(
        manifest: PackageFixture.manifest(), vocabulary: PackageFixture.vocabulary,
        goldenCases: [GoldenCase(text: "", ids: [], logits: [0, .nan])], tensors: PackageFixture.tensors)
    }
    #expect(error?.description == "checks.jsonl: line 1: logits[1]: nan has no JSON form")
  }
}
