import CRecurrentKernels
import Foundation
import RecurrentNumerics
import Testing

/// Conversion of IEEE 754 binary16 against a second one, written here from the definition in Double.
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

  private static func floats(_ kernels: rk_kernels, _ halves: [UInt16]) -> [Float] {
    var floats = [Float](repeating: 0, count: halves.count)
    kernels.from_half(halves.count, halves, &floats)
    return floats
  }

  @Test(arguments: KernelFixture.levels)
  func everyHalfHasItsValue(_ level: KernelLevel) throws {
    let all = Array(0...UInt16.max)
    let values = Self.floats(try KernelFixture.kernels(level), all)
    let wrong = zip(all, values).filter { half, value in
      half & 0x7fff > 0x7c00
        ? !value.isNaN || (value.sign == .minus) != (half >> 15 == 1)
        : value.bitPattern != Float(Self.value(ofHalf: half)).bitPattern
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5)) of \(wrong.count)")
  }

  @Test(arguments: KernelFixture.levels)
  func conversionsDependOnNoPositionOrLength(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let halves = (0..<40).map { UInt16($0 * 1_637 % 31_000) | UInt16($0 % 2) << 15 }
    let alone = halves.map { Self.floats(kernels, [$0])[0] }
    for count in 1...40 {
      #expect(Self.floats(kernels, Array(halves.prefix(count))) == Array(alone.prefix(count)))
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
}
