/// The rows of a CSV file as RFC 4180 describes them, with line feeds.
struct CSVTable: Equatable {
  var rows: [[String]] = []

  /// - Throws: where a quote stands at a place of which the RFC knows nothing, or the last row has no end.
  init(_ bytes: [UInt8]) throws(Malformed) {
    var row: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if isQuoted {
        guard byte == UInt8(ascii: "\"") else {
          cell.append(byte)
          continue
        }
        let next = position < bytes.count ? bytes[position] : UInt8(ascii: "\n")
        if next == UInt8(ascii: "\"") {
          cell.append(next)
          position += 1
        } else {
          guard next == UInt8(ascii: ",") || next == UInt8(ascii: "\n") else {
            throw Malformed(offset: position)
          }
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        let isFirst = position < 2 || [UInt8(ascii: ","), UInt8(ascii: "\n")].contains(bytes[position - 2])
        guard isFirst else { throw Malformed(offset: position) }
        isQuoted = true
      case UInt8(ascii: ","), UInt8(ascii: "\n"):
        row.append(String(decoding: cell, as: UTF8.self))
        cell.removeAll()
        guard byte == UInt8(ascii: "\n") else { continue }
        rows.append(row)
        row.removeAll()
      default: cell.append(byte)
      }
    }
    guard row.isEmpty, cell.isEmpty, !isQuoted else { throw Malformed(offset: bytes.count) }
  }

  struct Malformed: Error {
    let offset: Int
  }

  /// The cells below a name of the first row.
  func column(_ name: String) -> [String] {
    guard let place = rows.first?.firstIndex(of: name) else { return [] }
    return rows.dropFirst().map { place < $0.count ? $0[place] : "" }
  }
}
