// AVX-512 with VNNI: the int8 product alone, on AVX-512's packed weights; all else is as in kernels_avx512.c.
#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma"))), \
                             apply_to = function)

#define RK_V 16
#define RK_INT8_MR 6
#define RK_INT8_NR 4
#define RK_INT8_VNNI
#define RK_INT8_LINKAGE
#define RK_INT8_GEMM rk_int8_gemm_avx512vnni

#include "int8.h"
#include "vector/vector.inc"
#include "vector/gemm_int8.inc"

#pragma clang attribute pop

#endif
