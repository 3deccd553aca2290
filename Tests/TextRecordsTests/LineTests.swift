import TestSupport
import Testing
import TextRecords

@Suite struct LineTests {
  @Test(
    arguments: [
      ("", []),
      ("a", ["a"]),
      ("a\n", ["a"]),
      ("a\nb", ["a", "b"]),
      ("a\r\nb\r\n", ["a", "b"]),
      ("a\rb\n", ["a\rb"]),
      ("a\r", ["a\r"]),
      ("a\r\r\n", ["a\r"]),
      ("\n", [""]),
      ("a\n\nb\n", ["a", "", "b"]),
      ("\u{feff}a\n\u{feff}b\n", ["a", "\u{feff}b"]),
      ("\u{feff}", []),
      ("a\u{0}b\nc\n", ["a\u{0}b", "c"]),
      ("a\u{2028}b\u{85}c\u{0b}\u{0c}d\n", ["a\u{2028}b\u{85}c\u{0b}\u{0c}d"]),
      ("  a \t\n", ["  a \t"]),
      ("\"a\n{\n__label__x y\n", ["\"a", "{", "__label__x y"]),
    ] as [(String, [String])])
  func `a line is a record`(_ text: String, _ expected: [String]) throws {
    #expect(try records(text, .lines).map(\.summary) == expected)
  }

  @Test(
    arguments: [
      ("", []),
      ("a\u{0}b\n\u{0}", ["a", "b\n"]),
      ("a\u{0}\u{0}b", ["a", "", "b"]),
      ("a\r\n\u{0}", ["a\r\n"]),
      ("\u{feff}a\u{0}", ["a"]),
    ] as [(String, [String])])
  func `a NUL ends a record of the format nul`(_ text: String, _ expected: [String]) throws {
    #expect(try records(text, .nul).map(\.summary) == expected)
  }

  @Test func `records carry their number and the line they start on`() throws {
    let lines = try records("a\n\nb\n", .lines)
    #expect(lines.map(\.index) == [0, 1, 2])
    #expect(lines.map(\.line) == [1, 2, 3])
    let nul = try records("a\nb\u{0}c\u{0}\nd\u{0}", .nul)
    #expect(nul.map(\.index) == [0, 1, 2])
    #expect(nul.map(\.line) == [1, 2, 2])
  }

  @Test func `an incomplete byte order mark is no byte order mark`() throws {
    #expect(try records([0xef, 0xbb], .lines).map(\.summary) == ["<invalid_utf8>"])
    #expect(try records([0xef, 0x0a, 0x61], .lines).map(\.summary) == ["<invalid_utf8>", "a"])
    for byte in [0xfe, 0xff] as [UInt8] {
      #expect(try records([byte], .lines).map(\.summary) == ["<invalid_utf8>"])
      #expect(try records([byte, byte, 0x0a, 0x61], .lines).map(\.summary) == ["<invalid_utf8>", "a"])
    }
  }

  /// Read as UTF-8 most of it would be text, with NULs in it.
  @Test(arguments: [
    ("\u{feff}text\nä", "UTF-16"), ("\u{feff}", "UTF-16"), ("\u{feff}ж\n", "UTF-16"),
    ("text,id\n", "UTF-16LE"),
    ("a\n", "UTF-16LE"), ("{\"text\":\u{201c}", "UTF-16LE"),
  ])
  func `a file of UTF-16 is refused`(_ text: String, _ name: String) throws {
    let units = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    let swapped = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    let names = [name, name == "UTF-16LE" ? "UTF-16BE" : name]
    for (bytes, name) in zip([units, swapped], names) {
      for format in RecordFormat.allCases where format != .nul || name == "UTF-16" {
        for content in [bytes, StoredGzip.member(bytes)] {
          for largest in [1, 2, 3, 16, 1 << 16] {
            let error = try #require(throws: RecordReaderError.self) {
              try RecordReader(
                name: "a.txt", bytes: content, options: .init(format: format, hasHeader: false),
                largestBlock: largest)
            }
            #expect("\(error)" == "a.txt: it is \(name); convert it, e.g. with iconv -f \(name) -t UTF-8")
            #expect(error.category == .badInput)
          }
        }
      }
    }
  }

  @Test(
    arguments: [
      (.lines, "a\u{0}", ["a\u{0}"]),
      (.lines, "a\u{0}b", ["a\u{0}b"]),
      (.lines, "a\u{0}b\u{0}c", ["a\u{0}b\u{0}c"]),
      (.lines, "a\u{0}b\u{0}c\n", ["a\u{0}b\u{0}c"]),
      (.lines, "\u{0}\u{0}\u{0}\u{0}", ["\u{0}\u{0}\u{0}\u{0}"]),
      (.lines, "a\u{0}\u{0}\u{0}b\u{0}\u{0}\u{0}", ["a\u{0}\u{0}\u{0}b\u{0}\u{0}\u{0}"]),
      (
        .lines, "a\u{0}b\u{0}c\u{0}d\u{0}e\u{0}f\u{0}g\u{0}hi",
        ["a\u{0}b\u{0}c\u{0}d\u{0}e\u{0}f\u{0}g\u{0}hi"]
      ),
      (.nul, "a\u{0}b\u{0}c\u{0}d\u{0}", ["a", "b", "c", "d"]),
      (.nul, "\u{0}a\u{0}b", ["", "a", "b"]),
    ] as [(RecordFormat, String, [String])])
  func `NULs alone are not UTF-16`(_ format: RecordFormat, _ text: String, _ expected: [String]) throws {
    #expect(try records(text, format).map(\.summary) == expected)
  }

  @Test(
    arguments: [
      ([0x61, 0xff], 0xff, 1),
      ([0x80], 0x80, 0),
      ([0xc0, 0xaf], 0xc0, 0),
      ([0xc1, 0xbf], 0xc1, 0),
      ([0x61, 0xc3], 0xc3, 1),
      ([0xc3, 0x28], 0xc3, 0),
      ([0xe0, 0x9f, 0xbf], 0xe0, 0),
      ([0xed, 0xa0, 0x80], 0xed, 0),
      ([0xe2, 0x82], 0xe2, 0),
      ([0xe2, 0x82, 0x28], 0xe2, 0),
      ([0xf0, 0x8f, 0xbf, 0xbf], 0xf0, 0),
      ([0xf4, 0x90, 0x80, 0x80], 0xf4, 0),
      ([0xf5, 0x80, 0x80, 0x80], 0xf5, 0),
      ([0xc3, 0xa4, 0x61, 0xf0, 0x9f, 0x98], 0xf0, 3),
      (Array(repeating: 0x61, count: 20) + [0xfe], 0xfe, 20),
      ([0xff, 0xfe, 0x61, 0x00], 0xff, 0),
    ] as [([UInt8], UInt8, Int)])
  func `bytes that are not UTF-8 are a fault of their record`(
    _ bytes: [UInt8], _ byte: UInt8, _ offset: Int
  ) throws {
    for format in [RecordFormat.lines, .tsv, .csv, .fasttext, .jsonl] {
      let good = format == .jsonl ? "{\"text\":\"a\"}" : "a"
      let read = try records(
        Array("\(good)\n".utf8) + bytes + Array("\n\(good)\n".utf8), format,
        .init(hasHeader: false))
      #expect(read.map(\.summary) == ["a", "<invalid_utf8>", "a"])
      #expect(read[1].fault == .invalidUTF8(byte: byte, offset: offset))
    }
  }

  /// Empty lines are records where a record is a text alone, which the first good row tells; no line may get another's place.
  @Test(arguments: [
    ("\n\n\u{1}\nabc\n", ["", "", "<invalid_utf8>", "abc"], [1, 2, 3, 4]),
    ("\u{1}\n\n\nabc\n\nd\n", ["<invalid_utf8>", "", "", "abc", "", "d"], [1, 2, 3, 4, 5, 6]),
    ("\n\u{1}\n\n\u{1}\nx\tabc\n\ny\td\n", ["<invalid_utf8>", "<invalid_utf8>", "abc", "d"], [2, 4, 5, 7]),
    ("\n\u{1}\n\n", ["<invalid_utf8>"], [2]),
  ])
  func `what stands before the first good row keeps its place`(
    _ text: String, _ summaries: [String], _ lines: [Int]
  ) throws {
    let bytes = text.utf8.map { $0 == 1 ? 0xff : $0 }
    let read = try records(bytes, .tsv, .init(hasHeader: false))
    #expect(read.map(\.summary) == summaries && read.map(\.line) == lines)
    #expect(read.map(\.index) == Array(0..<read.count))
  }

  /// What could be read before a row that fits no table is answered.
  @Test func `a row that fits nothing comes after what stands before it`() throws {
    let bytes = Array("\n".utf8) + [0xff, 0x0a] + Array("a,b,c\n".utf8)
    let reader = try RecordReader(name: "a.csv", bytes: bytes, options: .init(hasHeader: false))
    #expect(try reader.next()?.line == 2)
    let error = RecordReaderError.wrongColumnCount(path: "a.csv", found: 3)
    for _ in 0..<2 { #expect(throws: error) { try reader.next() } }
  }

  /// What could be read of a damaged file is answered.
  @Test func `a file that breaks off comes after what stands before it`() throws {
    let rows = (0..<40_000).map { "\u{1}\($0)\n" }.joined()
    let whole = StoredGzip.member(("\n" + rows).utf8.map { $0 == 1 ? 0xff : $0 })
    let reader = try RecordReader(
      name: "a.tsv", bytes: Array(whole.prefix(whole.count / 2)), options: .init(hasHeader: false))
    var lines: [Int] = []
    let error = #expect(throws: RecordReaderError.self) {
      while let record = try reader.next() { lines.append(record.line) }
    }
    #expect(error != nil && lines.count > 100 && lines == Array(2..<lines.count + 2))
  }

  @Test(arguments: ["ä", "€", "\u{d7ff}", "\u{e000}", "\u{fffd}", "😀", "\u{10ffff}", "\u{800}"])
  func `every kind of UTF-8 sequence is text`(_ text: String) throws {
    #expect(try records("\(text)\n", .tsv).map(\.summary) == [text])
    #expect(try records("1234567\(text)1234567", .lines).map(\.summary) == ["1234567\(text)1234567"])
  }
}
