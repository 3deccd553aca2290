/// Raw tar archives, so that each rule can be broken alone. Shares no code with the reader.
struct TarBytes {
  private(set) var bytes: [UInt8] = []

  /// One entry with its header exactly as asked.
  mutating func add(
    _ name: String, _ content: [UInt8] = [], type: Character = "0", mode: Int = 0o644, link: String = "",
    size: String? = nil, checksum: Int? = nil
  ) {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: some Sequence<UInt8>, at offset: Int, limit: Int) {
      for (index, byte) in text.prefix(limit).enumerated() { header[offset + index] = byte }
    }
    put(name.utf8, at: 0, limit: 100)
    put(Self.octal(mode, digits: 7).utf8, at: 100, limit: 8)
    put(Self.octal(0, digits: 7).utf8, at: 108, limit: 8)
    put(Self.octal(0, digits: 7).utf8, at: 116, limit: 8)
    put((size ?? Self.octal(content.count, digits: 11)).utf8, at: 124, limit: 12)
    put(Self.octal(0, digits: 11).utf8, at: 136, limit: 12)
    put([type.asciiValue ?? 0x30], at: 156, limit: 1)
    put(link.utf8, at: 157, limit: 100)
    put("ustar\u{0}00".utf8, at: 257, limit: 8)
    sign(&header, checksum: checksum)
    bytes += header + content
    pad()
  }

  /// An entry whose size field is given byte by byte, for the base-256 form.
  mutating func add(_ name: String, sizeField: [UInt8]) {
    let start = bytes.count
    add(name)
    var header = Array(bytes[start..<start + 512])
    for (index, byte) in sizeField.prefix(12).enumerated() { header[124 + index] = byte }
    sign(&header, checksum: nil)
    bytes.replaceSubrange(start..<start + 512, with: header)
  }

  /// A pax extended header for the entry that follows.
  mutating func addPax(_ records: [(key: String, value: String)], type: Character = "x") {
    var content: [UInt8] = []
    for record in records {
      let body = " \(record.key)=\(record.value)\n"
      var length = body.utf8.count + 1
      while "\(length)".utf8.count + body.utf8.count != length { length += 1 }
      content += Array("\(length)\(body)".utf8)
    }
    add("PaxHeader", content, type: type)
  }

  mutating func append(_ more: [UInt8]) { bytes += more }

  /// The archive with its two blocks of zeros.
  var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1_024) }

  private mutating func pad() {
    let rest = bytes.count % 512
    if rest > 0 { bytes += [UInt8](repeating: 0, count: 512 - rest) }
  }

  private func sign(_ header: inout [UInt8], checksum: Int?) {
    for index in 148..<156 { header[index] = 0x20 }
    let sum = checksum ?? header.reduce(0) { $0 + Int($1) }
    for (index, byte) in (Self.octal(sum, digits: 6) + "\u{0} ").utf8.enumerated() {
      header[148 + index] = byte
    }
  }

  private static func octal(_ value: Int, digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: max(digits - text.count, 0)) + text
  }
}
