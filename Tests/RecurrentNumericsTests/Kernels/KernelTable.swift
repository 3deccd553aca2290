import CRecurrentKernels
import RecurrentNumerics
import Testing

/// One table of kernels; AVX-512 counts twice, with the dot products of int8 and bf16 that this CPU has and without.
struct KernelTable: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let level: KernelLevel
  let isWithoutDotProducts: Bool

  static let all: [KernelTable] = KernelFixture.levels.flatMap { level in
    var tables = [KernelTable(testDescription: level.rawValue, level: level, isWithoutDotProducts: false)]
    if level == .avx512 {
      tables.append(
        KernelTable(
          testDescription: "avx512 without dot products", level: level, isWithoutDotProducts: true))
    }
    return tables
  }

  func table() throws -> rk_kernels {
    guard isWithoutDotProducts else { return try KernelFixture.kernels(level) }
    return try #require(rk_kernels_without_dot_products(RK_AVX512)?.pointee)
  }
}
