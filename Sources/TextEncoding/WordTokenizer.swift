/// Cuts text into words, numbers, punctuation, emoji and the like.
///
/// Rules, version 1, the first that fits:
/// - white space, controls and invisible format characters separate tokens;
/// - an HTML tag is one token: `<br/>` for line and paragraph breaks, `<tag>` for any other;
/// - `http://…`, `https://…` and `www.…` are one token, `<url>`;
/// - emoticons such as `:)`, `;-(`, `=D` and `<3` are one token, repeated mouths dropped;
/// - an emoji with its modifiers and joined parts, or a flag, is one token, variation selectors dropped;
/// - an ideograph or kana is one token;
/// - letters, marks and digits make words; `.` `,` and `/` between digits belong to a number (`3.5`, `1,000`, `8/10`);
/// - contractions are cut as in the Penn Treebank: `do` `n't`, `it` `'s`, `they` `'re`, `I` `'m`, with either apostrophe,
///   and their second parts are tokens also where they stand alone; other apostrophes inside a word stay (`o'clock`);
/// - any other mark is a token; the same mark repeated is one token of at most three (`!!!`); curly quotes and double
///   single ones become `"`, dashes `-` or `--`, an ellipsis `...`.
///
/// Hyphens separate (`well` `-` `made`), which keeps the vocabulary small. Tokens are normalised by case and canonical
/// composition, and letters repeated more than three times are cut to three. A token longer than `longestToken` bytes is
/// cut into several. The time taken is linear in the text.
public struct WordTokenizer: Sendable {
  /// The choices that it follows; `version` among them changes nothing, as there is one so far.
  public let configuration: WordTokenizerConfiguration
  private let normalizer: TokenNormalizer

  /// Bytes of the original text that one token may cover.
  public static let longestToken = 256

  /// The newest version of the rules that this build knows.
  public static let newestVersion = 1

  /// Lower case and `NFC` by default. `configuration.version` is not held against `newestVersion`.
  public init(configuration: WordTokenizerConfiguration = WordTokenizerConfiguration()) {
    self.configuration = configuration
    normalizer = TokenNormalizer(configuration: configuration)
  }

  /// The tokens of a text in order.
  public func tokens(of text: String) -> [Token] {
    var tokens: [Token] = []
    forEachToken(of: text) { bytes, range in
      tokens.append(Token(text: String(decoding: bytes, as: UTF8.self), range: range))
    }
    return tokens
  }

  /// Calls `body` with each token's normal form, as UTF-8, and its place in the text, in bytes.
  func forEachToken(of text: String, _ body: ([UInt8], Range<Int>) -> Void) {
    var scanner = TokenScanner(bytes: Array(text.utf8))
    var normal: [UInt8] = []
    while let found = scanner.next() {
      normal.removeAll(keepingCapacity: true)
      if let fixed = found.fixedForm {
        normal += fixed
      } else {
        normalizer.append(scanner.bytes, found.range, to: &normal)
      }
      body(normal, found.range)
    }
  }
}
