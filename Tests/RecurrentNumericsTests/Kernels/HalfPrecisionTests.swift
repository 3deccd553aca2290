import CRecurrentKernels
import Foundation
import RecurrentNumerics
import Testing

/// Conversion to and from IEEE 754 binary16 against a second one, written here from the definition in Double.
@Suite struct HalfPrecisionTests {
  /// The value of a half that is not NaN: sign, 5 bits of exponent, 10 of significand.
  private static func value(ofHalf bits: UInt16) -> Double {
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 1023)
    let size: Double =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: .infinity
      default: (1024 + fraction) * pow(2, Double(exponent - 25))
      }
    return bits >> 15 == 0 ? size : -size
  }

  /// The nearest half, ties to even: the multiple of its binade's spacing, encoded by counting multiples.
  private static func half(nearest x: Double) -> UInt16 {
    let sign: UInt16 = x.sign == .minus ? 0x8000 : 0
    let size = abs(x)
    guard size < 65520 else { return sign | 0x7c00 }
    let exponent = size < 0x1p-14 ? -14 : Int(size.exponent)
    let multiple = (size / pow(2, Double(exponent - 10))).rounded(.toNearestOrEven)
    // 1024 multiples a binade: a normal number's first is its implicit bit, which lies in the exponent below.
    return sign | UInt16((exponent + 14) * 1024 + Int(multiple))
  }

  private static func halves(_ kernels: rk_kernels, _ x: [Float]) -> [UInt16] {
    var halves = [UInt16](repeating: 0, count: x.count)
    kernels.to_half(x.count, x, &halves)
    return halves
  }

  private static func floats(_ kernels: rk_kernels, _ halves: [UInt16]) -> [Float] {
    var floats = [Float](repeating: 0, count: halves.count)
    kernels.from_half(halves.count, halves, &floats)
    return floats
  }

  @Test(arguments: KernelFixture.levels)
  func everyHalfHasItsValueAndComesBack(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let all = Array(0...UInt16.max)
    let values = Self.floats(kernels, all)
    let back = Self.halves(kernels, values)
    var wrong: [UInt16] = []
    for half in all {
      let value = values[Int(half)]
      let returned = back[Int(half)]
      if half & 0x7fff > 0x7c00 {
        if !value.isNaN || returned & 0x7fff <= 0x7c00 || (returned ^ half) >> 15 != 0 { wrong.append(half) }
      } else if value.bitPattern != Float(Self.value(ofHalf: half)).bitPattern || returned != half {
        wrong.append(half)
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5)) of \(wrong.count)")
  }

  @Test(arguments: KernelFixture.levels)
  func floatsRoundToTheNearestHalfTiesToEven(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let everywhere = KernelFixture.randomBits(50_000, seed: 1)
    let low = Float(0x1p-26).bitPattern
    let high = Float(0x1p17).bitPattern
    let dense = stride(from: low, to: high, by: Int((high - low) / 75_000)).map { Float(bitPattern: $0) }
    // The middle of neighbouring halves, and the floats on either side of it.
    let ties = stride(from: UInt16(0), to: 0x7bff, by: 7).flatMap { half in
      let middle = Float((Self.value(ofHalf: half) + Self.value(ofHalf: half + 1)) / 2)
      return [middle, middle.nextUp, middle.nextDown]
    }
    let edges: [Float] = [
      0, .infinity, .leastNonzeroMagnitude, .leastNormalMagnitude, 0x1p-25, Float(0x1p-25).nextUp, 0x1p-24,
      0x1.8p-24, 0x1p-14, Float(0x1p-14).nextDown, 65504, Float(65520).nextDown, 65520, 65536,
      .greatestFiniteMagnitude,
    ]
    let x = everywhere + (dense + ties + edges).flatMap { [$0, -$0] }
    #expect(x.count > 200_000)
    let found = Self.halves(kernels, x)
    let wrong = x.indices.filter { found[$0] != Self.half(nearest: Double(x[$0])) }
    #expect(wrong.isEmpty, "\(wrong.prefix(5).map { (x[$0], found[$0]) }) of \(wrong.count)")
  }

  @Test(arguments: KernelFixture.levels)
  func conversionsDependOnNoPositionOrLength(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let x = KernelFixture.random(40, in: -70_000..<70_000, seed: 3)
    let alone = x.map { Self.halves(kernels, [$0])[0] }
    for count in 1...40 {
      #expect(Self.halves(kernels, Array(x.prefix(count))) == Array(alone.prefix(count)))
    }
  }

  /// Rows of a file start anywhere.
  @Test(arguments: KernelFixture.levels)
  func halvesAtAnyAddressAreRead(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let halves = (0..<40).map { UInt16($0 * 1_637 % 31_000) | UInt16($0 % 2) << 15 }
    let expected = Self.floats(kernels, halves)
    let bytes = halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    for shift in 0..<8 {
      for count in [1, 7, 16, 17, 40] {
        let result = EdgeFloats(count)
        ([UInt8](repeating: 0xff, count: shift) + bytes.prefix(2 * count)).withUnsafeBytes {
          if let base = $0.baseAddress { kernels.from_half(count, base + shift, result.start) }
        }
        #expect(result.values == Array(expected.prefix(count)), "\(count) from \(shift)")
      }
    }
  }

  @Test func roundingAnArrayKeepsWhatHalvesCanHold() {
    #expect(([] as [Float]).roundedToHalf() == [])
    #expect(
      ([1, 0.1, 65520, -1e9, 0x1p-25] as [Float]).roundedToHalf() == [
        1, 0.099975586, .infinity, -.infinity, 0,
      ])
  }
}
