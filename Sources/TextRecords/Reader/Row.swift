/// The places of a row's columns in its record.
struct Row {
  /// The columns, in order. CSV columns keep their quotes.
  private(set) var columns: [Range<Int>] = []

  /// Cuts `bytes` at tabs.
  mutating func splitAtTabs(_ bytes: UnsafeBufferPointer<UInt8>) {
    columns.removeAll(keepingCapacity: true)
    guard let base = bytes.baseAddress else { return }
    var start = 0
    while let found = offsetOfByte(.tab, in: base + start, count: bytes.count - start) {
      columns.append(start..<start + found)
      start += found + 1
    }
    columns.append(start..<bytes.count)
  }

  /// Cuts `bytes`, a sound CSV record, at the commas outside quotes.
  mutating func splitAtCommas(_ bytes: UnsafeBufferPointer<UInt8>) {
    columns.removeAll(keepingCapacity: true)
    guard let base = bytes.baseAddress else { return }
    var start = 0
    while true {
      var searched = start
      if start < bytes.count, base[start] == .quote {
        // A sound field's last quote stands before a comma or the end; doubled quotes come in pairs.
        var isOpen = true
        searched += 1
        while isOpen {
          let found = offsetOfByte(.quote, in: base + searched, count: bytes.count - searched)
          guard let found else { break }
          searched += found + 1
          if searched < bytes.count, base[searched] == .quote {
            searched += 1
          } else {
            isOpen = false
          }
        }
      }
      let found = offsetOfByte(.comma, in: base + searched, count: bytes.count - searched)
      guard let found else { break }
      columns.append(start..<searched + found)
      start = searched + found + 1
    }
    columns.append(start..<bytes.count)
  }

  /// Makes all columns from `index` on one column.
  mutating func join(from index: Int) {
    guard index < columns.count - 1, let last = columns.last else { return }
    let joined = columns[index].lowerBound..<last.upperBound
    columns.removeSubrange(index...)
    columns.append(joined)
  }
}

/// The first column of `bytes`, which may be broken or cut off further on; `nil` where it is broken itself or no
/// separator ends it.
func soundFirstColumn(of bytes: UnsafeBufferPointer<UInt8>, isCSV: Bool) -> Range<Int>? {
  guard let base = bytes.baseAddress else { return nil }
  guard isCSV else { return offsetOfByte(.tab, in: base, count: bytes.count).map { 0..<$0 } }
  guard bytes.first == .quote else {
    guard let end = offsetOfByte(.comma, in: base, count: bytes.count),
      offsetOfByte(.quote, in: base, count: end) == nil
    else { return nil }
    return 0..<end
  }
  var position = 1
  while let found = offsetOfByte(.quote, in: base + position, count: bytes.count - position) {
    position += found + 1
    guard position < bytes.count else { return nil }
    if base[position] == .comma { return 0..<position }
    guard base[position] == .quote else { return nil }
    position += 1
  }
  return nil
}

/// Where the first CR outside quotes stands in a row, before something other than CRs; `nil` where none does.
func bareReturn(in bytes: UnsafeBufferPointer<UInt8>, isCSV: Bool) -> Int? {
  guard let last = bytes.lastIndex(where: { $0 != .carriageReturn }) else { return nil }
  // Quotes written twice open and close at once.
  var isQuoted = false
  return bytes[..<last].firstIndex { byte in
    if isCSV, byte == .quote { isQuoted.toggle() }
    return byte == .carriageReturn && !isQuoted
  }
}

/// The text of a column of `bytes`, which are UTF-8; CSV quotes are taken off.
func columnText(
  _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, isCSV: Bool
) -> String {
  let column = UnsafeBufferPointer(rebasing: bytes[range])
  guard isCSV, column.count >= 2, column.first == .quote else {
    return String(decoding: column, as: UTF8.self)
  }
  let inner = UnsafeBufferPointer(rebasing: column[1..<column.count - 1])
  guard let base = inner.baseAddress, offsetOfByte(.quote, in: base, count: inner.count) != nil else {
    return String(decoding: inner, as: UTF8.self)
  }
  var plain: [UInt8] = []
  plain.reserveCapacity(inner.count)
  var start = 0
  while let found = offsetOfByte(.quote, in: base + start, count: inner.count - start) {
    // Keep the first quote of the pair, pass over the second.
    plain.append(contentsOf: inner[start...start + found])
    start = min(start + found + 2, inner.count)
  }
  plain.append(contentsOf: inner[start...])
  return String(decoding: plain, as: UTF8.self)
}
