#include "levels.h"

const rk_kernels *rk_kernels_for_level(rk_level level) {
#if defined(__x86_64__)
  if (level == RK_AVX512 && __builtin_cpu_supports("avx512vnni") && rk_kernels_without_dot_products(level))
    return __builtin_cpu_supports("avx512bf16") ? &rk_avx512bf16_kernels : &rk_avx512vnni_kernels;
#endif
  return rk_kernels_without_dot_products(level);
}

const rk_kernels *rk_kernels_without_dot_products(rk_level level) {
  switch (level) {
    case RK_GENERIC: return &rk_generic_kernels;
#if defined(__x86_64__)
    // The built-in also asks whether the system saves the wide registers.
    case RK_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &rk_avx2_kernels : NULL;
    case RK_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                     __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
                 ? &rk_avx512_kernels
                 : NULL;
#elif defined(__aarch64__)
    case RK_NEON: return &rk_neon_kernels;
#endif
    default: return NULL;
  }
}

int rk_has_bf16_dot_products(const rk_kernels *kernels) {
#if defined(__x86_64__)
  return kernels == &rk_avx512bf16_kernels;
#else
  (void)kernels;
  return 0;
#endif
}

rk_level rk_best_level(void) {
  if (rk_kernels_for_level(RK_AVX512)) return RK_AVX512;
  if (rk_kernels_for_level(RK_AVX2)) return RK_AVX2;
  if (rk_kernels_for_level(RK_NEON)) return RK_NEON;
  return RK_GENERIC;
}
