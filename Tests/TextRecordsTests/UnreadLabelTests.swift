import Testing
import TextRecords

/// Labels that nobody asked for are no fault.
@Suite struct UnreadLabelTests {
  private let options = RecordReaderOptions(readsLabels: false)

  @Test(
    arguments: [
      (.jsonl, #"{"text":"good","label":4.0}"#, ["good"]),
      (.jsonl, #"{"text":"good","label":{"a":1}}"#, ["good"]),
      (.jsonl, #"{"text":"good","label":["x",null]}"#, ["good"]),
      (.jsonl, #"{"text":"good","label":"x"}"#, ["good"]),
      (.fasttext, "__label__ good film\n__label__x __label__\tdull\n__label__\n", ["good film", "dull", ""]),
      (.fasttext, "__label__x good\nbad __label__\n", ["good", "bad __label__"]),
      (.tsv, "label\ttext\tlabel\n1\tgood\t2\n", ["good"]),
      (.csv, "text,label,label\ngood,1,2\n", ["good"]),
      (.tsv, "text\tlabel\ngood\tpos\n", ["good"]),
      (.tsv, "pos\tgood\nneg\tbad\tnews\n", ["good", "bad\tnews"]),
      (.csv, "pos,good\n", ["good"]),
    ] as [(RecordFormat, String, [String])])
  func `a label that is not read is no fault`(
    _ format: RecordFormat, _ text: String, _ texts: [String]
  ) throws {
    let read = try records(text, format, options)
    #expect(read.map(\.summary) == texts)
    #expect(read.allSatisfy { $0.labels.isEmpty })
  }

  @Test func `fields hold what is not read as a label`() throws {
    var options = options
    options.keepsFields = true
    let table = try records("label,text,label\n1,good,2\n", .csv, options)
    #expect(table.first?.fields.map(\.name) == ["label", "text", "label"])
    #expect(table.first?.fields.map(\.value) == ["1", "good", "2"])
    let bare = try records("pos\tgood\n", .tsv, options)
    #expect(bare.first?.fields.map(\.name) == ["label", "text"])
    #expect(bare.first?.fields.map(\.value) == ["pos", "good"])
    let object = try records(#"{"text":"good","label":4.5}"#, .jsonl, options)
    #expect(object.first?.object == #"{"text":"good","label":4.5}"#)
  }

  @Test func `the rules for other columns stay`() throws {
    let twice = try #require(try failure("text,label,text\n", .csv, options))
    #expect(
      message(twice) == "records.txt: column \"text\" appears twice in the first row; rename one of them")
    let labelTwice = try #require(try failure("label,text,label\n", .csv))
    #expect(
      message(labelTwice)
        == "records.txt: column \"label\" appears twice in the first row; rename one of them")
    #expect(try failure("id,text\n", .csv, .init(readsLabels: false, requiredFields: [.id])) == nil)
    let missing = try #require(
      try failure("id,text\n", .csv, .init(readsLabels: false, requiredFields: [.label])))
    #expect(message(missing).contains("no column \"label\""))
  }

  @Test(arguments: ["text\tlabel\n", "pos\tgood\n"])
  func `a label that is not read has no column`(_ text: String) throws {
    let reader = try RecordReader(name: "a.tsv", bytes: Array(text.utf8), options: options)
    #expect(reader.labelColumn == nil)
  }
}
