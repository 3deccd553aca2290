// The specification: plain loops in the order that the header states, with the mathematics library's functions in
// double precision. Every other level is compared with this one.

#include <float.h>
#include <math.h>
#include <string.h>

#include "half.h"
#include "levels.h"

// Compilers for CPUs with a fused multiply-add would join products and sums; the specification rounds both.
#pragma STDC FP_CONTRACT OFF

#define PANEL 8
// Columns and rows of the parts that the int8 product takes at once.
#define COLUMNS 256
#define DEPTH 4096

static void pack(size_t k, size_t n, const float *b, size_t row_stride, size_t column_stride, float *packed) {
  for (size_t first = 0; first < n; first += PANEL)
    for (size_t p = 0; p < k; p++)
      for (size_t j = first; j < first + PANEL; j++) *packed++ = j < n ? b[p * row_stride + j * column_stride] : 0;
}

static void gemm(size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, size_t a_column_stride,
                 const float *packed_b, const float *start, size_t start_row_stride,
                 const int32_t *start_rows, float *c, size_t c_row_stride) {
  for (size_t i = 0; i < m; i++)
    for (size_t first = 0; first < n; first += PANEL) {
      size_t width = n - first < PANEL ? n - first : PANEL;
      float sum[PANEL] = {0};
      if (start) memcpy(sum, start + (start_rows ? (size_t)start_rows[i] : i) * start_row_stride + first, width * sizeof(float));
      for (size_t p = 0; p < k; p++)
        for (size_t j = 0; j < PANEL; j++)
          sum[j] += a[i * a_row_stride + p * a_column_stride] * packed_b[first * k + p * PANEL + j];
      memcpy(c + i * c_row_stride + first, sum, width * sizeof(float));
    }
}

static float exponential(float x) { return (float)exp((double)x); }
static float squash(float x) { return (float)tanh((double)x); }
static float sigmoid(float x) { return (float)(1 / (1 + exp(-(double)x))); }

static void map_exp(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = exponential(x[i]);
}

static void map_tanh(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = squash(x[i]);
}

static void map_sigmoid(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = sigmoid(x[i]);
}

static void map_relu(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = x[i] <= 0 ? 0 : x[i];
}

static void tanh_backward(size_t n, const float *y, const float *d_out, float *d_pre) {
  for (size_t i = 0; i < n; i++) d_pre[i] = d_out[i] * (1 - y[i] * y[i]);
}

static void relu_backward(size_t n, const float *y, const float *d_out, float *d_pre) {
  for (size_t i = 0; i < n; i++) d_pre[i] = y[i] > 0 ? d_out[i] : 0;
}

static void lstm_forward(size_t rows, size_t hidden, const float *pre, const float *c_prev, float *gates, float *c,
                         float *tanh_c, float *h) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      size_t gate = row * 4 * hidden + j, at = row * hidden + j;
      float i = sigmoid(pre[gate]), f = sigmoid(pre[gate + hidden]);
      float g = squash(pre[gate + 2 * hidden]), o = sigmoid(pre[gate + 3 * hidden]);
      float cell = f * c_prev[at] + i * g, squashed = squash(cell);
      if (gates) {
        gates[gate] = i;
        gates[gate + hidden] = f;
        gates[gate + 2 * hidden] = g;
        gates[gate + 3 * hidden] = o;
        tanh_c[at] = squashed;
      }
      c[at] = cell;
      h[at] = o * squashed;
    }
}

static void lstm_backward(size_t rows, size_t hidden, const float *gates, const float *c_prev, const float *tanh_c,
                          const float *d_h, float *d_c, float *d_gates) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      size_t gate = row * 4 * hidden + j, at = row * hidden + j;
      float i = gates[gate], f = gates[gate + hidden], g = gates[gate + 2 * hidden], o = gates[gate + 3 * hidden];
      float d_cell = d_c[at] + d_h[at] * o * (1 - tanh_c[at] * tanh_c[at]);
      d_gates[gate] = d_cell * g * i * (1 - i);
      d_gates[gate + hidden] = d_cell * c_prev[at] * f * (1 - f);
      d_gates[gate + 2 * hidden] = d_cell * i * (1 - g * g);
      d_gates[gate + 3 * hidden] = d_h[at] * tanh_c[at] * o * (1 - o);
      d_c[at] = d_cell * f;
    }
}

static void gru_after_forward(size_t rows, size_t hidden, const float *pre, const int32_t *pre_rows,
                              const float *recurrent, const float *h_prev, float *gates, float *hn, float *h) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      size_t gate = row * 3 * hidden + j, at = row * hidden + j;
      const float *own = pre + (pre_rows ? (size_t)pre_rows[row] : row) * 3 * hidden + j;
      float r = sigmoid(own[0] + recurrent[gate]), z = sigmoid(own[hidden] + recurrent[gate + hidden]);
      float candidate = recurrent[gate + 2 * hidden];
      float value = squash(own[2 * hidden] + r * candidate);
      if (gates) {
        gates[gate] = r;
        gates[gate + hidden] = z;
        gates[gate + 2 * hidden] = value;
        hn[at] = candidate;
      }
      h[at] = (1 - z) * value + z * h_prev[at];
    }
}

static void gru_after_backward(size_t rows, size_t hidden, const float *gates, const float *hn, const float *h_prev,
                               float *d_h, float *d_gates, float *d_recurrent) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      size_t gate = row * 3 * hidden + j, at = row * hidden + j;
      float r = gates[gate], z = gates[gate + hidden], value = gates[gate + 2 * hidden], d = d_h[at];
      float d_value = d * (1 - z) * (1 - value * value);
      d_gates[gate] = d_recurrent[gate] = d_value * hn[at] * r * (1 - r);
      d_gates[gate + hidden] = d_recurrent[gate + hidden] = d * (h_prev[at] - value) * z * (1 - z);
      d_gates[gate + 2 * hidden] = d_value;
      d_recurrent[gate + 2 * hidden] = d_value * r;
      d_h[at] = d * z;
    }
}

static void gru_before_reset_forward(size_t rows, size_t hidden, float *pre, const float *h_prev, float *rh) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      float *gate = pre + row * 3 * hidden + j;
      gate[0] = sigmoid(gate[0]);
      gate[hidden] = sigmoid(gate[hidden]);
      rh[row * hidden + j] = gate[0] * h_prev[row * hidden + j];
    }
}

static void gru_before_output_forward(size_t rows, size_t hidden, const float *pre, const float *h_prev, float *gates,
                                      float *h) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      size_t gate = row * 3 * hidden + j, at = row * hidden + j;
      float r = pre[gate], z = pre[gate + hidden], value = squash(pre[gate + 2 * hidden]);
      if (gates) {
        gates[gate] = r;
        gates[gate + hidden] = z;
        gates[gate + 2 * hidden] = value;
      }
      h[at] = (1 - z) * value + z * h_prev[at];
    }
}

static void gru_before_output_backward(size_t rows, size_t hidden, const float *gates, const float *h_prev, float *d_h,
                                       float *d_gates) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      size_t gate = row * 3 * hidden + j, at = row * hidden + j;
      float z = gates[gate + hidden], value = gates[gate + 2 * hidden], d = d_h[at];
      d_gates[gate + hidden] = d * (h_prev[at] - value) * z * (1 - z);
      d_gates[gate + 2 * hidden] = d * (1 - z) * (1 - value * value);
      d_h[at] = d * z;
    }
}

static void gru_before_reset_backward(size_t rows, size_t hidden, const float *gates, const float *h_prev,
                                      const float *d_rh, float *d_h, float *d_gates) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      size_t gate = row * 3 * hidden + j, at = row * hidden + j;
      float r = gates[gate];
      d_gates[gate] = d_rh[at] * h_prev[at] * r * (1 - r);
      d_h[at] += d_rh[at] * r;
    }
}

static void add_column_sums(size_t rows, size_t columns, const float *x, size_t x_row_stride, float *sums) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) sums[j] += x[i * x_row_stride + j];
}

static void add(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] += x[i];
}

static void add_scaled(size_t n, float a, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] += a * x[i];
}

static void scale(size_t n, float a, float *y) {
  for (size_t i = 0; i < n; i++) y[i] *= a;
}

static void multiply(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] *= x[i];
}

static double sum_of_squares(size_t n, const float *x) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)x[i] * x[i];
  return sum;
}

static float dot(size_t n, const float *x, const float *y) {
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

static void skip_gram(size_t pairs, size_t negatives, size_t dimension, float rate, const int32_t *words,
                      const int32_t *negative_words, float *input, float *output) {
  for (size_t first = 0; first < pairs; first += RK_SKIP_GRAM_PAIRS, negative_words += negatives) {
    size_t count = pairs - first < RK_SKIP_GRAM_PAIRS ? pairs - first : RK_SKIP_GRAM_PAIRS;
    const int32_t *group = words + 2 * first;
    float steps[RK_SKIP_GRAM_PAIRS][1 + RK_SKIP_GRAM_NEGATIVES];
    for (size_t i = 0; i < count; i++)
      for (size_t k = 0; k <= negatives; k++) {
        int32_t word = k == 0 ? group[2 * i + 1] : negative_words[k - 1];
        float score = dot(dimension, input + (size_t)group[2 * i] * dimension, output + (size_t)word * dimension);
        steps[i][k] = rate * ((k == 0 ? 1 : 0) - sigmoid(score));
        if (k > 0 && word == group[2 * i + 1]) steps[i][k] = 0;
      }
    for (size_t j = 0; j < dimension; j++) {
      float negative[RK_SKIP_GRAM_NEGATIVES], sum[RK_SKIP_GRAM_NEGATIVES];
      for (size_t k = 0; k < negatives; k++) {
        negative[k] = output[(size_t)negative_words[k] * dimension + j];
        sum[k] = 0;
      }
      for (size_t i = 0; i < count; i++) {
        float *in = input + (size_t)group[2 * i] * dimension + j, x = *in;
        float *out = output + (size_t)group[2 * i + 1] * dimension + j, y = *out;
        float change = steps[i][0] * y;
        for (size_t k = 0; k < negatives; k++) {
          change += steps[i][1 + k] * negative[k];
          sum[k] += steps[i][1 + k] * x;
        }
        *out = y + steps[i][0] * x;
        *in = x + change;
      }
      for (size_t k = 0; k < negatives; k++) output[(size_t)negative_words[k] * dimension + j] += sum[k];
    }
  }
}

static void average(size_t n, float decay, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] += (1 - decay) * (x[i] - y[i]);
}

static void max_with_index(size_t n, const float *x, int32_t position, float *best, int32_t *index) {
  for (size_t i = 0; i < n; i++)
    if (x[i] > best[i]) {
      best[i] = x[i];
      index[i] = position;
    }
}

static void adam(size_t n, float *w, const float *g, float *m, float *v, float gradient_scale, float lr, float beta1,
                 float beta2, float epsilon, float l2, float decoupled_decay, float correction1, float correction2) {
  for (size_t i = 0; i < n; i++) {
    float gradient = g[i] * gradient_scale + l2 * w[i];
    w[i] -= lr * decoupled_decay * w[i];
    m[i] = beta1 * m[i] + (1 - beta1) * gradient;
    v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient;
    w[i] -= lr * (m[i] / correction1) / (sqrtf(v[i] / correction2) + epsilon);
  }
}

/// The largest |x|; NaN or infinity where x has one.
static float largest_of(size_t n, const float *x, size_t stride) {
  float largest = 0;
  for (size_t i = 0; i < n; i++) {
    float size = fabsf(x[i * stride]);
    if (isnan(size)) return size;
    largest = size > largest ? size : largest;
  }
  return largest;
}

/// The scale of numbers up to `largest`: 0 where it would not be a normal number, NaN for infinity and NaN.
static float int8_scale(float largest) {
  if (!isfinite(largest)) return (float)NAN;
  return largest / 127 >= FLT_MIN ? largest / 127 : 0;
}

// Packed: n scales, then the weights of column after column.
static size_t int8_packed_size(size_t k, size_t n) { return n * (sizeof(float) + k); }

static void int8_pack(size_t k, size_t n, const float *b, size_t row_stride, size_t column_stride, void *packed) {
  float *scales = packed;
  int8_t *weights = (int8_t *)(scales + n);
  for (size_t j = 0; j < n; j++) {
    const float *column = b + j * column_stride;
    float scale = int8_scale(largest_of(k, column, row_stride));
    if (scale > 0) {
      int exponent;
      float fraction = frexpf(scale, &exponent);
      scale = ldexpf(rintf(fraction * 0x1p17f), exponent - 17);
    }
    scales[j] = scale;
    for (size_t p = 0; p < k; p++)
      weights[j * k + p] = scale > 0 ? (int8_t)rintf(column[p * row_stride] / scale) : 0;
  }
}

static void int8_gemm(size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, const void *packed,
                      const float *start, size_t start_row_stride, const int32_t *start_rows, float *c,
                      size_t c_row_stride) {
  const float *scales = packed;
  const int8_t *weights = (const int8_t *)(scales + n);
  for (size_t i = 0; i < m; i++) {
    const float *row = a + i * a_row_stride;
    float *result = c + i * c_row_stride;
    float largest = largest_of(k, row, 1), scale = int8_scale(largest);
    for (size_t first = 0; first < n; first += COLUMNS) {
      size_t width = n - first < COLUMNS ? n - first : COLUMNS;
      int32_t sums[COLUMNS] = {0};
      for (size_t start = 0; scale > 0 && start < k; start += DEPTH) {
        size_t depth = k - start < DEPTH ? k - start : DEPTH;
        int8_t left[DEPTH];
        for (size_t p = 0; p < depth; p++) left[p] = (int8_t)rintf(row[start + p] * (127 / largest));
        for (size_t j = 0; j < width; j++)
          for (size_t p = 0; p < depth; p++) sums[j] += left[p] * weights[(first + j) * k + start + p];
      }
      for (size_t j = first; j < first + width; j++)
        result[j] = fmaf(scale * (float)sums[j - first], scales[j], start ? start[(start_rows ? (size_t)start_rows[i] : i) * start_row_stride + j] : 0);
    }
  }
}

static void from_int8(size_t n, const int8_t *q, float scale, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = (float)q[i] * scale;
}

static void from_half(size_t n, const void *x, float *y) { rk_from_half(n, x, y); }

#define RK_INT8_GEMM int8_gemm
#define RK_BF16(NAME) bf16_##NAME
#define RK_LEVEL RK_GENERIC
#define RK_NAME "generic"
#define RK_TABLE rk_generic_kernels
#define RK_PANEL PANEL
#include "vector/gemm_bf16.inc"
#include "vector/table.inc"
