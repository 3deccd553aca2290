import Recurrent

/// `label<TAB>score`, the likeliest labels first, pairs apart by tabs; `?` in place of the likeliest where the classifier
/// abstains; `error<TAB>code<TAB>message` where there is no prediction.
struct TextOutput: RecordWriter {
  /// Labels that are written; `nil` for all.
  let labelLimit: Int?

  /// What stands for the likeliest label where its score is too low.
  static let abstention = "?"
  /// Decimals of a score.
  static let decimals = 4

  func append(_ answer: RecordAnswer, to record: InputRecord, into bytes: inout [UInt8]) {
    switch answer {
    case .fault(let error):
      bytes.append("error\t" as StaticString)
      bytes.append(error.code)
      bytes.append(.tab)
      Self.appendEscaped(error.message, into: &bytes)
    case .prediction(let prediction, let isAbstained):
      for (position, score) in prediction.scores.prefix(labelLimit ?? .max).enumerated() {
        if position > 0 { bytes.append(.tab) }
        Self.appendEscaped(isAbstained && position == 0 ? Self.abstention : score.label, into: &bytes)
        bytes.append(.tab)
        bytes.append(Self.fixed(score.score))
      }
    }
    bytes.append(.lineFeed)
  }

  /// A score with four decimals, whatever the locale.
  static func fixed(_ score: Float) -> String {
    guard score.isFinite else { return "\(score)" }
    // Exact in Double: 24 bits times 14 bits.
    let scaled = Int((Double(min(max(score, 0), 1)) * 10_000).rounded())
    let digits = String(scaled % 10_000)
    return "\(scaled / 10_000)." + String(repeating: "0", count: decimals - digits.count) + digits
  }

  /// Appends `text` with the characters escaped that would break a line, add a column or command a terminal.
  static func appendEscaped(_ text: String, into bytes: inout [UInt8]) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\t": bytes.append("\\t" as StaticString)
      case "\n": bytes.append("\\n" as StaticString)
      case "\r": bytes.append("\\r" as StaticString)
      case let scalar where commands(scalar):
        bytes.append("\\u{")
        bytes.append(String(scalar.value, radix: 16))
        bytes.append("}")
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }

  /// Controls, line separators and the marks that turn the direction of writing.
  private static func commands(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
  }
}

extension UInt8 {
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let comma = UInt8(ascii: ",")
  static let quote = UInt8(ascii: "\"")
}
