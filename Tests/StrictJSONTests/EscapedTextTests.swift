import StrictJSON
import Testing

/// Text of strangers in messages.
@Suite struct EscapedTextTests {
  @Test func eightyCharactersAreShownAndNoMore() {
    let text = String(repeating: "é", count: 80)
    #expect("\(EscapedText(text))" == "\"\(text)\"")
    #expect("\(EscapedText(text + "x"))" == "\"\(text)\"… (161 bytes)")
    let bytes = [UInt8](repeating: 0xff, count: 80)
    let shown = String(repeating: "\\xff", count: 80)
    #expect("\(EscapedText(bytes: bytes))" == "\"\(shown)\"")
    #expect("\(EscapedText(bytes: bytes + [0x61]))" == "\"\(shown)\"… (81 bytes)")
  }

  @Test func whatIsNoTextIsShownByteByByte() {
    #expect("\(EscapedText(bytes: [0x61, 0x80, 0x7f, 0x0a, 0xc3]))" == #""a\x80\u{7f}\n\xc3""#)
    #expect("\(EscapedText(bytes: Array("aé".utf8)))" == "\"aé\"")
  }

  @Test func whatMovesOrHidesTextIsEscaped() {
    #expect(
      "\(EscapedText("\u{1b}[31m\u{202e}\u{200b}\u{e000}\u{2028}\t\r\n\\\""))"
        == #""\u{1b}[31m\u{202e}\u{200b}\u{e000}\u{2028}\t\r\n\\\"""#)
    #expect(EscapedText.unquoted("a\"b\\c\u{7}d") == #"a"b\c\u{7}d"#)
  }
}
