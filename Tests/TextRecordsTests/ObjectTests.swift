import Testing
import TextRecords

@Suite struct ObjectTests {
  @Test(
    arguments: [
      (#"{"text":"good"}"#, ["good"], nil, []),
      ("\u{feff}{\"text\":\"a\"}\r\n\r\n{\"text\":\"b\"}", ["a", "b"], nil, []),
      (#"{"id":"x1","text":"a","label":"pos","more":[1,{"text":2}]}"#, ["a"], "x1", ["pos"]),
      (#"{"id":-7,"text":"a","label":3}"#, ["a"], "-7", ["3"]),
      (#"{"id":9223372036854775807,"text":"a","label":true}"#, ["a"], "9223372036854775807", ["true"]),
      (#"{"id":null,"text":"a","label":null}"#, ["a"], nil, []),
      (#"{"id":7.0,"text":"a"}"#, ["a"], "7", []),
      (#"{"id":1.50,"text":"a"}"#, ["a"], "1.5", []),
      (#"{"id":-1e3,"text":"a"}"#, ["a"], "-1000", []),
      (#"{"id":-0,"text":"a"}"#, ["a"], "0", []),
      (#"{"id":9007199254740991.0,"text":"a"}"#, ["a"], "9007199254740991", []),
      (#"{"text":"a","label":["x",1,false]}"#, ["a"], nil, ["x", "1", "false"]),
      (#"{"text":"a","label":[]}"#, ["a"], nil, []),
      (#"{"text":"a\u0000\u2028\r\n\ud83d\ude00"}"#, ["a\u{0}\u{2028}\r\n😀"], nil, []),
      ("{\"text\":\"a\u{2028}b\"}", ["a\u{2028}b"], nil, []),
      (#"{"text":""}"#, [""], nil, []),
      ("", [], nil, []),
    ] as [(String, [String], String?, [String])])
  func `a JSON object is a record`(
    _ text: String, _ texts: [String], _ id: String?, _ labels: [String]
  ) throws {
    let read = try records(text, .jsonl)
    #expect(read.map(\.summary) == texts)
    #expect(read.allSatisfy { $0.id == id && $0.labels == labels })
  }

  @Test(
    arguments: [
      (#"{"id":1}"#, .missingField(name: "text")),
      (#"{"text":null}"#, .wrongType(.text, name: "text")),
      (#"{"text":1}"#, .wrongType(.text, name: "text")),
      (#"{"text":["a"]}"#, .wrongType(.text, name: "text")),
      (#"{"text":"a","id":9007199254740992.0}"#, .wrongType(.id, name: "id")),
      (#"{"text":"a","id":-1e300}"#, .wrongType(.id, name: "id")),
      (#"{"text":"a","id":[7]}"#, .wrongType(.id, name: "id")),
      (#"{"text":"a","id":18446744073709551616}"#, .wrongType(.id, name: "id")),
      (#"{"text":"a","id":true}"#, .wrongType(.id, name: "id")),
      (#"{"text":"a","label":0.5}"#, .wrongType(.label, name: "label")),
      (#"{"text":"a","label":["x",null]}"#, .wrongType(.label, name: "label")),
      (#"{"text":"a","label":{"x":1}}"#, .wrongType(.label, name: "label")),
      ("[]", .malformedJSON("expected an object, found array")),
      ("\"a\"", .malformedJSON("expected an object, found string")),
      ("{\"text\":\"a\u{0}\"}", .malformedJSON("")),
      ("{\"text\":\"a\"", .malformedJSON("")),
      ("{\"text\":\"a\"} {}", .malformedJSON("")),
      ("  ", .malformedJSON("")),
      ("{\"text\":\"a\",}", .malformedJSON("")),
      ("{\"text\":\"\\ud83d\"}", .malformedJSON("")),
      ("{\"text\":\(String(repeating: "[", count: 100_000))", .malformedJSON("")),
      (#"{"text":"a","text":"b"}"#, .malformedJSON("")),
      (#"{"text":"a","\u0074ext":"b"}"#, .malformedJSON("")),
    ] as [(String, RecordFault)])
  func `a line that is no such object is a fault of that line`(
    _ line: String, _ fault: RecordFault
  ) throws {
    let good = #"{"text":"good"}"#
    let read = try records("\(good)\n\(line)\n\(good)\n", .jsonl)
    try #require(read.count == 3)
    #expect(read[0].summary == "good" && read[2].summary == "good")
    if fault == .malformedJSON("") {
      guard case .malformedJSON = read[1].fault else {
        Issue.record("found \(read[1].summary)")
        return
      }
    } else {
      #expect(read[1].fault == fault)
    }
  }

  @Test(
    arguments: [
      (#"{"text":"a","text":"b"}"#, #"column 13: duplicate key "text""#),
      (#"{"text" 1}"#, "column 9: expected ':', found '1'"),
      (#"{"text":"a"} x"#, "column 14: expected the end after the JSON value, found 'x'"),
    ])
  func `a malformed line says where and why`(_ line: String, _ expected: String) throws {
    #expect(try records(line, .jsonl).first?.fault.map { "\($0)" } == expected)
  }

  @Test(
    arguments: [
      (
        #"{"n":true,"text":"a"}"#,
        #"field "n" has the wrong type: an id is a string, a signed 64-bit integer, "#
          + "a number of magnitude below 2^53 or null"
      ),
      (
        #"{"n":9223372036854775808,"text":"a"}"#,
        #"field "n" has the wrong type: an id is a string, a signed 64-bit integer, "#
          + "a number of magnitude below 2^53 or null"
      ),
      (#"{"text":7}"#, #"field "text" has the wrong type: a text is a string"#),
    ] as [(String, String)])
  func `a value of the wrong type says which are right`(_ line: String, _ expected: String) throws {
    let read = try records(line, .jsonl, .init(idField: "n"))
    #expect(read.first?.fault.map { "\($0)" } == expected)
  }

  @Test func `a record without a text keeps its name`() throws {
    let read = try records(#"{"id":"x","label":"y"}"#, .jsonl)
    #expect(read.map(\.id) == ["x"])
    #expect(read.map(\.labels) == [["y"]])
  }

  @Test func `a record without the id that must be there is a fault`() throws {
    let lines = [#"{"text":"a"}"#, #"{"n":null,"text":"b"}"#, #"{"n":7,"text":"c"}"#, #"{"id":"x"}"#]
    let text = lines.joined(separator: "\n")
    let read = try records(text, .jsonl, .init(idField: "n", requiredFields: [.id]))
    #expect(read.map(\.fault) == [.missingField(name: "n"), nil, nil, .missingField(name: "text")])
    #expect(read.map(\.id) == [nil, nil, "7", nil])
    let free = try records(text, .jsonl, .init(idField: "n", requiredFields: [.label]))
    #expect(free.map(\.fault) == [nil, nil, nil, .missingField(name: "text")])
  }

  @Test func `other keys may hold text, name and label`() throws {
    let options = RecordReaderOptions(
      textField: "review", idField: "key", labelField: "stars", keepsFields: true)
    let line = #"{"stars":5,"key":"k","review":"fine","text":7,"by":{"b":1.5,"a":[null]}}"#
    let record = try #require(try records(line, .jsonl, options).first)
    #expect(record.summary == "fine")
    #expect(record.id == "k")
    #expect(record.labels == ["5"])
    #expect(record.fields.isEmpty)
    #expect(record.object == line)
    #expect(try records(line, .jsonl).first?.object == nil)
  }

  @Test func `an object is kept as it is written, on one line`() throws {
    let lines = [#"{ "text":7, "n":1.50}"#, "nonsense", "{\"text\":\r\t\"a\\r\"}\r", #"{"text":"é"}"#, "[]"]
    let read = try records(lines.joined(separator: "\n"), .jsonl, .init(keepsFields: true))
    #expect(
      read.map(\.object) == [lines[0], nil, "{\"text\": \t\"a\\r\"}", lines[3], nil])
    #expect(try records("text\na\n", .csv, .init(keepsFields: true)).map(\.object) == [nil])
  }

  @Test func `the limit holds for the text after its escapes`() throws {
    let options = RecordReaderOptions(textLimit: 3)
    let read = try records(
      #"{"text":"\u0061\u0062\u0063"}"# + "\n" + #"{"text":"abcd"}"#, .jsonl, options)
    #expect(read.map(\.fault) == [nil, .textTooLong(bytes: 4, limit: 3)])
  }
}
