import ModelPackage
import Testing

/// Every limit of a tensor file, at the limit and one beyond it.
@Suite struct TensorFileBoundaryTests {
  private func file(_ header: String, data: Int = 0) -> [UInt8] {
    let header = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
      + [UInt8](repeating: 0, count: data)
  }

  private func refusal(
    _ bytes: [UInt8], limits: TensorFileLimits = .package
  ) -> TensorFileError? {
    do throws(TensorFileError) {
      _ = try TensorFile(parsing: bytes, limits: limits)
      return nil
    } catch { return error }
  }

  /// A header with so many tensors of one byte each.
  private func header(_ count: Int, metadata: Bool = false) -> String {
    let entries = (0..<count).map {
      "\"t\($0)\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[\($0),\($0 + 1)]}"
    }
    return "{" + ((metadata ? ["\"__metadata__\":{}"] : []) + entries).joined(separator: ",") + "}"
  }

  @Test func theStandardLimitsHoldAtTheLimitAndNotBeyond() {
    #expect(refusal(file(header(4_096), data: 4_096)) == nil)
    #expect(refusal(file(header(4_097), data: 4_097)) == .tooManyTensors(4_097, limit: 4_096))
    let shape = [Int](repeating: 1, count: 8)
    #expect(
      refusal(file("{\"a\":{\"dtype\":\"U8\",\"shape\":\(shape),\"data_offsets\":[0,1]}}", data: 1)) == nil)
    let limits = TensorFileLimits.checkpoint
    #expect(limits.fileBytes == 8 << 30 && limits.tensors == 16_384)
    #expect(TensorFileLimits.stateDict.fileBytes == 1 << 30)
  }

  @Test func metadataIsNotCountedAsATensor() {
    let limits = TensorFileLimits(tensors: 2)
    #expect(refusal(file(header(2, metadata: true), data: 2), limits: limits) == nil)
    #expect(refusal(file(header(3), data: 3), limits: limits) == .tooManyTensors(3, limit: 2))
    // More members than could be allowed are not looked at.
    #expect(
      refusal(file(header(3, metadata: true), data: 3), limits: limits) == .tooManyTensors(4, limit: 2))
  }

  @Test func aNameMayHave256Bytes() {
    func named(_ count: Int) -> [UInt8] {
      let name = String(repeating: "n", count: count)
      return file("{\"\(name)\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", data: 1)
    }
    #expect(refusal(named(256)) == nil)
    #expect(refusal(named(257)) == .name(String(repeating: "n", count: 257), limit: 256))
  }

  @Test(arguments: [(UInt8(0x1f), false), (0x20, true), (0x7e, true), (0x7f, false), (0x80, true)])
  func namesHaveNoControlCharacters(_ byte: UInt8, _ isAllowed: Bool) {
    let name = String(Character(UnicodeScalar(byte)))
    let escaped = "\\u00" + String(byte, radix: 16)
    let bytes = file("{\"\(escaped)\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", data: 1)
    #expect(refusal(bytes) == (isAllowed ? nil : .name(name, limit: 256)))
  }

  @Test func eightBytesAreALength() {
    #expect(refusal([UInt8](repeating: 0, count: 7)) == .truncatedLength(bytes: 7))
    #expect(refusal([UInt8](repeating: 0, count: 8)) == .headerLength(0, limit: 8 << 20))
    #expect(refusal([1] + [UInt8](repeating: 0, count: 8)) == .headerLength(1, limit: 8 << 20))
  }

  @Test func aFileMayBeAsLargeAsItsLimit() {
    // The pages are never touched, so that they cost nothing.
    func untouched(_ count: Int) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
        for index in 0..<8 { bytes[index] = 0 }
        filled = count
      }
    }
    #expect(refusal(untouched(512 << 20)) == .headerLength(0, limit: 8 << 20))
    #expect(refusal(untouched(512 << 20 + 1)) == .tooLarge(bytes: 512 << 20 + 1, limit: 512 << 20))
  }

  @Test func noBytesAreOfAnotherSizeAndNotElsewhere() {
    #expect(
      refusal(file("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,1]}}", data: 1))
        == .sizeMismatch(tensor: "a", shape: [1], expected: 1, found: 0))
  }

  @Test func metadataKeysThatAreOneSwiftStringAreRefused() {
    #expect(
      refusal(file("{\"__metadata__\":{\"\u{e9}\":\"1\",\"e\u{301}\":\"2\"}}")) == .duplicateName("e\u{301}"))
  }
}
