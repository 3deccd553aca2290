import ModelPackage
import Testing

/// Halves seen through the files that hold them.
@Suite struct HalfPrecisionTests {
  private func narrowed(_ values: [Float]) throws -> [UInt16] {
    let bytes = try TensorFile(tensors: [
      Tensor(name: "h", shape: [values.count], dtype: .f16, values: values)
    ])
    .bytes(limits: .checkpoint)
    return bytes.suffix(2 * values.count).withUnsafeBytes { data in
      (0..<values.count).map {
        UInt16(littleEndian: data.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))
      }
    }
  }

  private func widened(_ halves: [UInt16]) throws -> [Float] {
    let blank = [Float](repeating: 0, count: halves.count)
    var bytes = try TensorFile(tensors: [Tensor(name: "h", shape: [halves.count], dtype: .f16, values: blank)]
    ).bytes()
    let start = bytes.count - 2 * halves.count
    for (index, half) in halves.enumerated() {
      bytes[start + 2 * index] = UInt8(half & 0xff)
      bytes[start + 2 * index + 1] = UInt8(half >> 8)
    }
    return try TensorFile(parsing: bytes, limits: .checkpoint).tensors[0].values
  }

  /// The definition: sign, exponent and fraction, in exact arithmetic.
  private func meaning(_ half: UInt16) -> Double {
    let sign = half & 0x8000 == 0 ? 1.0 : -1.0
    let exponent = Int(half >> 10 & 0x1f)
    let fraction = Double(half & 0x3ff) / 1_024
    return switch exponent {
    case 0: sign * fraction * 0x1p-14
    case 31: half & 0x3ff == 0 ? sign * .infinity : .nan
    default: sign * Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
    }
  }

  @Test func everyHalfHasItsValue() throws {
    let halves = (0...UInt16.max).map { $0 }
    for (half, value) in zip(halves, try widened(halves)) {
      let expected = Float(meaning(half))
      #expect(expected.isNaN ? value.isNaN : value.bitPattern == expected.bitPattern)
    }
  }

  @Test func everyHalfComesBack() throws {
    let halves = (0...UInt16.max).filter { $0 & 0x7c00 != 0x7c00 || $0 & 0x3ff == 0 }
    #expect(try narrowed(widened(halves)) == halves)
  }

  @Test func roundingIsToTheNearestTiesToEven() throws {
    let values: [Float] = [
      1 + 0x1p-11, 1 + 0x1p-11 + 0x1p-23, 1 + 0x3p-11, 1 + 0x1p-12, 0x1p-24, 0x1p-25, 0x1.000002p-25, 0x3p-25,
      0x1p-26,
      0x1.ffep-15 + 0x1p-25, 65_504, 65_519.99, -65_519.99, -0.0, .leastNonzeroMagnitude,
    ]
    let expected: [UInt16] = [
      0x3c00, 0x3c01, 0x3c02, 0x3c00, 0x0001, 0x0000, 0x0001, 0x0002, 0x0000, 0x0400, 0x7bff, 0x7bff, 0xfbff,
      0x8000,
      0x0000,
    ]
    #expect(try narrowed(values) == expected)
  }

  @Test func infinitiesAndNaNStay() throws {
    #expect(try narrowed([.infinity, -.infinity]) == [0x7c00, 0xfc00])
    #expect(try widened(narrowed([.nan]))[0].isNaN)
  }

  /// The nearest half, ties to even: the multiple of its binade's spacing, encoded by counting multiples.
  private func nearest(_ x: Double) -> UInt16 {
    let sign: UInt16 = x.sign == .minus ? 0x8000 : 0
    let size = x.magnitude
    guard size < 65_520 else { return sign | 0x7c00 }
    let exponent = size < 0x1p-14 ? -14 : Int(size.exponent)
    let multiple = (size / Double(sign: .plus, exponent: exponent - 10, significand: 1)).rounded(
      .toNearestOrEven)
    // 1024 multiples a binade: a normal number's first is its implicit bit, which lies in the exponent below.
    return sign | UInt16((exponent + 14) * 1024 + Int(multiple))
  }

  /// Floats all over the range, and the middle of neighbouring halves with the floats on either side of it.
  @Test func roundingFollowsTheDefinition() throws {
    let (low, high) = (Float(0x1p-26).bitPattern, Float(65_520).bitPattern)
    let dense = stride(from: low, to: high, by: Int((high - low) / 75_000)).map { Float(bitPattern: $0) }
    let ties = stride(from: UInt16(0), to: 0x7bff, by: 7).flatMap { half in
      let middle = Float((meaning(half) + meaning(half + 1)) / 2)
      return [middle, middle.nextUp, middle.nextDown]
    }
    let edges: [Float] = [
      0, .leastNonzeroMagnitude, .leastNormalMagnitude, 0x1p-25, Float(0x1p-25).nextUp, 0x1p-24, 0x1.8p-24,
      0x1p-14, Float(0x1p-14).nextDown, 65_504, Float(65_520).nextDown, .infinity,
    ]
    let values = (dense + ties + edges).flatMap { [$0, -$0] }
    #expect(values.count > 150_000)
    let wrong = zip(values, try narrowed(values)).filter { $1 != nearest(Double($0)) }
    #expect(wrong.isEmpty, "\(wrong.prefix(5)) of \(wrong.count)")
  }

  /// Between two neighbouring halves every float goes to the nearer one.
  @Test func floatsGoToTheNearerHalf() throws {
    let halves = stride(from: UInt16(0), to: 0x7bff, by: 37).map { $0 }
    let low = try widened(halves)
    let high = try widened(halves.map { $0 + 1 })
    for step in [0.25, 0.499, 0.501, 0.75] {
      let values = zip(low, high).map { Float(Double($0) + step * (Double($1) - Double($0))) }
      #expect(try narrowed(values) == halves.map { step < 0.5 ? $0 : $0 + 1 })
    }
  }
}
