import StrictJSON
import Testing

@Suite struct JSONParserTests {
  // MARK: What is JSON

  private static let accepted: [(String, JSONValue)] = [
    ("null", JSONValue.null), ("true", true), ("false", false), (" \t\r\n null \t\r\n ", .null),
    ("0", 0), ("-1", -1), ("10", 10), ("9223372036854775807", .integer(.max)),
    ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
    ("-0", .number(-0.0)), ("0.0", .number(0)), ("-0.0", .number(-0.0)), ("1.0", .number(1)), ("2.5", 2.5),
    ("1e2", .number(100)), ("1E+2", .number(100)), ("1e-2", 0.01), ("1.5e300", 1.5e300),
    ("1e-400", .number(0)),
    ("5e-324", .number(.leastNonzeroMagnitude)),
    ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
    ("0.1000000000000000055511151231257827", 0.1),
    (#""""#, ""), (#""a""#, "a"), (#""é""#, "é"), (#""\u00e9""#, "é"), (#""\u00E9""#, "é"), (#""😀""#, "😀"),
    (#""\ud83d\ude00""#, "😀"), (#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10ffff}"),
    (#""\u0123\u4567\u89ab\ucdef\uABCD\uEFef""#, "\u{123}\u{4567}\u{89ab}\u{cdef}\u{abcd}\u{efef}"),
    (#""\ud7ff\ue000""#, "\u{d7ff}\u{e000}"), ("1234567890", 1_234_567_890),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0000""#, "\0"),
    ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"), (#""\uffff""#, "\u{ffff}"),
    ("[]", []), ("[ ]", []), ("[1]", [1]), ("[1 , 2]", [1, 2]), ("[[]]", [[]]), ("[[],{}]", [[], [:]]),
    ("{}", [:]), ("{ }", [:]), (#"{"a":1}"#, ["a": 1]), (#"{ "a" : 1 , "b" : [ ] }"#, ["a": 1, "b": []]),
    (#"{"":0}"#, ["": 0]), (#"{"a":1,"A":2}"#, ["a": 1, "A": 2]),
  ]

  @Test(arguments: accepted)
  func theGrammarIsAccepted(_ text: String, _ expected: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == expected)
  }

  // MARK: What is not

  private static let refused: [(String, String)] = [
    // Nothing, or not at the top.
    ("", "line 1, column 1: no JSON value, the text is empty"),
    ("  \n ", "line 2, column 2: no JSON value, the text is empty"),
    ("\u{feff}{}", "line 1, column 1: byte order mark before the JSON text; remove it"),
    ("{} x", "line 1, column 4: expected the end after the JSON value, found 'x'"),
    ("[],", "line 1, column 3: expected the end after the JSON value, found ','"),
    ("1 2", "line 1, column 3: expected the end after the JSON value, found '2'"),
    ("{}\0", "line 1, column 3: expected the end after the JSON value, found 0x00"),
    ("// c\n{}", "line 1, column 1: expected a value, found '/'"),
    ("'a'", "line 1, column 1: expected a value, found '''"),
    ("\u{a0}1", "line 1, column 1: expected a value, found 0xc2"),
    ("\u{c}1", "line 1, column 1: expected a value, found 0x0c"),
    // Words.
    ("nul", "line 1, column 4: the text ends early, expected 'null'"),
    ("tru3", "line 1, column 4: expected 'true', found '3'"),
    ("True", "line 1, column 1: expected a value, found 'T'"),
    ("NaN", "line 1, column 1: expected a value, found 'N'"),
    ("Infinity", "line 1, column 1: expected a value, found 'I'"),
    ("undefined", "line 1, column 1: expected a value, found 'u'"),
    ("nullx", "line 1, column 5: expected the end after the JSON value, found 'x'"),
    // Numbers.
    ("-", "line 1, column 2: the text ends early, expected a digit"),
    ("+1", "line 1, column 1: expected a value, found '+'"),
    ("01", "line 1, column 2: malformed number, expected no digit after 0"),
    ("-01", "line 1, column 3: malformed number, expected no digit after 0"),
    (".5", "line 1, column 1: expected a value, found '.'"),
    ("1.", "line 1, column 3: the text ends early, expected a digit"),
    ("1.e5", "line 1, column 3: malformed number, expected a digit"),
    ("1e", "line 1, column 3: the text ends early, expected a digit"),
    ("1e+ ", "line 1, column 4: malformed number, expected a digit"),
    ("-x", "line 1, column 2: malformed number, expected a digit"),
    ("0x10", "line 1, column 2: expected the end after the JSON value, found 'x'"),
    ("1_000", "line 1, column 2: expected the end after the JSON value, found '_'"),
    ("1e400", "line 1, column 1: number out of range: \"1e400\""),
    ("[1,-1e999]", "line 1, column 4: number out of range: \"-1e999\""),
    ("-Infinity", "line 1, column 2: malformed number, expected a digit"),
    // Strings.
    ("\"a", "line 1, column 3: the text ends early, expected '\"'"),
    ("\"a\nb\"", "line 1, column 3: control character 0x0a in a string; write it as an escape"),
    ("\"\t\"", "line 1, column 2: control character 0x09 in a string; write it as an escape"),
    ("\"\0\"", "line 1, column 2: control character 0x00 in a string; write it as an escape"),
    (#""\x41""#, "line 1, column 3: invalid escape in a string, found 'x'"),
    (#""\U0041""#, "line 1, column 3: invalid escape in a string, found 'U'"),
    (#""\u12""#, "line 1, column 6: invalid escape in a string, found '\"'"),
    (#""\u12g4""#, "line 1, column 6: invalid escape in a string, found 'g'"),
    (#""\u12"#, "line 1, column 6: the text ends early, expected four hexadecimal digits"),
    (#""\"#, "line 1, column 3: the text ends early, expected an escape"),
    (#""\ud800""#, "line 1, column 2: lone surrogate \\ud800 in a string"),
    (#""\ud800\u0041""#, "line 1, column 2: lone surrogate \\ud800 in a string"),
    (#""\ud800\dc00""#, "line 1, column 2: lone surrogate \\ud800 in a string"),
    (#""\ud800udc00""#, "line 1, column 2: lone surrogate \\ud800 in a string"),
    (#""\ud800x""#, "line 1, column 2: lone surrogate \\ud800 in a string"),
    (#""\udc00""#, "line 1, column 2: lone surrogate \\udc00 in a string"),
    (#""\udfff""#, "line 1, column 2: lone surrogate \\udfff in a string"),
    (#""\udbff""#, "line 1, column 2: lone surrogate \\udbff in a string"),
    (#""\ud800\udbff""#, "line 1, column 2: lone surrogate \\ud800 in a string"),
    (#""\ud800\ue000""#, "line 1, column 2: lone surrogate \\ud800 in a string"),
    (#""\ud800\ud800""#, "line 1, column 2: lone surrogate \\ud800 in a string"),
    // Arrays and objects.
    ("[", "line 1, column 2: the text ends early, expected a value"),
    ("[1", "line 1, column 3: the text ends early, expected ',' or ']'"),
    ("[1,]", "line 1, column 4: expected a value, found ']'"),
    ("[,1]", "line 1, column 2: expected a value, found ','"),
    ("[1 2]", "line 1, column 4: expected ',' or ']', found '2'"),
    ("[1}", "line 1, column 3: expected ',' or ']', found '}'"),
    ("]", "line 1, column 1: expected a value, found ']'"),
    ("{", "line 1, column 2: the text ends early, expected a string as key"),
    (#"{"a""#, "line 1, column 5: the text ends early, expected ':'"),
    (#"{"a":"#, "line 1, column 6: the text ends early, expected a value"),
    (#"{"a" 1}"#, "line 1, column 6: expected ':', found '1'"),
    (#"{"a":1,}"#, "line 1, column 8: expected a string as key, found '}'"),
    (#"{a:1}"#, "line 1, column 2: expected a string as key, found 'a'"),
    (#"{1:1}"#, "line 1, column 2: expected a string as key, found '1'"),
    (#"{"a":1 "b":2}"#, "line 1, column 8: expected ',' or '}', found '\"'"),
    (#"{"a":1;}"#, "line 1, column 7: expected ',' or '}', found ';'"),
    ("{\n \"a\": 1,\n \"b\" 2\n}", "line 3, column 6: expected ':', found '2'"),
    ("{/**/}", "line 1, column 2: expected a string as key, found '/'"),
    // Duplicate keys, also when spelt otherwise.
    (#"{"a":1,"a":1}"#, "line 1, column 8: duplicate key \"a\""),
    (#"{"a":1,"\u0061":2}"#, "line 1, column 8: duplicate key \"a\""),
    (#"[{"b":{"x":1,"y":2,"x":3}}]"#, "line 1, column 20: duplicate key \"x\""),
    (#"{"\n":1,"\u000a":2}"#, "line 1, column 9: duplicate key \"\\n\""),
  ]

  @Test(arguments: refused)
  func whatIsNotJSONIsRefused(_ text: String, _ message: String) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    #expect(error?.description == message)
  }

  private static let badUTF8: [([UInt8], Int)] = [
    ([0xff], 1), ([0xc0, 0xaf], 1), ([0xc3], 1), ([0xe0, 0x80, 0x80], 1), ([0xed, 0xa0, 0x80], 1),
    ([0xf4, 0x90, 0x80, 0x80], 1), ([0xf8, 0x88, 0x80, 0x80, 0x80], 1), ([0x41, 0xc3, 0xa9, 0xe2, 0x82], 4),
    ([0x41, 0x80], 2),
  ]

  @Test(arguments: badUTF8)
  func badUTF8IsRefusedWhereItStarts(_ bytes: [UInt8], _ offset: Int) {
    let document = [0x22] + bytes + [0x22]
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: document) }
    #expect(error?.reason == .invalidUTF8(document[offset]))
    #expect(error?.offset == offset)
    // The same after an escape, where the text is assembled piece by piece.
    let escaped = Array(#""\n"#.utf8) + bytes + [0x22]
    #expect(throws: JSONError.self) { try JSONValue(parsing: escaped) }
  }

  @Test func utf16IsRefused() {
    let error = #expect(throws: JSONError.self) {
      try JSONValue(parsing: [0x7b, 0x00, 0x7d, 0x00] as [UInt8])
    }
    #expect(error?.description == "line 1, column 2: expected a string as key, found 0x00")
  }

  @Test func duplicateKeysAreFoundInLargeObjectsToo() {
    let members = (0..<200).map { "\"k\($0)\":0" }
    for index in [0, 7, 8, 9, 150, 199] {
      let text = "{" + (members + ["\"k\(index)\":1"]).joined(separator: ",") + "}"
      let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
      #expect(error?.reason == .duplicateKey("k\(index)"))
    }
  }

  @Test func keysAreComparedByTheirBytes() throws {
    // One Swift string, two keys: é composed and decomposed.
    let value = try JSONValue(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}")
    #expect(value["\u{e9}"] == 1)
    #expect(value["e\u{301}"] == 2)
    #expect(JSONValue.string("\u{e9}") != JSONValue.string("e\u{301}"))
  }

  @Test func anObjectKeepsItsOrder() throws {
    let value = try JSONValue(parsing: #"{"b":1,"a":[true,null,"x"]}"#)
    #expect(value.objectValue?.keys == ["b", "a"])
  }

  @Test func aSliceIsReadFromItsOwnStart() throws {
    let bytes = Array(#"xx{"a":1}yy"#.utf8)
    #expect(try JSONValue(parsing: bytes[2..<9]) == ["a": 1])
  }

  // MARK: Limits

  @Test func depthIsBounded() throws {
    let limits = JSONLimits(depth: 3)
    #expect(try JSONValue(parsing: "[[[]]]", limits: limits) == [[[]]])
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[[{\"a\":[]}]]", limits: limits) }
    #expect(error?.reason == .tooDeep(limit: 3))
    #expect(error?.column == 8)
    #expect(throws: JSONError.self) { try JSONValue(parsing: "[]", limits: JSONLimits(depth: 0)) }
    #expect(JSONLimits(depth: 256).depth == 256 && JSONLimits(depth: 257).depth == 256)
    var changed = JSONLimits.standard
    changed.depth = 100_000
    #expect(changed.depth == 256)
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    for (limits, depth) in [(JSONLimits.standard, 32), (JSONLimits(depth: .max), 256)] {
      #expect(throws: Never.self) { try JSONValue(parsing: nested(depth), limits: limits) }
      let error = #expect(throws: JSONError.self) {
        try JSONValue(parsing: nested(depth + 1), limits: limits)
      }
      #expect(error?.reason == .tooDeep(limit: depth))
    }
    for text in ["{\"a\":{}}", "[{}]"] {
      #expect(throws: Never.self) { try JSONValue(parsing: text, limits: JSONLimits(depth: 2)) }
      #expect(throws: JSONError.self) { try JSONValue(parsing: text, limits: JSONLimits(depth: 1)) }
    }
  }

  @Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
  func deepNestingEndsInAnErrorNotInAnOverflow(_ opening: String) {
    for limits in [JSONLimits.standard, JSONLimits(depth: .max)] {
      let bytes = Array(String(repeating: opening, count: 100_000).utf8)
      let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes, limits: limits) }
      #expect(error?.reason == .tooDeep(limit: limits.depth))
    }
  }

  @Test func sizeIsBounded() throws {
    #expect(try JSONValue(parsing: "[1]", limits: JSONLimits(bytes: 3)) == [1])
    #expect(JSONLimits.standard.bytes == 64 << 20)
    let error = #expect(throws: JSONError.self) {
      try JSONValue(parsing: "[1]", limits: JSONLimits(bytes: 2))
    }
    #expect(error?.description == "line 1, column 1: 3 bytes of JSON (limit 2)")
  }

  @Test func longNumbersAreRefused() throws {
    let digits = String(repeating: "1", count: 1_098)
    #expect(try JSONValue(parsing: "0." + digits).doubleValue != nil)
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "0." + digits + "1") }
    #expect(error?.reason == .numberTooLong(limit: 1_100))
  }

  @Test func everyPrefixOfADocumentIsAnError() {
    let text = #"{"a":[1.5e3,true,false,null,"x\u00e9\ud83d\ude00"],"b":{"c":-12}}"#
    let bytes = Array(text.utf8)
    for length in 0..<bytes.count {
      #expect(throws: JSONError.self) { try JSONValue(parsing: Array(bytes[..<length])) }
    }
  }
}
