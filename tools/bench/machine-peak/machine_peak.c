#include "machine_peak.h"

// 24 accumulators hide the latency of an FMA on two pipes. They are separate variables and the instruction is written
// out, so that nothing is folded, moved or kept in memory.
#define EACH(F) F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14) F(15) F(16) F(17) F(18) \
  F(19) F(20) F(21) F(22) F(23)
#define DECLARE(I) vector a##I = {0};
#define SUM(I) total += a##I[0];

static volatile float sink;

#define ROUNDS(NAME, FEATURES, BYTES, STEP)                                      \
  __attribute__((target(FEATURES))) static double NAME(int64_t iterations) {    \
    typedef float vector __attribute__((vector_size(BYTES)));                   \
    vector x, y;                                                                \
    for (int lane = 0; lane < (BYTES) / 4; lane++) x[lane] = 0.999f, y[lane] = 1e-3f; \
    EACH(DECLARE)                                                               \
    for (int64_t i = 0; i < iterations; i++) { EACH(STEP) }                     \
    float total = 0;                                                            \
    EACH(SUM)                                                                   \
    sink = total;                                                               \
    return 2.0 * 24 * ((BYTES) / 4) * (double)iterations;                       \
  }

#if defined(__x86_64__)
#define FMA_X86(I) __asm__ volatile("vfmadd132ps %1, %2, %0" : "+v"(a##I) : "v"(x), "v"(y));
ROUNDS(fma_avx512, "avx512f,avx512vl", 64, FMA_X86)
#undef FMA_X86
#define FMA_X86(I) __asm__ volatile("vfmadd132ps %1, %2, %0" : "+x"(a##I) : "x"(x), "x"(y));
#undef EACH
#define EACH(F) F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11)
ROUNDS(fma_avx2, "avx2,fma", 32, FMA_X86)

double machine_peak_fma(int64_t iterations) {
  if (__builtin_cpu_supports("avx512f")) return fma_avx512(iterations);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return fma_avx2(2 * iterations) / 2;
  return 0;
}
#elif defined(__aarch64__)
#define FMA_ARM(I) __asm__ volatile("fmla %0.4s, %1.4s, %2.4s" : "+w"(a##I) : "w"(x), "w"(y));
#define TARGET
typedef float vector __attribute__((vector_size(16)));
double machine_peak_fma(int64_t iterations) {
  vector x = {0.999f, 0.999f, 0.999f, 0.999f}, y = {1e-3f, 1e-3f, 1e-3f, 1e-3f};
  EACH(DECLARE)
  for (int64_t i = 0; i < iterations; i++) { EACH(FMA_ARM) }
  float total = 0;
  EACH(SUM)
  sink = total;
  return 2.0 * 24 * 4 * (double)iterations;
}
#else
double machine_peak_fma(int64_t iterations) {
  (void)iterations;
  return 0;
}
#endif
