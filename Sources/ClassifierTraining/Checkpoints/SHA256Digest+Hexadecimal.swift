import Crypto

extension SHA256Digest {
  /// Two digits a byte.
  var hexadecimal: String {
    map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
