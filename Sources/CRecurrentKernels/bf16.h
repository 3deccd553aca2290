// Bf16 products that tables take from other files.
#ifndef RECURRENT_BF16_H
#define RECURRENT_BF16_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
// AVX-512 for CPUs with BF16; B is packed in a layout of its own.
size_t rk_bf16_packed_size_avx512bf16(size_t k, size_t n);
void rk_bf16_pack_avx512bf16(size_t k, size_t n, const float *b, size_t b_row_stride, size_t b_column_stride,
                             void *packed);
void rk_bf16_gemm_avx512bf16(size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, size_t a_column_stride,
                             const void *packed, const float *start, size_t start_row_stride, const int32_t *start_rows,
                             float *c, size_t c_row_stride);
#endif

#endif
