import CRecurrentKernels

/// An instruction set that the numeric kernels are compiled for.
public enum KernelLevel: String, CaseIterable, Sendable {
  /// Plain loops: the specification that the other levels are tested against.
  case generic
  /// x86-64 with AVX2 and FMA.
  case avx2
  /// x86-64 with AVX-512 F, BW, DQ and VL.
  case avx512
  /// 64-bit Arm.
  case neon

  var code: rk_level {
    switch self {
    case .generic: RK_GENERIC
    case .avx2: RK_AVX2
    case .avx512: RK_AVX512
    case .neon: RK_NEON
    }
  }
}
