import Cryptography
import Testing

/// Against the examples of FIPS 180-4 (`https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values`).
struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func standardExamples(text: String, digest: String) {
    #expect(SHA256.hexadecimal(of: Array(text.utf8)) == digest)
  }

  @Test func partsMakeTheWhole() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    for cut in [0, 1, 55, 56, 63, 64, 65, 500, 1000] {
      var hash = SHA256()
      hash.update(Array(bytes[..<cut]))
      hash.update(Array(bytes[cut...]))
      #expect(hash.hexadecimal == SHA256.hexadecimal(of: bytes))
    }
  }

  /// Neither reading a digest nor a copy changes what comes after.
  @Test func copiesGoOnByThemselves() {
    var hash = SHA256()
    hash.update("ab")
    var copy = hash
    #expect(hash.hexadecimal == SHA256.hexadecimal(of: Array("ab".utf8)))
    copy.update("x")
    hash.update("c")
    #expect(hash.hexadecimal == SHA256.hexadecimal(of: Array("abc".utf8)))
    #expect(copy.hexadecimal == SHA256.hexadecimal(of: Array("abx".utf8)))
  }

  @Test func numbersAreEightBytesTheLowestFirst() {
    var hash = SHA256()
    hash.update(-2)
    hash.update(0x0102)
    #expect(
      hash.hexadecimal
        == SHA256.hexadecimal(of: [0xfe] + [UInt8](repeating: 0xff, count: 7) + [2, 1, 0, 0, 0, 0, 0, 0]))
  }
}
