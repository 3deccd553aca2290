// AVX2 with FMA: 6 rows by 2 vectors are 12 of the 16 registers.
#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define RK_V 8
#define RK_MR 6
#define RK_NR 2
#define RK_ASM_VECTOR "=x"
#define RK_INT8_MR 4
#define RK_INT8_NR 2
#define RK_INT8_LINKAGE static
#define RK_INT8_GEMM int8_gemm
#define RK_BF16(NAME) bf16_##NAME
#define RK_LEVEL RK_AVX2
#define RK_NAME "avx2"
#define RK_TABLE rk_avx2_kernels

#include "half.h"
#include "levels.h"
#include "vector/vector.inc"
#include "vector/gemm.inc"
#include "vector/functions.inc"
#include "vector/gates.inc"
#include "vector/updates.inc"
#include "vector/skip_gram.inc"
#include "vector/gemm_int8.inc"
#include "vector/gemm_bf16.inc"
#include "vector/table.inc"

#pragma clang attribute pop

#endif
