// AVX-512 with BF16: the bf16 product alone; all else is as in kernels_avx512.c.
//
// B lies in panels of two vectors of columns; a lane is a column's pair of successive k. A band of up to four tiles of A is
// rounded into a buffer on the stack and shares each panel of B in the first-level cache. Its strides there are constants,
// so that one pointer serves all rows of a tile: row after row, or the rows of one pair side by side for a transposed A.
#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))), \
                             apply_to = function)

#define RK_V 16
#define RK_MR 12
#define RK_NR 2
#define RK_PANEL (RK_V * RK_NR)
/// Rows of a band.
#define RK_BAND (4 * RK_MR)
/// Pairs of k in one block: the band is 24 KiB, a panel 16 KiB.
#define RK_PAIRS 128

#include "bf16.h"
#include "vector/vector.inc"

/// Lane i: the bf16 of low[2i] and low[2i + 1], then of high.
RK_INLINE vi along(vf low, vf high) { return (vi)_mm512_cvtne2ps_pbh((__m512)high, (__m512)low); }

/// Lane i: the bf16 of first[i] and second[i].
RK_INLINE vi across(vf first, vf second) {
  static const uint16_t order[32] = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23,
                                     8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  return (vi)_mm512_permutexvar_epi16(_mm512_loadu_si512(order), (__m512i)along(first, second));
}

RK_INLINE vf load_masked(const float *p, size_t n) {
  return n >= RK_V ? load(p) : (vf)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
}

/// The pairs of up to 2 RK_V numbers, zeros behind them.
RK_INLINE vi pairs_of(const float *x, size_t stride, size_t n) {
  if (stride == 1) return along(load_masked(x, n), n > RK_V ? load_masked(x + RK_V, n - RK_V) : (vf){0});
  float copy[2 * RK_V] = {0};
  for (size_t p = 0; p < n && p < 2 * RK_V; p++) copy[p] = x[p * stride];
  return along(load(copy), load(copy + RK_V));
}

size_t rk_bf16_packed_size_avx512bf16(size_t k, size_t n) {
  return (n + RK_PANEL - 1) / RK_PANEL * RK_PANEL * ((k + 1) / 2) * sizeof(int32_t);
}

void rk_bf16_pack_avx512bf16(size_t k, size_t n, const float *b, size_t row_stride, size_t column_stride,
                             void *packed) {
  size_t pairs = (k + 1) / 2;
  for (size_t first = 0; first < n; first += RK_PANEL) {
    size_t width = n - first < RK_PANEL ? n - first : RK_PANEL;
    int32_t *panel = (int32_t *)packed + first * pairs;
    const float *source = b + first * column_stride;
    if (column_stride == 1) {
      for (size_t p = 0; p < pairs; p++)
        for (size_t j = 0; j < RK_PANEL; j += RK_V) {
          const float *even = source + 2 * p * row_stride + j;
          size_t count = j < width ? width - j : 0;
          vf low = count > 0 ? load_masked(even, count) : (vf){0};
          vf high = count > 0 && 2 * p + 1 < k ? load_masked(even + row_stride, count) : (vf){0};
          *(viu *)(panel + p * RK_PANEL + j) = across(low, high);
        }
      continue;
    }
    if (width < RK_PANEL) memset(panel, 0, pairs * RK_PANEL * sizeof(int32_t));
    for (size_t p0 = 0; p0 < pairs; p0 += RK_V) {
      size_t count = pairs - p0 < RK_V ? pairs - p0 : RK_V;
      for (size_t j = 0; j < width; j++) {
        int32_t lanes[RK_V];
        *(viu *)lanes = pairs_of(source + j * column_stride + 2 * p0 * row_stride, row_stride, k - 2 * p0);
        for (size_t p = 0; p < count; p++) panel[(p0 + p) * RK_PANEL + j] = lanes[p];
      }
    }
  }
}

/// Rounds `rows` rows of A, `k` columns, to the buffer: pair p of row i at left[i * RK_PAIRS + p].
static void round_rows(size_t rows, size_t k, const float *a, size_t row_stride, size_t column_stride, int32_t *left) {
  for (size_t i = 0; i < rows; i++)
    for (size_t p = 0; p < k; p += 2 * RK_V)
      *(viu *)(left + i * RK_PAIRS + p / 2) = pairs_of(a + i * row_stride + p * column_stride, column_stride, k - p);
}

/// The same for a transposed A, rows side by side: pair p of row i at left[p * RK_BAND + i].
static void round_columns(size_t rows, size_t k, const float *a, size_t column_stride, int32_t *left) {
  for (size_t p = 0; p < k; p += 2)
    for (size_t i = 0; i < rows; i += RK_V) {
      const float *even = a + p * column_stride + i;
      vf low = load_masked(even, rows - i), high = p + 1 < k ? load_masked(even + column_stride, rows - i) : (vf){0};
      *(viu *)(left + p / 2 * RK_BAND + i) = across(low, high);
    }
}

/// A tile of `rows` by `panels` panels: c = start + a b. `rows`, `panels` and `transposed` are constants once inlined.
RK_INLINE void tile(size_t rows, size_t panels, int transposed, size_t pairs, const int32_t *a, const int32_t *b,
                    size_t panel_stride, const float *start, size_t start_stride, const int32_t *start_rows, float *c,
                    size_t c_stride) {
  vf sum[RK_MR][4 * RK_NR];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (size_t j = 0; j < panels * RK_NR; j++)
      sum[i][j] = start ? load(start_row(start, start_stride, start_rows, i) + j * RK_V) : (vf){0};
  // As in gemm.inc: rows of a table lie anywhere.
  if (!transposed && start_rows)
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (size_t j = 0; j < panels * RK_NR; j++)
        __builtin_prefetch(start_row(start, start_stride, start_rows, i) + panels * RK_PANEL + j * RK_V);
#pragma clang loop unroll_count(2)
  for (size_t p = 0; p < pairs; p++) {
#pragma clang loop unroll(full)
    for (size_t q = 0; q < panels; q++) {
      vi right[RK_NR];
#pragma clang loop unroll(full)
      for (size_t j = 0; j < RK_NR; j++)
        right[j] = *(const vi *)(const void *)(b + q * panel_stride + p * RK_PANEL + j * RK_V);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < rows; i++) {
        vi left = (vi){0} + (transposed ? a[p * RK_BAND + i] : a[i * RK_PAIRS + p]);
#pragma clang loop unroll(full)
        for (size_t j = 0; j < RK_NR; j++) {
          vf *to = &sum[i][q * RK_NR + j];
          *to = (vf)_mm512_dpbf16_ps((__m512)*to, (__m512bh)left, (__m512bh)right[j]);
        }
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (size_t j = 0; j < panels * RK_NR; j++) store(c + i * c_stride + j * RK_V, sum[i][j]);
}

/// Panels that run at once: with few rows one has too few sums to hide the latency of a product.
RK_INLINE size_t panels_at_once(int transposed, size_t rows) {
  return transposed ? 1 : rows <= 2 ? 4 : rows <= RK_MR / 2 ? 2 : 1;
}

#define RK_TILES(T) T(1, 1) T(2, 1) T(3, 1) T(4, 1) T(5, 1) T(6, 1) T(7, 1) T(8, 1) T(9, 1) T(10, 1) T(11, 1) T(12, 1)
#define RK_CASE_COLUMNS(R, P) \
  case (R) * 8 + (P):                                                                                \
    tile(R, P, 1, pairs, a, b, panel_stride, start, start_stride, start_rows, c, c_stride); \
    break;
#define RK_CASE_ROWS(R, P) \
  case (R) * 8 + (P):                                                                                \
    tile(R, P, 0, pairs, a, b, panel_stride, start, start_stride, start_rows, c, c_stride); \
    break;

static void run_columns(size_t rows, size_t panels, size_t pairs, const int32_t *a, const int32_t *b,
                        size_t panel_stride, const float *start, size_t start_stride, const int32_t *start_rows, float *c,
                    size_t c_stride) {
  switch (rows * 8 + panels) {
    RK_TILES(RK_CASE_COLUMNS)
    default: break;
  }
}

static void run_rows(size_t rows, size_t panels, size_t pairs, const int32_t *a, const int32_t *b, size_t panel_stride,
                     const float *start, size_t start_stride, const int32_t *start_rows, float *c, size_t c_stride) {
  switch (rows * 8 + panels) {
    RK_TILES(RK_CASE_ROWS)
    RK_CASE_ROWS(1, 4) RK_CASE_ROWS(2, 4)
    RK_CASE_ROWS(3, 2) RK_CASE_ROWS(4, 2) RK_CASE_ROWS(5, 2) RK_CASE_ROWS(6, 2)
    default: break;
  }
}

/// One tile of at most RK_PANEL columns a panel; the last columns of C go through a full-width tile of their own.
static void run_tile(int transposed, size_t rows, size_t panels, size_t pairs, const int32_t *a, const int32_t *b,
                     size_t panel_stride, const float *start, size_t start_stride, const int32_t *start_rows,
                     size_t width, float *c, size_t c_stride) {
  if (width >= RK_PANEL) {
    (transposed ? run_columns : run_rows)(rows, panels, pairs, a, b, panel_stride, start, start_stride, start_rows, c,
                                          c_stride);
    return;
  }
  float edge[RK_MR * RK_PANEL] = {0};
  for (size_t i = 0; i < rows && start; i++)
    memcpy(edge + i * RK_PANEL, start_row(start, start_stride, start_rows, i), width * sizeof(float));
  (transposed ? run_columns : run_rows)(rows, 1, pairs, a, b, panel_stride, edge, RK_PANEL, NULL, edge, RK_PANEL);
  for (size_t i = 0; i < rows; i++) memcpy(c + i * c_stride, edge + i * RK_PANEL, width * sizeof(float));
}

void rk_bf16_gemm_avx512bf16(size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, size_t a_column_stride,
                             const void *packed, const float *start, size_t start_row_stride, const int32_t *start_rows,
                             float *c, size_t c_row_stride) {
  if (k == 0) {
    for (size_t i = 0; i < m && n > 0; i++) {
      if (start)
        memmove(c + i * c_row_stride, start_row(start, start_row_stride, start_rows, i), n * sizeof(float));
      else
        memset(c + i * c_row_stride, 0, n * sizeof(float));
    }
    return;
  }
  int32_t left[RK_BAND * RK_PAIRS] __attribute__((aligned(64)));
  int transposed = a_row_stride == 1 && a_column_stride != 1;
  size_t pairs = (k + 1) / 2, bands = (m + RK_BAND - 1) / RK_BAND;
  for (size_t band = 0, first = 0, last; band < bands; band++, first = last) {
    // Bands, and tiles in them, of nearly equal height: 64 rows are 32 + 32, and 32 are 11 + 11 + 10.
    size_t height = (m - first + bands - band - 1) / (bands - band);
    last = first + height;
    size_t tiles = (height + RK_MR - 1) / RK_MR;
    for (size_t p0 = 0; p0 < pairs; p0 += RK_PAIRS) {
      size_t depth = pairs - p0 < RK_PAIRS ? pairs - p0 : RK_PAIRS;
      size_t columns = k - 2 * p0 < 2 * depth ? k - 2 * p0 : 2 * depth;
      const float *source = a + first * a_row_stride + 2 * p0 * a_column_stride;
      if (transposed)
        round_columns(height, columns, source, a_column_stride, left);
      else
        round_rows(height, columns, source, a_row_stride, a_column_stride, left);
      for (size_t j = 0, panels = 1; j < n; j += panels * RK_PANEL) {
        for (size_t t = 0, row = first; t < tiles; t++) {
          size_t rows = (last - row + tiles - t - 1) / (tiles - t);
          size_t most = panels_at_once(transposed, rows);
          panels = tiles == 1 && j + most * RK_PANEL <= n ? most : 1;
          float *target = c + row * c_row_stride + j;
          int goes_on = p0 > 0;
          const int32_t *from_rows = goes_on || !start_rows ? NULL : start_rows + row;
          const float *from = goes_on ? target : start ? start + (start_rows ? 0 : row * start_row_stride) + j : NULL;
          run_tile(transposed, rows, panels, depth, left + (row - first) * (transposed ? 1 : RK_PAIRS),
                   (const int32_t *)packed + j * pairs + p0 * RK_PANEL, RK_PANEL * pairs, from,
                   goes_on ? c_row_stride : start_row_stride, from_rows, n - j, target, c_row_stride);
          row += rows;
        }
      }
    }
  }
}

#pragma clang attribute pop

#endif
