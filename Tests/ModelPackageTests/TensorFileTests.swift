import ModelPackage
import StrictJSON
import Testing

@Suite struct TensorFileTests {
  /// A file with this header and so many bytes of data.
  private func file(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    let header = Array(header.utf8)
    let count = length ?? UInt64(header.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + header + data
  }

  private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  @Test func valuesAreReadInTheOrderOfTheHeader() throws {
    let data: [UInt8] = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0] + [0, 0x3c, 0, 0xc4]
    let read = try TensorFile(
      parsing: file(
        #"{"b":{"dtype":"F16","shape":[2,1],"data_offsets":[8,12]},"__metadata__":{"k":"v"},"a":{"shape":[2],"dtype":"F32","data_offsets":[0,8]}} "#,
        data: data))
    #expect(read.metadata == ["k": "v"])
    #expect(
      read.tensors == [
        Tensor(name: "b", shape: [2, 1], dtype: .f16, values: [1, -4]),
        Tensor(name: "a", shape: [2], dtype: .f32, values: [1, -2]),
      ])
    #expect(read["a"]?.values == [1, -2])
    #expect(read["c"] == nil)
    #expect(read.parameterCount == 4)
  }

  @Test func numbersOfAFileCanBeReplaced() throws {
    let written = TensorFile(tensors: [
      Tensor(name: "a", shape: [2], dtype: .f16, values: [0.1, 2]),
      Tensor(name: "b", shape: [1], values: [3]),
    ])
    let bytes = try written.bytes()
    var read = try TensorFile(parsing: bytes)
    // As found, without a way through numbers.
    #expect(try read.bytes() == bytes)
    #expect(read.tensors.map(\.count) == [2, 1])
    read.tensors[1].values[0] = 4
    #expect(read["b"]?.values == [4])
    #expect(read["a"]?.values == [0.099975586, 2])
    read.tensors[0].dtype = .f32
    #expect(try TensorFile(parsing: read.bytes())["a"]?.values == [0.099975586, 2])
    read.tensors[0].values = [1]
    #expect(throws: TensorFileError.sizeMismatch(tensor: "a", shape: [2], expected: 8, found: 4)) {
      try read.bytes()
    }
  }

  @Test(arguments: [TensorType.f16, .f32])
  func oneInfinityAmongManyNumbersIsFound(_ type: TensorType) throws {
    let values = [Float](repeating: -65_504, count: 70_000)
    let sound = try TensorFile(tensors: [Tensor(name: "w", shape: [70_000], dtype: type, values: values)])
      .bytes()
    // The bytes of each number from its highest down: infinity, its negative, and a NaN.
    let patterns: [[UInt8]] =
      type == .f16 ? [[0x7c, 0], [0xfc, 0], [0x7e, 1]] : [[0x7f, 0x80], [0xff, 0x80], [0x7f, 0xc1]]
    for place in [0, 1, 35_000, 65_535, 69_999] {
      for pattern in patterns {
        var bytes = sound
        let end = bytes.count - (69_999 - place) * type.byteWidth
        for (offset, byte) in pattern.enumerated() { bytes[end - 1 - offset] = byte }
        #expect(throws: TensorFileError.nonFinite(tensor: "w", count: 1)) { try TensorFile(parsing: bytes) }
      }
    }
  }

  @Test func aFileWithoutTensorsIsEmpty() throws {
    #expect(try TensorFile(parsing: file("{}")).tensors.isEmpty)
  }

  @Test func aScalarHasNoDimensions() throws {
    let read = try TensorFile(
      parsing: file(#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#, data: [0, 0, 0x80, 0x3f]))
    #expect(read.tensors == [Tensor(name: "a", shape: [], values: [1])])
  }

  @Test func unalignedDataLoads() throws {
    for padding in 0..<4 {
      let header =
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"# + String(repeating: " ", count: padding)
      let read = try TensorFile(parsing: file(header, data: [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]))
      #expect(read["a"]?.values == [1, -2])
    }
    let read = try TensorFile(
      parsing: file(
        #"{"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"a":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
        data: [0, 0x3c, 0, 0, 0x80, 0x3f]))
    #expect(read["a"]?.values == [1])
  }

  private static let broken: [(String, Int, String)] = [
    // A header, the bytes of data, the message.
    ("", 0, "header of 0 bytes (limit 8388608)"),
    ("x", 0, "header of 1 bytes (limit 8388608)"),
    ("[]", 0, "header is not a JSON object"),
    (" {}", 0, "header is not a JSON object"),
    ("\u{feff}{}", 0, "header is not a JSON object"),
    ("{\0}", 0, "header is not valid JSON: line 1, column 2: expected a string as key, found 0x00"),
    (
      "{}\0\0", 0,
      "header is not valid JSON: line 1, column 3: expected the end after the JSON value, found 0x00"
    ),
    (#"{"a":"#, 0, "header is not valid JSON: line 1, column 6: the text ends early, expected a value"),
    (
      "{}{}", 0,
      "header is not valid JSON: line 1, column 3: expected the end after the JSON value, found '{'"
    ),
    (#"{"a":1,"a":2}"#, 0, #"header is not valid JSON: line 1, column 8: duplicate key "a""#),
    (#"{"a":1,"\u0061":2}"#, 0, #"header is not valid JSON: line 1, column 8: duplicate key "a""#),
    (
      #"{"__metadata__":{"k":"v","k":"w"}}"#, 0,
      #"header is not valid JSON: line 1, column 26: duplicate key "k""#
    ),
    (#"{"__metadata__":{"k":1}}"#, 0, "__metadata__ may hold strings only"),
    (#"{"__metadata__":[]}"#, 0, "__metadata__ may hold strings only"),
    (
      #"{"a":[[[[]]]]}"#, 0,
      "header is not valid JSON: line 1, column 8: arrays and objects nest too deeply (limit 3)"
    ),
    (#"{"a":1}"#, 0, #"tensor "a": the entry must be an object"#),
    (#"{"a":{}}"#, 0, #"tensor "a": dtype must be a string"#),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}"#, 4,
      #"tensor "a": unknown key "more""#
    ),
    (
      #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, 8,
      #"tensor "a" has type "F64", expected F32, F16, I8 or U8"#
    ),
    (
      #"{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}"#, 4,
      #"tensor "a" has type "f32", expected F32, F16, I8 or U8"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}"#, 4,
      #"tensor "a": shape must be an array of integers"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4,
      #"tensor "a": shape must be an array of integers"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}"#, 4,
      #"tensor "a": shape must be an array of integers"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, 0,
      #"tensor "a" has a dimension of 0, expected at least 1"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4,
      #"tensor "a" has a dimension of -1, expected at least 1"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#, 4,
      #"tensor "a" has a dimension of -1, expected at least 1"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}"#, 4,
      #"tensor "a" has 9 dimensions (limit 8)"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0,
      #"tensor "a": shape [4294967296, 4294967296] is larger than any file"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[4294967296,1073741824],"data_offsets":[0,0]}}"#, 0,
      #"tensor "a": shape [4294967296, 1073741824] is larger than any file"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,4]}}"#, 4,
      #"tensor "a": shape [9223372036854775807] is larger than any file"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[0,9223372036854775807,2],"data_offsets":[0,0]}}"#, 0,
      #"tensor "a" has a dimension of 0, expected at least 1"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}"#, 4,
      #"tensor "a": shape must be an array of integers"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
      #"tensor "a": shape [2] needs 8 bytes, found 4"#
    ),
    (
      #"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,8]}}"#, 8,
      #"tensor "a": shape [2] needs 4 bytes, found 8"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4,
      #"tensor "a": data from 4 to 0 is not within the 4 bytes of data"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 4,
      #"tensor "a": data from -4 to 0 is not within the 4 bytes of data"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 4,
      #"tensor "a": data from 4 to 8 is not within the 4 bytes of data"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#, 4,
      #"tensor "a": data from 0 to 9223372036854775807 is not within the 4 bytes of data"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}"#, 4,
      #"tensor "a": data_offsets must be two integers"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.0]}}"#, 4,
      #"tensor "a": data_offsets must be two integers"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4,
      #"tensor "a": data_offsets must be two integers"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      4, #"tensor "b" starts at 0, inside the one that ends at 4"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
      12, #"tensor "b" starts at 8, leaving a hole after 4"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8,
      #"tensor "a" starts at 4, leaving a hole after 0"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5,
      "tensors cover 4 bytes of data, but 5 are there"
    ),
    ("{}", 1, "tensors cover 0 bytes of data, but 1 are there"),
    (
      #"{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4,
      #"tensor name "" is empty, has control characters or is too long (limit 256 bytes)"#
    ),
    (
      #"{"a\u001b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4,
      #"tensor name "a\u{1b}" is empty, has control characters or is too long (limit 256 bytes)"#
    ),
  ]

  @Test(arguments: broken)
  func brokenRulesAreNamed(_ header: String, _ count: Int, _ message: String) {
    let error = #expect(throws: TensorFileError.self) {
      try TensorFile(parsing: file(header, data: zeros(count)))
    }
    #expect(error?.description == message)
  }

  private static let lengths: [(UInt64, TensorFileError)] = [
    (0, TensorFileError.headerLength(0, limit: 8 << 20)), (3, .headerBeyondEnd(header: 3, available: 2)),
    (1 << 63, .headerLength(1 << 63, limit: 8 << 20)), (.max, .headerLength(.max, limit: 8 << 20)),
    (8 << 20 + 1, .headerLength(8 << 20 + 1, limit: 8 << 20)),
    (8 << 20, .headerBeyondEnd(header: 8 << 20, available: 2)),
  ]

  @Test(arguments: lengths)
  func headerLengthsAreCheckedBeforeUse(_ length: UInt64, _ expected: TensorFileError) {
    #expect(throws: expected) { try TensorFile(parsing: file("{}", length: length)) }
  }

  @Test func shortFilesAreRefused() {
    for count in 0..<8 {
      #expect(throws: TensorFileError.truncatedLength(bytes: count)) { try TensorFile(parsing: zeros(count)) }
    }
  }

  @Test func limitsHoldAtTheLimitAndNotBeyond() throws {
    let tensors = (0..<5).map { Tensor(name: "t\($0)", shape: [1], values: [0]) }
    let bytes = try TensorFile(tensors: tensors).bytes()
    #expect(try TensorFile(parsing: bytes, limits: TensorFileLimits(tensors: 5)).tensors.count == 5)
    #expect(throws: TensorFileError.tooManyTensors(5, limit: 4)) {
      try TensorFile(parsing: bytes, limits: TensorFileLimits(tensors: 4))
    }
    #expect(throws: TensorFileError.tooManyTensors(5, limit: 4)) {
      try TensorFile(tensors: tensors).bytes(limits: TensorFileLimits(tensors: 4))
    }
    #expect(
      try TensorFile(parsing: bytes, limits: TensorFileLimits(fileBytes: bytes.count)).tensors.count == 5)
    #expect(throws: TensorFileError.tooLarge(bytes: bytes.count, limit: bytes.count - 1)) {
      try TensorFile(parsing: bytes, limits: TensorFileLimits(fileBytes: bytes.count - 1))
    }
    let longest = String(repeating: "n", count: 256)
    #expect(try TensorFile(tensors: [Tensor(name: longest, shape: [], values: [0])]).bytes().count > 0)
    #expect(throws: TensorFileError.name(longest + "n", limit: 256)) {
      try TensorFile(tensors: [Tensor(name: longest + "n", shape: [], values: [0])]).bytes()
    }
  }

  @Test func manyTensorsOnOneRangeAreRefused() {
    let entries = (0..<2_500).map { "\"t\($0)\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}" }
    let error = #expect(throws: TensorFileError.self) {
      try TensorFile(parsing: file("{" + entries.joined(separator: ",") + "}", data: zeros(4)))
    }
    guard case .overlap? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func nonFiniteValuesAreRefusedUnlessAsked() throws {
    let values: [Float] = [
      0, .nan, 1, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ]
    let tensors = TensorFile(tensors: [Tensor(name: "w", shape: [7], values: values)])
    let expected = TensorFileError.nonFinite(tensor: "w", count: 3)
    #expect(throws: expected) { try tensors.bytes() }
    #expect(expected.description == "tensor \"w\" has 3 non-finite values")
    let bytes = try tensors.bytes(limits: .checkpoint)
    #expect(throws: expected) { try TensorFile(parsing: bytes) }
    let read = try TensorFile(parsing: bytes, limits: .checkpoint)
    #expect(read.tensors[0].values.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(
      TensorFileError.nonFinite(tensor: "w", count: 1).description == "tensor \"w\" has 1 non-finite value")
  }

  @Test func whatIsWrittenIsRead() throws {
    let tensors = TensorFile(
      tensors: [
        Tensor(name: "z", shape: [3, 5], values: (0..<15).map { Float($0) * 0.37 }),
        Tensor(name: "a\"é", shape: [7], dtype: .f16, values: [0, -0.0, 1, 65_504, 6e-8, -2, 0.5]),
        Tensor(name: "s", shape: [], values: [-.leastNonzeroMagnitude]),
      ], metadata: ["b": "2", "a": "é\n"])
    let bytes = try tensors.bytes()
    var expected = tensors
    expected.tensors[1].values[4] = 0x1p-24
    #expect(try TensorFile(parsing: bytes) == expected)
    #expect(try expected.bytes() == bytes)
  }

  @Test func theBytesAreThose() throws {
    let bytes = try TensorFile(
      tensors: [
        Tensor(name: "w", shape: [1, 2], values: [1, -2]),
        Tensor(name: "a", shape: [1], dtype: .f16, values: [1]),
      ], metadata: ["k": "v", "format": "x"]
    ).bytes()
    let header =
      #"{"__metadata__":{"format":"x","k":"v"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"a":{"dtype":"F16","shape":[1],"data_offsets":[8,10]}}"#
    let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let data: [UInt8] = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0x3c]
    #expect(bytes == file(header + padding, data: data))
    #expect((bytes.count - data.count) % 8 == 0)
  }

  @Test func whatHasNoFileIsRefused() {
    #expect(throws: TensorFileError.duplicateName("a")) {
      try TensorFile(tensors: [
        Tensor(name: "a", shape: [], values: [0]), Tensor(name: "a", shape: [], values: [0]),
      ])
      .bytes()
    }
    #expect(throws: TensorFileError.sizeMismatch(tensor: "a", shape: [3], expected: 12, found: 8)) {
      try TensorFile(tensors: [Tensor(name: "a", shape: [3], values: [0, 0])]).bytes()
    }
    #expect(throws: TensorFileError.shapeOverflow(tensor: "a", shape: [.max, 2])) {
      try TensorFile(tensors: [Tensor(name: "a", shape: [.max, 2], values: [])]).bytes()
    }
    #expect(throws: TensorFileError.name("__metadata__", limit: 256)) {
      try TensorFile(tensors: [Tensor(name: "__metadata__", shape: [], values: [0])]).bytes()
    }
    let error = #expect(throws: TensorFileError.self) {
      try TensorFile(tensors: [Tensor(name: "a", shape: [2], dtype: .f16, values: [65_520, 0])]).bytes()
    }
    #expect(error?.description == "tensor \"a\" has 1 value beyond 65504, too large for f16")
  }

  @Test func everyPrefixIsRefused() throws {
    let bytes = try PackageFixture.tensors.bytes()
    for length in 0..<bytes.count {
      #expect(throws: TensorFileError.self) { try TensorFile(parsing: Array(bytes[..<length])) }
    }
    #expect(throws: TensorFileError.self) { try TensorFile(parsing: bytes + [0]) }
  }

  @Test func anyByteChangedNeverTraps() throws {
    let bytes = try PackageFixture.tensors.bytes()
    for index in bytes.indices {
      for byte in [0, 0x22, 0x2c, 0x30, 0x39, 0x5d, 0x7d, 0x80, 0xff] as [UInt8] {
        var changed = bytes
        changed[index] = byte
        _ = try? TensorFile(parsing: changed)
      }
    }
  }
}
