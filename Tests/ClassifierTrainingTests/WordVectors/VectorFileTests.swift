import ClassifierTraining
import Foundation
import TestSupport
import Testing
import TextEncoding

/// Word vectors as text.
@Suite struct VectorFileTests {
  private let directory = TemporaryDirectory()
  private let vocabulary: Vocabulary

  init() throws { vocabulary = try Vocabulary(tokens: ["cat", "dog", "çà"]) }

  private func read(_ text: String, dimension: Int = 2) throws -> (values: [Float], found: Int) {
    try VectorFile.read(directory.file("words.vec", text), vocabulary: vocabulary, dimension: dimension)
  }

  @Test func whatIsWrittenIsReadBackToTheBit() throws {
    var values = [Float](repeating: 0, count: 4 * 2)
    values += [0.1, -3.4028235e38, .leastNonzeroMagnitude, 7, .pi, -0.0]
    let text = VectorFile.text(values, vocabulary: vocabulary, dimension: 2)
    #expect(text.hasPrefix("3 2\ncat 0.1 "))
    let back = try read(text)
    #expect(back.found == 3)
    #expect(back.values == values)
  }

  @Test func otherWordsAreSkippedAndTheFirstOfTwoCounts() throws {
    let back = try read("bird 9 9\ndog 1 2 \ndog 3 4\n\ncat 5 6\n")
    #expect(back.found == 2)
    #expect(Array(back.values[8..<14]) == [5, 6, 1, 2, 0, 0])
  }

  @Test func wordsWithSpacesAreSkipped() throws {
    let back = try read("dog 1 2\n. . . 3 4\ncat 5 6\n")
    #expect(back.found == 2)
  }

  @Test(arguments: [
    ("dog 1 2\ncat 1\n", 2, "1 numbers"), ("1 3\ndog 1 2 3\n", 1, "3 numbers"),
    ("dog 1 2 3\n", 1, "3 numbers"),
    ("dog 1 x\n", 1, "\"x\" is no number"), ("\ndog 1 nan\n", 2, "\"nan\" is no number"),
    ("dog 1 inf\n", 1, "no number"),
  ])
  func badLinesAreNamed(_ text: String, _ line: Int, _ reason: String) {
    let error = #expect(throws: VectorFileError.self) { _ = try read(text) }
    guard case .badLine(_, let found, let what) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == line && what.contains(reason), "\(found): \(what)")
  }

  @Test func aFileThatWasCutOrKnowsNoWordIsRefused() throws {
    let path = directory.path + "/words.vec"
    for (text, expected) in [
      ("3 2\ndog 1 2\ncat 3 4\n", .cut(path: path, lines: 2, promised: 3)), ("", .noKnownWord(path: path)),
      ("bird 1 2\n", .noKnownWord(path: path)),
    ] as [(String, VectorFileError)] {
      #expect(throws: expected) { try read(text) }
    }
    #expect(try read("1 2\ndog 1 2\ncat 3 4\n").found == 2)
  }

  @Test func aMissingFileIsNamed() {
    let error = #expect(throws: VectorFileError.self) {
      _ = try VectorFile.read(directory.path + "/none", vocabulary: vocabulary, dimension: 2)
    }
    guard case .unreadable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
