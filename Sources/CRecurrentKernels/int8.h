// Int8 products that tables take from other files.
#ifndef RECURRENT_INT8_H
#define RECURRENT_INT8_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
/// `int8_gemm` of AVX-512 for CPUs with VNNI; reads what AVX-512's `int8_pack` wrote.
void rk_int8_gemm_avx512vnni(size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, const void *packed,
                             const float *start, size_t start_row_stride, const int32_t *start_rows, float *c,
                             size_t c_row_stride);
#endif

#endif
