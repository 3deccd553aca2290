extension JSONDecodingError: CustomStringConvertible {
  /// One line: the path of the value, then what was expected there and what was found, escaped.
  public var description: String {
    switch self {
    case .typeMismatch(let path, let expected, let found): "\(path): expected \(expected), found \(found)"
    case .missingKey(let path, let key): "\(path): key \(EscapedText(key)) is missing"
    case .unknownKey(let path, let key): "\(path): unknown key \(EscapedText(key))"
    case .numberOutOfRange(let path, let expected, let found): "\(path): expected \(expected), found \(found)"
    case .unknownChoice(let path, let found, let known):
      "\(path): expected \(known.map { "\"\($0)\"" }.joined(separator: " or ")), found \(EscapedText(found))"
    case .invalidValue(let path, let reason): "\(path): \(EscapedText.unquoted(reason))"
    }
  }
}

extension JSONEncodingError: CustomStringConvertible {
  /// One line: the path of the value, then why JSON cannot hold it.
  public var description: String {
    switch self {
    case .nonFiniteNumber(let path, let value): "\(path): \(value) has no JSON form"
    case .integerOutOfRange(let path, let value): "\(path): \(value) is beyond 64 bits"
    case .invalidValue(let path, let reason): "\(path): \(EscapedText.unquoted(reason))"
    }
  }
}

/// The place of a value in a document, written as messages show it.
enum JSONPath {
  static func render(_ path: [any CodingKey]) -> String {
    var text = ""
    for key in path {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        if !text.isEmpty { text += "." }
        text += isPlain(key.stringValue) ? key.stringValue : EscapedText(key.stringValue).description
      }
    }
    return text.isEmpty ? "document" : text
  }

  private static func isPlain(_ key: String) -> Bool {
    !key.isEmpty && key.utf8.count <= 64
      && key.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}

/// The place of an element in an array.
struct JSONIndexKey: CodingKey {
  var intValue: Int?
  var stringValue: String { "\(intValue ?? 0)" }

  init(_ index: Int) { intValue = index }
  init?(intValue: Int) { self.intValue = intValue }
  init?(stringValue: String) { nil }
}

/// A key chosen at run time.
struct JSONNameKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
