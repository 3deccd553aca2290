import Testing
import TextEncoding

@Suite struct WordTokenizerTests {
  private func tokens(_ text: String) -> [String] { WordTokenizer().tokens(of: text).map(\.text) }

  @Test(arguments: [
    ("A warm, funny film.", "a warm , funny film ."),
    ("don't can't won't isn't", "do n't ca n't wo n't is n't"),
    ("It's they're I'm we've she'll he'd", "it 's they 're i 'm we 've she 'll he 'd"),
    ("it\u{2019}s don\u{2019}t", "it 's do n't"),
    ("it 's ca n't DOES N'T", "it 's ca n't does n't"),
    ("o'clock O'Brien dogs'", "o'clock o'brien dogs '"),
    ("'some' words'", "' some ' words '"),
    ("well-made", "well - made"),
    ("3.5 stars, 8/10, 1,000 people. 10.", "3.5 stars , 8/10 , 1,000 people . 10 ."),
    ("the 1980s and 3d", "the 1980s and 3d"),
    ("wow!!!!!! what...", "wow !!! what ..."),
    ("soooooo goooood", "sooo goood"),
    ("``quoted'' \u{201c}curly\u{201d}", "\" quoted \" \" curly \""),
    ("a\u{2014}b \u{2013} c\u{2026}", "a -- b - c ..."),
    ("one<br /><br />two<BR>three</p>", "one <br/> <br/> two <br/> three <br/>"),
    ("<i>so</i> a < b", "<tag> so <tag> a < b"),
    ("see http://x.org/a?b=1 or www.y.com now", "see <url> or <url> now"),
    ("nice :) :-( ;) :D :))) =) <3", "nice :) :( ;) :D :) =) <3"),
    ("note: this", "note : this"),
    ("\u{1f600}\u{1f44d}\u{1f3fd} ok", "\u{1f600} \u{1f44d}\u{1f3fd} ok"),
    ("\u{1f1e9}\u{1f1ea}\u{1f1eb}\u{1f1f7}", "\u{1f1e9}\u{1f1ea} \u{1f1eb}\u{1f1f7}"),
    ("\u{2764}\u{fe0f}", "\u{2764}"),
    ("\u{1f469}\u{200d}\u{1f4bb}", "\u{1f469}\u{200d}\u{1f4bb}"),
    ("CAFÉ cafe\u{301}", "café café"),
    ("\u{4f60}\u{597d}", "\u{4f60} \u{597d}"),
    ("Привет, мир", "привет , мир"),
    ("<pad> <unk> <s> </s>", "<tag> <tag> <tag> <tag>"),
    ("", ""), (" \n\t\u{200b}\u{feff}", ""), ("a\u{0}b", "a b"),
    ("$5 & 10% #tag @user", "$ 5 & 10 % # tag @ user"),
  ])
  func cutsTextIntoTokens(_ text: String, _ expected: String) {
    #expect(tokens(text).joined(separator: " ") == expected)
  }

  @Test(arguments: [
    "Don't <br/> go\u{2014}now :-)) \u{1f469}\u{200d}\u{1f4bb}!!!! 3.5/10 café e\u{301}te it\u{2019}s www.a.b \u{4f60}",
    String(repeating: "x", count: 1_000), String(repeating: "é", count: 500),
    String(repeating: "!", count: 700),
    String(repeating: "\u{301}", count: 400), "a" + String(repeating: "\u{200d}\u{1f600}", count: 200),
    "www." + String(repeating: "é", count: 300),
  ])
  func rangesLieInOrderOnScalarBoundaries(_ text: String) {
    let bytes = Array(text.utf8)
    var end = 0
    for token in WordTokenizer().tokens(of: text) {
      #expect(token.range.lowerBound >= end && !token.range.isEmpty && token.range.upperBound <= bytes.count)
      #expect(token.range.count <= WordTokenizer.longestToken)
      #expect(String(validating: bytes[token.range], as: UTF8.self) != nil)
      end = token.range.upperBound
    }
  }

  @Test func caseAndCompositionAreChoices() {
    let keep = WordTokenizer(configuration: .init(normalization: .none, letterCase: .keep))
    #expect(keep.tokens(of: "Cafe\u{301}").map { Array($0.text.utf8) } == [Array("Cafe\u{301}".utf8)])
  }

  @Test func aLongTextIsDefined() {
    let line = String(repeating: "It starts well, but then falls apart. ", count: 280_000)
    var count = 0
    count = WordTokenizer().tokens(of: line).count
    #expect(line.utf8.count > 10_000_000)
    #expect(count == 9 * 280_000)
  }
}
