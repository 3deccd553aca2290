extension JSONValue {
  /// The one spelling of this value: keys sorted by their UTF-8 bytes, numbers as the shortest decimals that read back
  /// the same, no spaces, controls as `\u00XX`. Equal values give equal bytes.
  public func canonicalBytes() -> [UInt8] {
    var writer = JSONWriter(sortsKeys: true, indent: nil)
    writer.write(self, level: 0)
    return writer.bytes
  }

  /// One line without spaces, members in their order: a record of a JSON Lines file.
  public func compactBytes() -> [UInt8] {
    var writer = JSONWriter(sortsKeys: false, indent: nil)
    writer.write(self, level: 0)
    return writer.bytes
  }

  /// Lines indented for reading, members in their order, without a line feed at the end.
  public func prettyBytes(indent: Int = 2) -> [UInt8] {
    var writer = JSONWriter(sortsKeys: false, indent: max(indent, 0))
    writer.write(self, level: 0)
    return writer.bytes
  }

  /// Appends `text` to `bytes` as a JSON string with its quotes.
  public static func appendString(_ text: String, to bytes: inout [UInt8]) {
    var writer = JSONWriter(sortsKeys: false, indent: nil)
    swap(&writer.bytes, &bytes)
    writer.write(text)
    swap(&writer.bytes, &bytes)
  }
}

struct JSONWriter {
  var bytes: [UInt8] = []
  private let sortsKeys: Bool
  private let indent: Int?

  init(sortsKeys: Bool, indent: Int?) {
    self.sortsKeys = sortsKeys
    self.indent = indent
  }

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .integer(let value): append(String(value))
    // Swift prints the shortest decimal that reads back as the same Double, in a form JSON allows.
    case .number(let value): append(value.isFinite ? value.description : "null")
    case .string(let text): write(text)
    case .array(let elements):
      write(elements, open: "[", close: "]", level: level) { writer, element in
        writer.write(element, level: level + 1)
      }
    case .object(let object):
      write(sortsKeys ? object.sortedMembers : object.members, open: "{", close: "}", level: level) {
        writer, member in
        writer.write(member.key)
        writer.append(writer.indent == nil ? ":" : ": ")
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func write<Element>(
    _ elements: [Element], open: String, close: String, level: Int,
    _ body: (inout JSONWriter, Element) -> Void
  ) {
    append(open)
    for (index, element) in elements.enumerated() {
      if index > 0 { append(",") }
      startLine(level + 1)
      body(&self, element)
    }
    if !elements.isEmpty { startLine(level) }
    append(close)
  }

  private mutating func startLine(_ level: Int) {
    guard let indent else { return }
    bytes.append(0x0a)
    bytes.append(contentsOf: repeatElement(0x20, count: indent * level))
  }

  mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      var start = 0
      for index in 0..<utf8.count {
        let byte = utf8[index]
        guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
        bytes.append(contentsOf: utf8[start..<index])
        start = index + 1
        if byte < 0x20 {
          append(byte < 0x10 ? "\\u000" : "\\u00")
          append(String(byte, radix: 16))
        } else {
          bytes.append(UInt8(ascii: "\\"))
          bytes.append(byte)
        }
      }
      bytes.append(contentsOf: utf8[start..<utf8.count])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
