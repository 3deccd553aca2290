/// Reads the scalar at a byte of valid UTF-8, and its length in bytes.
///
/// Swift strings are valid UTF-8, so what comes from one needs no checks; a byte that starts no scalar is read as U+FFFD.
func decodeScalar(_ bytes: [UInt8], at index: Int) -> (scalar: Unicode.Scalar, length: Int) {
  let first = bytes[index]
  if first < 0x80 { return (Unicode.Scalar(first), 1) }
  let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  guard first >= 0xc2, index + length <= bytes.count else { return ("\u{fffd}", 1) }
  var value = UInt32(first) & (0x7f >> UInt32(length))
  for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3f) }
  guard let scalar = Unicode.Scalar(value) else { return ("\u{fffd}", 1) }
  return (scalar, length)
}
