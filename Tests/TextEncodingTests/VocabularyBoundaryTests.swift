import Testing
import TextEncoding

/// Every limit of a vocabulary file, at the limit and one beyond it.
@Suite struct VocabularyBoundaryTests {
  private let head = Array("<pad>\n<unk>\n<s>\n</s>\n".utf8)

  private func refusal(_ bytes: [UInt8]) -> VocabularyError? {
    do throws(VocabularyError) {
      _ = try Vocabulary(parsing: bytes)
      return nil
    } catch { return error }
  }

  @Test func entriesHoldAtTheirLimitAndNotBeyond() throws {
    // The special tokens are entries too.
    var bytes = head
    for number in 4..<2_000_000 { bytes += Array("\(number)\n".utf8) }
    let vocabulary = try Vocabulary(parsing: bytes)
    #expect(vocabulary.count == 2_000_000 && vocabulary.id(of: "1999999") == 1_999_999)
    #expect(refusal(bytes + Array("x\n".utf8)) == .tooManyEntries(2_000_001, limit: 2_000_000))
  }

  /// Lines far shorter than usual: more of them than room was made for.
  @Test func manyShortEntriesAreAllFound() throws {
    let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
    let tokens =
      letters + letters.flatMap { first in letters.map { first + $0 } }
      + letters.flatMap { first in letters.flatMap { second in letters.map { first + second + $0 } } }
    let vocabulary = try Vocabulary(parsing: head + tokens.flatMap { Array(($0 + "\n").utf8) })
    #expect(vocabulary.count == tokens.count + 4)
    let lost = tokens.enumerated().filter { vocabulary.id(of: $0.element) != Int32($0.offset + 4) }
    #expect(lost.isEmpty && vocabulary.id(of: "zzzz") == nil)
    #expect(try Vocabulary(tokens: tokens).fileBytes == vocabulary.fileBytes)
  }

  @Test func bytesOfAnEntryHoldAtTheirLimitAndNotBeyond() {
    func entry(_ piece: String, _ count: Int) -> [UInt8] {
      head + Array(String(repeating: piece, count: count).utf8) + [0x0a]
    }
    #expect(refusal(entry("x", 1_024)) == nil)
    #expect(refusal(entry("x", 1_025)) == .entryTooLong(line: 5, bytes: 1_025, limit: 1_024))
    // Two bytes in the file for one of the token.
    #expect(refusal(entry("\\n", 1_024)) == nil)
    #expect(
      refusal(entry("\\n", 1_024).dropLast() + Array("x\n".utf8))
        == .entryTooLong(
          line: 5, bytes: 2_049, limit: 1_024))
    #expect(refusal(entry("\\n", 1_025)) == .entryTooLong(line: 5, bytes: 2_050, limit: 1_024))
  }

  @Test func specialTokensComeFirstAndAllOfThem() {
    let lines = ["<pad>", "<unk>", "<s>", "</s>"]
    for count in 0..<lines.count {
      let few = lines[..<count].map { $0 + "\n" }.joined()
      #expect(
        refusal(Array(few.utf8)) == .missingSpecial(line: count + 1, expected: lines[count]))
      #expect(
        refusal(Array((few + "word\n").utf8)) == .missingSpecial(line: count + 1, expected: lines[count]))
    }
    #expect(refusal(head) == nil)
  }

  @Test func bytesThatNoTextHoldsAreFound() {
    for byte in UInt8(0x80)...0xff {
      #expect(refusal(head + [byte, 0x0a]) == .invalidUTF8(line: 5), "\(byte)")
    }
    #expect(refusal(head + [0x7f, 0x0a]) == nil)
  }

  @Test func controlsAreTakenAndThoseThatAreWrittenAsEscapesAreNot() {
    for byte in UInt8(0)..<0x20 where byte != 0x0a {
      let isWritten = byte == 0 || byte == 0x09 || byte == 0x0d
      #expect(
        refusal(head + [0x61, byte, 0x0a]) == (isWritten ? .invalidByte(line: 5, byte: byte) : nil))
    }
  }

  @Test func nothingIsNoToken() throws {
    let vocabulary = try Vocabulary(parsing: head + Array("a b\n".utf8))
    #expect(vocabulary.id(of: "") == nil)
    #expect(vocabulary.id(of: "a b") == 4)
    #expect(vocabulary.token(4) == "a b" && vocabulary.token(5) == nil)
  }
}
