// AVX-512: 12 rows by 2 vectors are 24 of the 32 registers; two loads and 12 broadcasts feed 24 FMAs.
#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)

#define RK_V 16
#define RK_MR 12
#define RK_NR 2
#define RK_ASM_VECTOR "=v"
#define RK_INT8_MR 4
#define RK_INT8_NR 4
#define RK_INT8_LINKAGE static
#define RK_INT8_GEMM int8_gemm
#define RK_BF16(NAME) bf16_##NAME
#define RK_LEVEL RK_AVX512
#define RK_NAME "avx512"
#define RK_TABLE rk_avx512_kernels

#include "bf16.h"
#include "half.h"
#include "int8.h"
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

// The same with the int8 product of CPUs that have VNNI.
#undef RK_TABLE
#define RK_TABLE rk_avx512vnni_kernels
#undef RK_INT8_GEMM
#define RK_INT8_GEMM rk_int8_gemm_avx512vnni
#include "vector/table.inc"

// And with the bf16 product of those that have BF16 too.
#undef RK_TABLE
#define RK_TABLE rk_avx512bf16_kernels
#undef RK_BF16
#define RK_BF16(NAME) rk_bf16_##NAME##_avx512bf16
#include "vector/table.inc"

#pragma clang attribute pop

#endif
