// NEON: 8 rows by 2 vectors are 16 of the 32 registers.
#if defined(__aarch64__)

#include <arm_neon.h>

#define RK_V 4
#define RK_MR 8
#define RK_NR 2
#define RK_INT8_MR 4
#define RK_INT8_NR 4
#define RK_INT8_LINKAGE static
#define RK_INT8_GEMM int8_gemm
#define RK_BF16(NAME) bf16_##NAME
#define RK_LEVEL RK_NEON
#define RK_NAME "neon"
#define RK_TABLE rk_neon_kernels

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

#endif
