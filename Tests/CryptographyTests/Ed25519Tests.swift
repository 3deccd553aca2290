import Cryptography
import Testing

/// Against the test vectors of RFC 8032, section 7.1.
struct Ed25519Tests {
  struct Vector: CustomTestStringConvertible {
    let name: String
    let privateKey, publicKey, message, signature: [UInt8]

    init(_ name: String, privateKey: String, publicKey: String, message: String, signature: String) {
      self.name = name
      self.privateKey = bytes(privateKey)
      self.publicKey = bytes(publicKey)
      self.message = bytes(message)
      self.signature = bytes(signature)
    }

    var testDescription: String { name }
  }

  static let vectors = [
    Vector(
      "test 1",
      privateKey: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    Vector(
      "test 2",
      privateKey: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
  ]

  @Test(arguments: vectors) func vectorsOfTheStandard(_ vector: Vector) {
    #expect(Ed25519.publicKey(of: vector.privateKey) == vector.publicKey)
    #expect(Ed25519.signature(of: vector.message, with: vector.privateKey) == vector.signature)
    #expect(Ed25519.accepts(vector.signature, of: vector.message, by: vector.publicKey))
  }

  @Test(arguments: vectors) func everyOtherBitIsRefused(_ vector: Vector) {
    for bit in 0..<8 * vector.signature.count {
      var signature = vector.signature
      signature[bit / 8] ^= 1 << (bit % 8)
      #expect(!Ed25519.accepts(signature, of: vector.message, by: vector.publicKey), "bit \(bit)")
    }
    for bit in 0..<8 * vector.publicKey.count {
      var key = vector.publicKey
      key[bit / 8] ^= 1 << (bit % 8)
      #expect(!Ed25519.accepts(vector.signature, of: vector.message, by: key), "bit \(bit) of the key")
    }
    #expect(!Ed25519.accepts(vector.signature, of: vector.message + [0], by: vector.publicKey))
  }

  /// Section 5.1.7: the second half is a number below the group's order, so that nobody makes another signature of one.
  @Test(arguments: vectors) func aSignatureHasOneForm(_ vector: Vector) {
    let order = bytes("edd3f55c1a631258d69cf7a2def9de14") + [UInt8](repeating: 0, count: 15) + [0x10]
    var signature = vector.signature
    var carry = 0
    for (position, digit) in order.enumerated() {
      let sum = Int(signature[32 + position]) + Int(digit) + carry
      signature[32 + position] = UInt8(sum & 0xff)
      carry = sum >> 8
    }
    #expect(carry == 0)
    #expect(!Ed25519.accepts(signature, of: vector.message, by: vector.publicKey))
  }

  @Test func otherLengthsAreRefused() {
    let vector = Self.vectors[1]
    for count in [0, 31, 33, 64] {
      let key = [UInt8](repeating: 1, count: count)
      #expect(Ed25519.publicKey(of: key) == nil)
      #expect(Ed25519.signature(of: vector.message, with: key) == nil)
      #expect(!Ed25519.accepts(vector.signature, of: vector.message, by: key))
    }
    for count in [0, 32, 63] {
      #expect(
        !Ed25519.accepts(Array(vector.signature.prefix(count)), of: vector.message, by: vector.publicKey))
    }
    #expect(!Ed25519.accepts(vector.signature + [0], of: vector.message, by: vector.publicKey))
  }

  @Test func newKeysDifferAndSign() throws {
    let keys = (0..<20).map { _ in Ed25519.makePrivateKey() }
    #expect(Set(keys).count == keys.count)
    let message = Array("a message".utf8)
    for key in keys {
      let publicKey = try #require(Ed25519.publicKey(of: key))
      let signature = try #require(Ed25519.signature(of: message, with: key))
      #expect(Ed25519.accepts(signature, of: message, by: publicKey))
    }
  }
}

/// Bytes of hexadecimal digits.
private func bytes(_ digits: String) -> [UInt8] {
  let values = digits.compactMap(\.hexDigitValue)
  return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
}
