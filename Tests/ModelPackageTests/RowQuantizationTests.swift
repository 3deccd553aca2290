import ModelPackage
import Testing

/// Tensors of 8-bit integers and their scales.
@Suite struct RowQuantizationTests {
  private func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
    let header = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
  }

  /// `w` of two rows with the scales 0.5 and 0.
  private func pair(
    _ weights: [Int8] = [127, -1, 0, 0, 0, 0], scales: [Float] = [0.5, 0], shape: String = "[2,3]",
    scaleType: String = "F32", scaleShape: String = "[2]"
  ) -> [UInt8] {
    let bytes = scales.flatMap { scale in
      (0..<4).map { UInt8(truncatingIfNeeded: scale.bitPattern >> (8 * UInt32($0))) }
    }
    let header =
      #"{"w":{"dtype":"I8","shape":\#(shape),"data_offsets":[\#(bytes.count),\#(bytes.count + weights.count)]},"#
      + #""w.scale":{"dtype":"\#(scaleType)","shape":\#(scaleShape),"data_offsets":[0,\#(bytes.count)]}}"#
    return file(header, bytes + weights.map { UInt8(bitPattern: $0) })
  }

  private func refusal(_ bytes: [UInt8]) -> String? {
    #expect(throws: TensorFileError.self) { try TensorFile(parsing: bytes) }?.description
  }

  @Test func integersAreTimesTheScaleOfTheirRow() throws {
    let read = try TensorFile(parsing: pair())
    #expect(read.tensors.map(\.name) == ["w"], "scales are no tensor of their own")
    #expect(read.tensors[0].dtype == .i8 && read.tensors[0].shape == [2, 3])
    #expect(read.tensors[0].values == [63.5, -0.5, 0, 0, 0, 0])
    #expect(read.parameterCount == 6)
  }

  /// Scales are of rows: those of a file do not fit others.
  @Test func anotherShapeIsRoundedAnew() throws {
    var file = try TensorFile(parsing: pair())
    let values = file.tensors[0].values
    file.tensors[0].shape = [3, 2]
    let again = try TensorFile(parsing: file.bytes())
    #expect(again.tensors[0].shape == [3, 2] && again.tensors[0].values == values)
  }

  @Test func theBytesAreThose() throws {
    let tensors = TensorFile(tensors: [
      Tensor(name: "w", shape: [2, 3], dtype: .i8, values: [63.5, -0.5, 0, 0, 0, 0]),
      Tensor(name: "b", shape: [1], values: [1]),
    ])
    let header =
      #"{"w":{"dtype":"I8","shape":[2,3],"data_offsets":[12,18]},"w.scale":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#
    let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let bytes = try tensors.bytes()
    #expect(
      bytes
        == file(
          header + padding, [0, 0, 0, 0x3f, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 127, 0xff, 0, 0, 0, 0]))
    #expect(try TensorFile(parsing: bytes).bytes() == bytes)
  }

  /// The smallest scale is the smallest normal number: a row whose largest number is 127 of it is kept, one below is zero.
  @Test func theSmallestScaleIsTheSmallestNormalNumber() throws {
    let smallest = 127 * Float.leastNormalMagnitude
    let tensor = Tensor(name: "w", shape: [2, 1], dtype: .i8, values: [smallest, smallest * 0.999])
    let read = try TensorFile(parsing: TensorFile(tensors: [tensor]).bytes())
    #expect(read["w"]?.values == [smallest, 0])
  }

  /// Row lengths with tails, rows of zeros, the largest and the smallest numbers.
  private static let rows: [[Float]] = [
    (0..<33).map { Float($0 * $0 % 101) * 0.37 - 18 },
    [Float](repeating: 0, count: 33),
    (0..<33).map { $0 == 5 ? -Float.greatestFiniteMagnitude : Float($0) * 1e30 },
    (0..<33).map { Float($0) * 1e-37 },
    (0..<33).map { _ in Float.leastNonzeroMagnitude },
    (0..<33).map { $0 == 32 ? 1e-3 : 0 },
    (0..<33).map { $0 % 2 == 0 ? 0.1 : -0.1 },
  ]

  @Test func numbersAreOffByHalfAStepAtMostAndRoundingTwiceIsRoundingOnce() throws {
    let values = Self.rows.flatMap { $0 }
    let bytes = try TensorFile(tensors: [Tensor(name: "w", shape: [7, 33], dtype: .i8, values: values)])
      .bytes()
    let read = try TensorFile(parsing: bytes)
    for (row, exact) in Self.rows.enumerated() {
      let found = Array(read.tensors[0].values[row * 33..<(row + 1) * 33])
      let largest = exact.reduce(0) { max($0, $1.magnitude) }
      // Below a normal scale a row counts as zeros; the scale's own rounding is 2⁻¹⁷ of it.
      let step = max(Double(largest) / 127, Double(Float.leastNormalMagnitude))
      for (value, expected) in zip(found, exact) {
        #expect(abs(Double(value) - Double(expected)) <= step * (0.5 + 127 * 0x1p-17), "row \(row)")
      }
    }
    let again = TensorFile(tensors: [
      Tensor(name: "w", shape: [7, 33], dtype: .i8, values: read.tensors[0].values)
    ])
    #expect(try again.bytes() == bytes)
  }

  @Test func anotherTypeTakesTheNumbersOver() throws {
    var read = try TensorFile(parsing: pair())
    read.tensors[0].dtype = .f32
    let floats = try TensorFile(parsing: read.bytes())
    #expect(floats.tensors == [Tensor(name: "w", shape: [2, 3], values: [63.5, -0.5, 0, 0, 0, 0])])
  }

  @Test func brokenIntegersAreRefused() {
    #expect(
      refusal(pair([127, -1, 0, 0, -128, 0]))
        == #"tensor "w": -128 in row 1, column 1, expected -127 to 127"#)
    #expect(
      refusal(pair([126, -1, 0, 0, 0, 0]))
        == #"tensor "w": the largest magnitude in row 0 is 126, its scale needs 127"#)
    #expect(
      refusal(pair([127, -1, 0, 0, 0, -9]))
        == #"tensor "w": the largest magnitude in row 1 is 9, its scale needs 0"#)
    #expect(
      refusal(pair([127, -1, 0, 0, 0, 0], shape: "[6]", scaleShape: "[2]"))
        == #"tensor "w" is I8 with shape [6], expected two dimensions"#)
    #expect(
      refusal(pair([127, -1, 0, 0, 0, 0], shape: "[1,2,3]"))
        == #"tensor "w" is I8 with shape [1, 2, 3], expected two dimensions"#)
  }

  @Test func brokenScalesAreRefused() {
    let rule = "is no scale, expected 0 or a normal number of at most 17 bits, up to 2.6793887e+36"
    for (scale, found) in [
      (-0.5, "-0.5"), (-0.0, "-0.0"), (0x1p-127, "5.877472e-39"), (0.1, "0.1"), (0x1p122, "5.316912e+36"),
    ] as [(Float, String)] {
      #expect(refusal(pair(scales: [0.5, scale])) == "tensor \"w.scale\": \(found) in row 1 \(rule)")
    }
    for scale in [Float.nan, .infinity] {
      let bytes = pair(scales: [0.5, scale])
      #expect(refusal(bytes) == #"tensor "w.scale" has 1 non-finite value"#)
      #expect(throws: TensorFileError.self) { try TensorFile(parsing: bytes, limits: .checkpoint) }
    }
    #expect(
      refusal(pair(scales: [0.5, 0, 0], scaleShape: "[3]"))
        == #"tensor "w.scale" is F32 [3], expected F32 [2]"#)
    #expect(
      refusal(pair(scales: [0.5], scaleType: "F16"))
        == #"tensor "w.scale" is F16 [2], expected F32 [2]"#)
  }

  @Test func integersAndScalesComeInPairs() {
    #expect(
      refusal(file(#"{"w":{"dtype":"I8","shape":[1,2],"data_offsets":[0,2]}}"#, [127, 0]))
        == #"tensor "w" is I8, but tensor "w.scale" is missing"#)
    let three =
      #"{"w":{"dtype":"I8","shape":[1,2],"data_offsets":[8,10]},"w.scale":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
    #expect(
      refusal(
        file(
          three
            + #""v":{"dtype":"F16","shape":[1],"data_offsets":[10,12]},"v.scale":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
          [0, 0, 0, 0x3f, 0, 0, 0, 0, 127, 0, 0, 0]))
        == #"tensor "v.scale" scales nothing: "v" is F16, not I8"#)
    #expect(
      refusal(
        file(
          three + #""w.scale.scale":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
          [0, 0, 0, 0x3f, 0, 0, 0, 0, 127, 0]))
        == #"tensor "w.scale.scale" scales nothing: "w.scale" is F32, not I8"#)
  }

  @Test func whatHasNoFileIsRefused() {
    func refusal(_ tensors: [Tensor], _ limits: TensorFileLimits = .package) -> String? {
      #expect(throws: TensorFileError.self) { try TensorFile(tensors: tensors).bytes(limits: limits) }?
        .description
    }
    let weight = Tensor(name: "w", shape: [1, 2], dtype: .i8, values: [1, 2])
    #expect(
      refusal([Tensor(name: "w", shape: [2], dtype: .i8, values: [1, 2])])
        == #"tensor "w" is I8 with shape [2], expected two dimensions"#)
    #expect(
      refusal([Tensor(name: "w", shape: [1, 2], dtype: .i8, values: [1, .nan])], .checkpoint)
        == #"tensor "w" has 1 non-finite value"#)
    #expect(
      refusal([weight, Tensor(name: "w.scale", shape: [1], values: [1])])
        == #"two tensors have the name "w.scale""#)
    #expect(refusal([weight], TensorFileLimits(tensors: 1)) == "2 tensors (limit 1)")
    #expect(refusal([weight], TensorFileLimits(nameBytes: 6))?.contains(#"tensor name "w.scale""#) == true)
  }

  @Test func everyPrefixIsRefusedAndAnyByteChangedNeverTraps() throws {
    let bytes = pair()
    for length in 0..<bytes.count {
      #expect(throws: TensorFileError.self) { try TensorFile(parsing: Array(bytes[..<length])) }
    }
    for index in bytes.indices {
      for byte in [0, 0x22, 0x2c, 0x30, 0x39, 0x5d, 0x7d, 0x80, 0xff] as [UInt8] {
        var changed = bytes
        changed[index] = byte
        if let read = try? TensorFile(parsing: changed) { _ = read.tensors.map(\.values) }
      }
    }
  }

  @Test func integersNeedAManifestThatSaysSo() throws {
    var manifest = PackageFixture.manifest()
    manifest.model.parameters = nil
    let tensors = try TensorFile(parsing: pair())
    let error = #expect(throws: PackageError.self) {
      try ModelPackage(manifest: manifest, vocabulary: PackageFixture.vocabulary, tensors: tensors)
    }
    #expect(error?.description == #"tensor "w" is stored as i8, manifest.json says model.dtype f32"#)
    manifest.model.dtype = .i8
    manifest.model.quantization = .int8
    manifest.model.parameters = 6
    let package = try ModelPackage(
      manifest: manifest, vocabulary: PackageFixture.vocabulary, tensors: tensors)
    let read = try ModelPackage(bytes: package.archiveBytes())
    #expect(read.tensors == tensors && read.id == package.id)
    #expect(try read.archiveBytes() == package.archiveBytes())
  }
}
