import Foundation
import StrictJSON
import TestSupport
import Testing

/// The JSON document that `--output-format json` writes.
@Suite struct ClassifyJSONArrayTests {
  private let classify: CommandRunner
  private let scratch = TemporaryDirectory()

  init() throws {
    classify = try .classify()
  }

  @Test(arguments: [0, 1, 3, 600])
  func theDocumentIsAnArrayOfTheRecordsOfJSONLines(_ count: Int) throws {
    let input = Array((0..<count).map { "great film \($0)\n" }.joined().utf8)
    let lines = try classify.run(arguments: bytes(["--json"]), input: input)
    let document = try classify.run(arguments: bytes(["--output-format", "json"]), input: input)
    #expect(document.status == 0)
    #expect(document.output.hasSuffix("]\n"))
    let elements = try #require(try JSONValue(parsing: document.output).arrayValue)
    #expect(elements.count == count)
    #expect(elements == (try lines.lines.map { try JSONValue(parsing: $0) }))
  }

  @Test func noRecordsGiveAnEmptyArray() throws {
    #expect(try classify.run("--output-format", "json", input: "").output == "[]\n")
  }

  @Test func allScoresAreThereUnlessTopLimitsThem() throws {
    let all = try JSONValue(parsing: classify.run("--output-format", "json", "great").output)
    let one = try JSONValue(
      parsing: classify.run("--output-format", "json", "-k", "1", "--raw", "great").output)
    #expect(all.arrayValue?.first?["scores"]?.arrayValue?.count == 2)
    #expect(one.arrayValue?.first?["scores"]?.arrayValue?.count == 1)
    #expect(one.arrayValue?.first?["logits"]?.arrayValue?.count == 2)
  }

  @Test func badRecordsAreElementsToo() throws {
    let outcome = try classify.run(
      arguments: bytes(["-q", "--output-format", "json"]),
      input: [0xff, 0x0a] + Array("great\n".utf8) + [0xff])
    let elements = try #require(try JSONValue(parsing: outcome.standardOutput).arrayValue)
    #expect(elements.map { $0["index"] } == [0, 1, 2])
    #expect(elements.map { $0["error"]?["code"]?.stringValue } == ["invalid_utf8", nil, "invalid_utf8"])
  }

  /// What a run has written when it stops is no document, so that nobody takes it for all records.
  @Test func aRunThatStopsLeavesTheDocumentOpen() throws {
    let outcome = try classify.run(
      arguments: bytes(["--strict", "--output-format", "json"]), input: Array("great\n".utf8) + [0xff])
    #expect(outcome.status == 65)
    #expect(outcome.output.hasPrefix("[{\"index\":0,"))
    #expect(throws: JSONError.self) { try JSONValue(parsing: outcome.output) }
  }

  @Test func eachRecordIsWrittenBeforeTheNextLineIsRead() throws {
    let process = try classify.start(arguments: bytes(["--output-format", "json", "--line-buffered"]))
    process.send(Array("great\n".utf8))
    #expect(process.readLine().hasPrefix("[{\"index\":0,"))
    process.send(Array("dull\n".utf8))
    #expect(process.readLine().hasPrefix(",{\"index\":1,"))
    let outcome = try process.finish()
    #expect(outcome.status == 0)
    #expect(outcome.output == "]\n")
  }
}
