import ModelPackage
import Testing

/// Numbers of other systems, read where a state dict is expected and nowhere else.
@Suite struct ForeignTensorTypeTests {
  /// A file of one tensor, `[count]`.
  private func file(_ type: String, _ bytes: [UInt8], count: Int) -> [UInt8] {
    let header = Array(
      #"{"w":{"dtype":"\#(type)","shape":[\#(count)],"data_offsets":[0,\#(bytes.count)]}}"#.utf8)
    return [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + bytes
  }

  private func words<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] {
    words.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }

  @Test func upperHalvesAndDoublesBecomeFloats() throws {
    let halves = file("BF16", words([0x3fc0, 0xc2f7, 0x0000] as [UInt16]), count: 3)
    let narrow = try TensorFile(parsing: halves, limits: .stateDict)
    #expect(narrow["w"]?.values == [1.5, -123.5, 0] && narrow["w"]?.dtype == .f32)
    // The middle of two floats goes to the even one.
    let doubles = [0.1, 1 + 0x1p-24, -2.5].map(\.bitPattern)
    let wide = try TensorFile(parsing: file("F64", words(doubles), count: 3), limits: .stateDict)
    #expect(wide["w"]?.values == [0.1, 1, -2.5])
    // What was read is written as F32.
    #expect(try TensorFile(parsing: wide.bytes()) == wide)
  }

  @Test func whatIsNoFiniteFloatIsRefused() {
    for bytes in [words([1e300.bitPattern]), words([Double.nan.bitPattern])] {
      #expect(throws: TensorFileError.nonFinite(tensor: "w", count: 1)) {
        try TensorFile(parsing: file("F64", bytes, count: 1), limits: .stateDict)
      }
    }
    for type in ["I64", "I8", "U8", "BOOL"] {
      #expect(throws: TensorFileError.notFloatingPoint(tensor: "w", found: type)) {
        try TensorFile(parsing: file(type, [0], count: 1), limits: .stateDict)
      }
    }
    #expect(
      "\(TensorFileError.notFloatingPoint(tensor: "w", found: "I64"))"
        == #"tensor "w" has type "I64", expected F32, F16, BF16 or F64"#)
  }

  @Test func shapesAreCountedInTheFilesOwnWidth() {
    #expect(throws: TensorFileError.sizeMismatch(tensor: "w", shape: [2], expected: 16, found: 8)) {
      try TensorFile(parsing: file("F64", [UInt8](repeating: 0, count: 8), count: 2), limits: .stateDict)
    }
  }

  @Test(arguments: ["BF16", "F64"])
  func packagesHaveNoSuchNumbers(_ type: String) {
    #expect(throws: TensorFileError.unsupportedType(tensor: "w", found: type)) {
      try TensorFile(parsing: file(type, [UInt8](repeating: 0, count: 8), count: 1))
    }
  }
}
