// The tables that this build may have.
#ifndef RECURRENT_LEVELS_H
#define RECURRENT_LEVELS_H

#include "recurrent_kernels.h"

extern const rk_kernels rk_generic_kernels;
#if defined(__x86_64__)
extern const rk_kernels rk_avx2_kernels;
extern const rk_kernels rk_avx512_kernels;
extern const rk_kernels rk_avx512vnni_kernels;
extern const rk_kernels rk_avx512bf16_kernels;
#elif defined(__aarch64__)
extern const rk_kernels rk_neon_kernels;
#endif

#endif
