import FileAccess
import Foundation
import ModelPackage
import TestSupport
import Testing

/// Keys and their files.
@Suite struct KeyTests {
  /// Test vector 1 of RFC 8032, section 7.1: the public key of a private one.
  @Test func thePublicKeyIsTheStandards() throws {
    let secret: [UInt8] = [
      0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
      0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ]
    let expected: [UInt8] = [
      0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
      0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ]
    let frame: [UInt8] = [
      0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    let pem = "-----BEGIN PRIVATE KEY-----\n\(base64(frame + secret))\n-----END PRIVATE KEY-----\n"
    let key = try SigningKey(pem: Array(pem.utf8))
    #expect(try key.verifyingKey.bytes == expected)
    #expect(key.pem == pem)
  }

  @Test func keysComeBackFromTheirText() throws {
    let key = SigningKey()
    let verifying = try key.verifyingKey
    #expect(try SigningKey(pem: Array(key.pem.utf8)).verifyingKey == verifying)
    #expect(try VerifyingKey(pem: Array(verifying.pem.utf8)) == verifying)
    let windows = verifying.pem.split(separator: "\n").joined(separator: "\r\n")
    #expect(try VerifyingKey(pem: Array(windows.utf8)) == verifying)
  }

  @Test func otherFilesAreRefusedWithWhatToDo() throws {
    let key = SigningKey()
    let verifying = try key.verifyingKey
    func refusal(_ text: String) -> String {
      do {
        _ = try VerifyingKey(pem: Array(text.utf8))
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(refusal(key.pem) == "not a public key; give the file that ends in .pub")
    #expect(refusal("") == "not a key file: it should start with -----BEGIN PUBLIC KEY-----")
    #expect(
      refusal("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n")
        == "not a key file: it should start with -----BEGIN PUBLIC KEY-----")
    #expect(refusal("\u{ff}") == "not a key file: it should start with -----BEGIN PUBLIC KEY-----")
    #expect(refusal(String(verifying.pem.dropLast(20))).hasPrefix("not a key file"))
    #expect(
      refusal("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n") == "not an Ed25519 key")
    #expect(refusal(String(repeating: "x", count: 4096)).hasPrefix("not a key file"))
    #expect(
      refusal(String(repeating: "x", count: 4097)) == "too large for a key (4097 bytes, limit 4096)")
    let lines = verifying.pem.split(separator: "\n").map(String.init)
    #expect(refusal(([" " + lines[0]] + lines[1...]).joined(separator: "\n")).hasPrefix("not a key file"))
    #expect(refusal((lines[..<2] + [lines[2] + " "]).joined(separator: "\n")).hasPrefix("not a key file"))
    #expect(refusal(lines[..<2].joined(separator: "\n")).hasPrefix("not a key file"))
    #expect(throws: SignatureError.key(.otherKind(expected: "PRIVATE KEY"))) {
      try SigningKey(pem: Array(verifying.pem.utf8))
    }
    #expect(throws: SignatureError.key(.length(expected: 32, found: 31))) {
      try VerifyingKey(bytes: [UInt8](repeating: 1, count: 31))
    }
  }

  /// Keys of another kind in the same frame, such as X25519's, and keys of another length.
  @Test func onlyEd25519KeysAreTaken() throws {
    let frame: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
    func refusal(_ bytes: [UInt8]) -> String {
      let pem = "-----BEGIN PUBLIC KEY-----\n\(Data(bytes).base64EncodedString())\n-----END PUBLIC KEY-----\n"
      do {
        _ = try VerifyingKey(pem: Array(pem.utf8))
        return "accepted"
      } catch { return "\(error)" }
    }
    let key = [UInt8](repeating: 7, count: 32)
    #expect(refusal(frame + key) == "accepted")
    #expect(refusal(frame + key + [7]) == "not an Ed25519 key")
    #expect(refusal(frame + key.dropLast()) == "not an Ed25519 key")
    var other = frame
    other[8] = 0x6e
    #expect(refusal(other + key) == "not an Ed25519 key")
  }

  @Test func keyFilesAreNeverReplaced() throws {
    let directory = TemporaryDirectory()
    let path = "\(directory.path)/mine"
    let key = SigningKey()
    try key.write(to: path, publicPath: path + ".pub")
    #expect(throws: FileError.alreadyExists(path: path)) {
      try SigningKey().write(to: path, publicPath: path + ".pub")
    }
    #expect(try SigningKey(contentsOfFile: path).verifyingKey == key.verifyingKey)
    #expect(try VerifyingKey(contentsOfFile: path + ".pub") == key.verifyingKey)
  }

  private func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    // 48 bytes: no padding.
    precondition(bytes.count % 3 == 0)
    let text = stride(from: 0, to: bytes.count, by: 3).flatMap { start -> [UInt8] in
      let bits = bytes[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
      return [18, 12, 6, 0].map { digits[bits >> $0 & 63] }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
