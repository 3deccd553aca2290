import Foundation
import TestSupport
import Testing

/// `tools/zoo/behaviour-templates`, which needs Python 3.
@Suite(.enabled(if: Python.path != nil)) struct BehaviourTemplatesTests {
  private func run(_ arguments: String...) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: Python.path ?? "")
    process.arguments = [SourceTree.root.appending(path: "tools/zoo/behaviour-templates").path] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test func theSameSeedGivesTheSameBytesAndAnotherOnesOthers() throws {
    let first = try run("--count", "1500", "--seed", "5")
    #expect(first.status == 0)
    #expect(try run("--count", "1500", "--seed", "5").output == first.output)
    #expect(try run("--count", "1500", "--seed", "6").output != first.output)
  }

  @Test func partsChooseWhatTheTextsAreOf() throws {
    let usual = try run("--count", "1500", "--seed", "5").output
    #expect(try run("--count", "1500", "--seed", "5", "--parts", "names=1").output == usual, "its usual part")
    // Rows that ask something: one in ten, and most of those of questions.
    let asking = { (output: String) in output.split(separator: "\n").count { $0.contains("?") } }
    #expect(asking(try run("--count", "200").output) < 60)
    #expect(asking(try run("--count", "200", "--parts", "questions=999999").output) > 120)
    for wrong in ["happenings=1", "names", "names=-1"] {
      #expect(try run("--count", "10", "--parts", wrong).status == 1, "\(wrong)")
    }
  }

  @Test func textsAreDistinctFilledAndHalfPositive() throws {
    let rows = try run("--count", "4500").output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.first == ["label", "text"])
    let pairs = rows.dropFirst()
    #expect(pairs.allSatisfy { $0.count == 2 && !$0[1].contains("{") && !$0[1].contains("  ") })
    #expect(Set(pairs.map { $0[1] }).count == pairs.count && pairs.count >= 4400)
    let positive = pairs.count { $0[0] == "positive" }
    #expect(pairs.allSatisfy { $0[0] == "positive" || $0[0] == "negative" })
    #expect(abs(2 * positive - pairs.count) < pairs.count / 20)
  }

  @Test func templatesAndSuiteAreDisjoint() throws {
    let outcome = try run("--check", SourceTree.root.appending(path: "zoo/behaviour").path)
    #expect(outcome.status == 0 && outcome.output == "disjoint\n", "\(outcome.output)")
  }

  @Test func textsThatTheTemplatesMakeAreFoundInASuite() throws {
    let scratch = TemporaryDirectory()
    for (text, finding) in [
      ("We thought: nobody could call this lasagne scrumptious!", "nobody could call this lasagne"),
      ("Beyond scrumptious, this lasagne.", "beyond scrumptious this lasagne"),
      ("Their pie tasted odd, how dismally odd.", "the suite has \"dismal\""),
    ] {
      _ = try scratch.file("row.jsonl", #"{"text": "\#(text)", "label": "positive"}"#)
      let outcome = try run("--check", scratch.path)
      #expect(outcome.status == 1 && outcome.output.contains(finding), "\(text)")
    }
  }
}
