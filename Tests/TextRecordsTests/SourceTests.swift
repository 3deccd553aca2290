import Foundation
import TestSupport
import Testing
import TextRecords

@Suite struct SourceTests {
  private func read(
    _ bytes: [UInt8], name: String, _ options: RecordReaderOptions = .init()
  ) throws -> [TextRecord] {
    let file = try RecordFile(bytes, name: name)
    return try all(RecordReader(path: file.path, options: options))
  }

  @Test(
    arguments: [
      ("a.tsv", .tsv), ("a.csv", .csv), ("A.CSV", .csv), ("a.jsonl", .jsonl), ("a.ndjson", .jsonl),
      ("a.ft", .fasttext), ("a.fasttext", .fasttext), ("a.txt", .lines), ("a", .lines),
      ("a.csv.gz", .csv), ("a.jsonl.GZ", .jsonl), ("a.gz", .lines), ("-", .lines),
      ("a.csv.bak", .lines), ("dir.csv/a", .lines), ("", .lines),
    ] as [(String, RecordFormat)])
  func `the file's ending names the format`(_ path: String, _ format: RecordFormat) {
    #expect(RecordFormat(path: path) == format)
  }

  @Test func `gzip data is told by its content`() throws {
    let expected = ["one fine day", "one fine day", "one fine day", "last"]
    #expect(try read(GzipData.packed, name: "a.gz").map(\.summary) == expected)
    #expect(try read(GzipData.packed, name: "a.txt").map(\.summary) == expected)
    #expect(try read(Array("a\n".utf8), name: "a.txt.gz").map(\.summary) == ["a"])
    #expect(try read(Array("a".utf8), name: "a.txt.gz").map(\.summary) == ["a"])
    #expect(try read([0x1f], name: "a.txt").map(\.summary) == ["\u{1f}"])
    let row = StoredGzip.member(Array("\u{feff}label,text\npos,\"a\nb\"\n".utf8))
    #expect(try read(row, name: "a.csv.gz").map(\.summary) == ["a\nb"])
  }

  @Test(arguments: [1, 2, 3, 5, 8, 64]) func `where a block ends changes no record`(_ largest: Int) throws {
    let files: [(RecordFormat, [UInt8])] = [
      (.csv, Array("\u{feff}label,text\r\npos,\"a\n\"\"b\"\r\nneg,\"c\"x\nneg,d\n\"open".utf8)),
      (.lines, Array("one\r\ntwo\r\n\r\n\(String(repeating: "long ", count: 40))\nlast".utf8)),
      (.lines, GzipData.packed), (.lines, [0x1f]), (.lines, []),
    ]
    for (format, bytes) in files {
      let options = RecordReaderOptions(format: format, textLimit: 20)
      let whole = try all(RecordReader(name: "a", bytes: bytes, options: options))
      let pieces = try all(RecordReader(name: "a", bytes: bytes, options: options, largestBlock: largest))
      #expect(pieces.map(\.summary) == whole.map(\.summary))
      #expect(pieces.map(\.line) == whole.map(\.line))
    }
  }

  @Test func `gzip members follow one another`() throws {
    let first = StoredGzip.member(Array("a\nb".utf8))
    let second = StoredGzip.member(Array("c\nd\n".utf8))
    let zeros = [UInt8](repeating: 0, count: 600)
    #expect(try read(first + second, name: "a.gz").map(\.summary) == ["a", "bc", "d"])
    #expect(try read(first + zeros, name: "a.gz").map(\.summary) == ["a", "b"])
    #expect(try read(first + StoredGzip.member([]) + second, name: "a.gz").count == 3)
    #expect(try read(StoredGzip.member([]), name: "a.gz").isEmpty)
  }

  @Test func `large gzip data is read whole`() throws {
    let lines = (0..<200_000).map { "line \($0)" }
    let bytes = Array(lines.joined(separator: "\n").utf8)
    #expect(try read(StoredGzip.member(bytes), name: "a.gz").map(\.summary) == lines)
  }

  @Test func `truncated gzip data gives its whole records and then an error`() throws {
    let bytes = StoredGzip.member(Array("a\nb\n".utf8))
    for count in 1..<bytes.count {
      let file = try RecordFile(Array(bytes.prefix(count)), name: "a.gz")
      let error = try #require(throws: RecordReaderError.self) {
        let reader = try RecordReader(path: file.path)
        while let record = try reader.next() { #expect(["a", "b"].contains(record.summary)) }
      }
      #expect(error == .truncatedGzip(path: file.path))
      #expect(error.category == .badInput)
      #expect(
        message(error) == "a.gz: gzip data ends too early; fetch or compress the file again")
    }
    #expect(throws: RecordReaderError.self) { try read([], name: "a.gz") }
    let second = try RecordFile(bytes + bytes.prefix(5), name: "a.gz")
    let reader = try RecordReader(path: second.path)
    #expect(try reader.next()?.summary == "a")
    #expect(try reader.next()?.summary == "b")
    #expect(throws: RecordReaderError.truncatedGzip(path: second.path)) { try reader.next() }
    #expect(throws: RecordReaderError.truncatedGzip(path: second.path)) { try reader.next() }
  }

  @Test func `damaged gzip data is an error`() throws {
    var wrongSum = StoredGzip.member(Array("a\n".utf8))
    wrongSum[wrongSum.count - 8] ^= 1
    let trailing = StoredGzip.member(Array("a\n".utf8)) + Array("rest".utf8)
    for (bytes, reason) in [
      (wrongSum, "incorrect data check"), (trailing, "incorrect header check"),
    ] {
      let file = try RecordFile(bytes, name: "a.gz")
      let error = try #require(throws: RecordReaderError.self) {
        try all(RecordReader(path: file.path))
      }
      #expect(
        message(error)
          == "a.gz: gzip data is damaged (\(reason)); fetch or compress the file again")
      #expect(error.category == .badInput)
    }
  }

  @Test func `a missing file is named`() throws {
    let error = try #require(throws: RecordReaderError.self) {
      try RecordReader(path: "no/such\nfile.txt")
    }
    #expect(error == .notFound(path: "no/such\nfile.txt"))
    #expect(error.category == .notFound)
    #expect("\(error)" == "no/such\\nfile.txt: no such file")
  }

  @Test func `a folder is not a file of records`() throws {
    let error = try #require(throws: RecordReaderError.self) { try RecordReader(path: "/") }
    #expect(error.category == .inputOutput)
    #expect("\(error)" == "/: Is a directory")
  }

  @Test func `errors of standard input say so`() {
    #expect(
      "\(RecordReaderError.truncatedGzip(path: "-"))"
        == "standard input: gzip data ends too early; fetch or compress the file again")
  }

  @Test(.timeLimit(.minutes(1)))
  func `a pipe's records come as soon as their lines do`() throws {
    let folder = try RecordFile("", name: "unused")
    let path = folder.path + ".fifo"
    try #require(mkfifo(path, 0o600) == 0)
    let writer = open(path, O_RDWR | O_CLOEXEC)
    try #require(writer >= 0)
    func send(_ text: String) { #expect(write(writer, text, text.utf8.count) == text.utf8.count) }
    send("a")
    send("b\nc")
    let reader = try RecordReader(path: path)
    #expect(try reader.next()?.summary == "ab")
    send("\n\n\u{1f}\nrest")
    #expect(try reader.next()?.summary == "c")
    #expect(try reader.next()?.summary == "")
    #expect(try reader.next()?.summary == "\u{1f}")
    close(writer)
    #expect(try reader.next()?.summary == "rest")
    #expect(try reader.next()?.index == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `an empty first line of a pipe comes at once`() throws {
    let folder = try RecordFile("", name: "unused")
    let path = folder.path + ".fifo"
    try #require(mkfifo(path, 0o600) == 0)
    let writer = open(path, O_RDWR | O_CLOEXEC)
    try #require(writer >= 0)
    defer { close(writer) }
    #expect(write(writer, "\n", 1) == 1)
    let reader = try RecordReader(path: path)
    #expect(try reader.next()?.summary == "")
  }
}
