import ClassifierTraining
import FileAccess
import Foundation
import TestSupport
import Testing

/// Reading behaviour suites.
@Suite struct BehaviourSuiteTests {
  private let directory = TemporaryDirectory()
  private let labels = ["negative", "positive"]

  private func read(_ lines: String, as name: String = "row.jsonl") throws -> [BehaviourSuite] {
    try BehaviourSuite.read([directory.file(name, lines)], labels: labels)
  }

  /// What the reader says of a file, without the directory's path.
  private func refusal(_ lines: String, as name: String = "row.jsonl") throws -> String {
    let path = try directory.file(name, lines)
    let error = #expect(throws: BehaviourSuiteError.self) {
      try BehaviourSuite.read([path], labels: labels)
    }
    return (error?.description ?? "").replacingOccurrences(of: directory.path + "/", with: "")
  }

  @Test func eachKindOfCaseIsReadWithItsLine() throws {
    let suite = try #require(
      try read(
        """
        {"text": "A", "label": "positive"}

        {"text": "B", "variant": "b"}
        {"text": "C", "variants": ["c", "cc"]}\r
        {"text": "D", "variant": "d", "direction": "positive-up"}
        {"text": "E", "variant": "e", "direction": "negative-down", "tolerance": 0}
        """
      ).first)
    #expect(suite.name == "row" && suite.kind == .mixed && suite.sha256.count == 64)
    #expect(suite.cases.map(\.line) == [1, 3, 4, 5, 6])
    #expect(suite.cases.map(\.texts) == [["A"], ["B", "b"], ["C", "c", "cc"], ["D", "d"], ["E", "e"]])
    #expect(
      suite.cases.map(\.expectation) == [
        .label("positive"), .sameLabel(variants: ["b"]), .sameLabel(variants: ["c", "cc"]),
        .moves(variant: "d", label: "positive", direction: .up, tolerance: 0.1),
        .moves(variant: "e", label: "negative", direction: .down, tolerance: 0),
      ])
    let one = try #require(try read(#"{"text": "A", "variant": "B"}"#).first)
    #expect(one.kind == .invariance)
  }

  @Test func anotherNormalFormIsAnotherText() throws {
    let suite = try #require(
      try read(
        "{\"text\": \"caf\u{e9}\", \"variant\": \"cafe\u{301}\"}\n{\"text\": \"cafe\u{301}\", \"variant\": \"caf\u{e9}\"}"
      ).first)
    #expect(suite.cases.count == 2)
  }

  /// The same texts may be asked several things; the same thing once.
  @Test func anotherExpectationOfTheSameTextsIsAnotherCase() throws {
    let variant = #"{"text": "A", "variant": "B""#
    let lines =
      ["", #", "direction": "positive-up""#, #", "direction": "positive-down""#]
      + [#", "direction": "negative-up""#]
    let suite = try read(lines.map { variant + $0 + "}\n" }.joined() + #"{"text": "A", "label": "positive"}"#)
    #expect(suite.first?.cases.count == 5)
    #expect(
      try refusal(variant + lines[1] + "}\n" + variant + lines[1] + #", "tolerance": 0.2}"#)
        == "row.jsonl:2: the case of line 1 again; remove one")
    #expect(
      try refusal(#"{"text": "A", "label": "positive"}"# + "\n" + #"{"text": "A", "label": "negative"}"#)
        == "row.jsonl:2: the case of line 1 again; remove one")
  }

  @Test(arguments: [
    ("x", "column 1: expected a value, found 'x'; write one JSON object a line"),
    ("[1]", "document: expected object, found array; correct the line"),
    (#"{"label": "positive"}"#, #"the key "text" is missing; add it"#),
    (#"{"text": 1, "label": "positive"}"#, "text: expected string, found integer 1; correct the line"),
    (
      #"{"text": "A", "lable": "positive"}"#,
      #"the key "lable" is unknown; use text with label, variant, variants, direction or tolerance"#
    ),
    (
      #"{"text": "A", "label": "good"}"#,
      #"the label "good" is none of the package's: "negative", "positive"; write it as the package does"#
    ),
    (
      #"{"text": "A", "label": "Positive"}"#,
      #"the label "Positive" is none of the package's: "negative", "positive"; write it as the package does"#
    ),
    (#"{"text": " ", "label": "positive"}"#, "a text is empty; write one or remove the line"),
    (#"{"text": "A", "variant": ""}"#, "a text is empty; write one or remove the line"),
    (#"{"text": "A", "variant": "A"}"#, "a variant equals the text; change it or remove it"),
    (#"{"text": "A"}"#, #"nothing is expected; add "label", or "variant" or "variants""#),
    (
      #"{"text": "A", "label": "positive", "variant": "B"}"#,
      #""label" goes with neither a variant nor a direction, and "variant" not with "variants"; keep one of them"#
    ),
    (
      #"{"text": "A", "variant": "B", "variants": ["C"]}"#,
      #""label" goes with neither a variant nor a direction, and "variant" not with "variants"; keep one of them"#
    ),
    (#"{"text": "A", "variants": []}"#, "0 variants; give 1 to 64"),
    (
      #"{"text": "A", "variants": ["B", "C"], "direction": "positive-up"}"#,
      #"2 variants; give a direction one "variant""#
    ),
    (
      #"{"text": "A", "variant": "B", "direction": "up"}"#,
      #"the direction "up" is none; write a label with -up or -down, such as positive-up"#
    ),
    (
      #"{"text": "A", "variant": "B", "direction": "mixed-up"}"#,
      #"the label "mixed" is none of the package's: "negative", "positive"; write it as the package does"#
    ),
    (
      #"{"text": "A", "variant": "B", "direction": "positive-up", "tolerance": 1.5}"#,
      "the tolerance 1.5 is not from 0 to below 1; correct it"
    ),
    (
      #"{"text": "A", "variant": "B", "tolerance": 0.2}"#,
      #""tolerance" goes with "direction"; add that or remove it"#
    ),
    (#"{"text": "A0", "label": "positive"}"#, "the case of line 1 again; remove one"),
  ])
  func aBadLineIsToldWithItsPlaceAndWhatToDo(_ line: String, _ message: String) throws {
    let found = try refusal(#"{"text": "A0", "label": "positive"}"# + "\n" + line + "\n")
    #expect(found == "row.jsonl:2: " + message)
  }

  @Test func filesWithoutCasesAndDirectoriesWithoutFilesAreRefused() throws {
    #expect(try refusal("\n \n") == "row.jsonl: there is no case in it; write one JSON object a line")
    #expect(try refusal("", as: ".jsonl").hasPrefix(".jsonl: the file has no name before"))
    let empty = directory.path + "/empty"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
    #expect(throws: BehaviourSuiteError.noFiles(directory: empty)) {
      try BehaviourSuite.read([empty], labels: labels)
    }
    #expect(throws: BehaviourSuiteError.file(.notFound(path: "/nowhere.jsonl"))) {
      try BehaviourSuite.read(["/nowhere.jsonl"], labels: labels)
    }
  }

  @Test func aDirectoryGivesItsFilesInOrderAndEachNameOnce() throws {
    let folder = directory.path + "/suite"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    for name in ["b.jsonl", "a.jsonl", "notes.txt"] {
      try FileAccess.write(Array(#"{"text": "A", "label": "positive"}"#.utf8), to: "\(folder)/\(name)")
    }
    #expect(try BehaviourSuite.read([folder], labels: labels).map(\.name) == ["a", "b"])
    #expect(throws: BehaviourSuiteError.duplicateName(path: "\(folder)/a.jsonl", name: "a")) {
      try BehaviourSuite.read([folder, "\(folder)/a.jsonl"], labels: labels)
    }
  }

  /// The suite of the zoo: enough cases in each row, of both labels, none twice.
  @Test func theShippedSuiteIsWellFormed() throws {
    let directory = SourceTree.root.appending(path: "zoo/behaviour").path
    let suites = try BehaviourSuite.read([directory], labels: labels)
    #expect(suites.count >= 12 && suites.reduce(0) { $0 + $1.cases.count } >= 400)
    var seen: [[String]: String] = [:]
    for suite in suites {
      #expect(suite.cases.count >= 20, "\(suite.name)")
      for entry in suite.cases {
        let other = seen.updateValue(suite.name, forKey: entry.texts)
        #expect(other == nil, "\(suite.name):\(entry.line) stands in \(other ?? "") too")
      }
      let found = suite.cases.compactMap { if case .label(let label) = $0.expectation { label } else { nil } }
      let positive = found.count { $0 == "positive" }
      #expect(
        abs(2 * positive - found.count) * 5 <= found.count, "\(suite.name): \(positive) of \(found.count)")
    }
  }
}
